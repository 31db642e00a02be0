"""How single facts look: icons, states, deadlines, people, money, quantities, moments. A builtin of every template."""

import datetime
import functools
import html
import zlib
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from crm import clock

register = template.Library()

NO_VALUE = "\N{EN DASH}"
WEEKDAYS = [
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
]
CURRENCY_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}

# Every colour a state may be declared with, and the five tones the stylesheet knows.
TONES = {
    "active": ("active", "accent", "primary", "blue", "azure", "indigo", "info"),
    "soon": ("soon", "warning", "amber", "yellow", "orange"),
    "late": ("late", "danger", "red"),
    "done": ("done", "success", "green", "teal"),
}
_TONE_OF = {colour: tone for tone, colours in TONES.items() for colour in colours}

# state of a deadline: (tone, icon, the word for it)
DEADLINE_STATES = {
    "running": ("neutral", "clock", gettext_lazy("Running")),
    "soon": ("soon", "hourglass", gettext_lazy("Due soon")),
    "late": ("late", "alert-triangle", gettext_lazy("Late")),
    "met": ("done", "circle-check", gettext_lazy("Met in time")),
    "met_late": ("late", "clock-check", gettext_lazy("Met late")),
    "cancelled": ("neutral", "ban", gettext_lazy("Cancelled")),
    "paused": ("neutral", "player-pause", gettext_lazy("Paused")),
}


@functools.cache
def _sprite() -> str:
    return static("vendor/icons.svg")


@functools.cache
def icon_names() -> frozenset[str]:
    """The names of the icons in the sprite; static/vendor/icons.txt lists them."""
    return frozenset((settings.BASE_DIR / "static" / "vendor" / "icons.txt").read_text().split())


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; decoration unless it gets a `label`. An unknown name shows a point."""
    href = f"{_sprite()}#{name if name in icon_names() else 'point'}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


def tone(colour: str) -> str:
    """Which of the five tones (neutral, active, soon, late, done) a declared colour means."""
    return _TONE_OF.get(colour, "neutral")


@register.simple_tag
def status(label: str, colour: str = "neutral") -> SafeString:
    """The badge of a state: its word with a dot in the state's tone."""
    return format_html('<span class="state tone-{}">{}</span>', tone(colour), label)


@register.simple_tag
def pill(deadline: Any) -> SafeString | str:
    """A deadline's pill: icon, remaining working time and colour; opens "why then?" where it has an address.

    `deadline` has state, due_at, remaining_text and url. None shows nothing.
    """
    if not deadline:
        return ""
    tone_name, icon_name, word = DEADLINE_STATES[deadline.state]
    due = exact(deadline.due_at) if deadline.due_at else ""
    inner = format_html(
        '{}<span class="visually-hidden">{}: </span>{}', icon(icon_name), word, deadline.remaining_text or word
    )
    title = _("Due %(moment)s") % {"moment": due} if due else word
    if not deadline.url:
        return format_html('<span class="pill tone-{}" title="{}">{}</span>', tone_name, title, inner)
    return format_html(
        '<a class="pill tone-{}" title="{}" href="{}" hx-get="{}" hx-target="#dialog">{}</a>',
        tone_name,
        title,
        deadline.url,
        deadline.url,
        inner,
    )


@register.simple_tag
def avatar(user: Any, size: str = "") -> SafeString:
    """The round badge of a person with the two letters of `user.initials`; `size` is "", "small" or "large"."""
    name, letters = (user.display_name, user.initials) if user else (_("The system"), "·")
    hue = zlib.crc32(name.encode()) % 6
    return format_html(
        '<span class="face face-{}{}" title="{}" aria-hidden="true">{}</span>',
        hue,
        f" face-{size}" if size else "",
        name,
        letters,
    )


def _grouped(number: Decimal, places: int | None) -> str:
    """The number with a comma every three digits; without places as many decimals as it needs."""
    text = f"{number:,.{places}f}" if places is not None else f"{number:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "\N{MINUS SIGN}")


@register.simple_tag
def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount with its currency's sign, two decimals and grouped digits; a dash for None."""
    if amount is None:
        return NO_VALUE
    code = currency or settings.CURRENCY
    number = _grouped(Decimal(amount), 2)
    sign = CURRENCY_SIGNS.get(code, f"{code} ")
    return f"\N{MINUS SIGN}{sign}{number[1:]}" if number.startswith("\N{MINUS SIGN}") else f"{sign}{number}"


@register.simple_tag
def quantity(value: Decimal | None, unit: str = "") -> str:
    """A quantity with its unit, grouped digits and no trailing zeros; a dash for None."""
    if value is None:
        return NO_VALUE
    return f"{_grouped(Decimal(value), None)} {unit}".rstrip()


@register.simple_tag
def plain(value: Decimal | None) -> str:
    """A number as an input holds it: no grouping, no trailing zeros."""
    return "" if value is None else f"{Decimal(value).normalize():f}"


def exact(moment: datetime.date) -> str:
    """A moment or a day as `2026-09-21 14:30 (Mon)`, where the company is."""
    if isinstance(moment, datetime.datetime):
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        return f"{local:%Y-%m-%d %H:%M} ({WEEKDAYS[local.weekday()]})"
    return f"{moment:%Y-%m-%d} ({WEEKDAYS[moment.weekday()]})"


def _near_day(day: datetime.date) -> str:
    """The word for yesterday, today or tomorrow; empty for other days."""
    distance = (day - clock.today()).days
    return {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}.get(distance, "")


@register.simple_tag
def when(moment: datetime.date | None, style: str = "") -> SafeString | str:
    """A moment or day as people say it, the exact one on hover; a dash for None. `style` "exact" never shortens."""
    if moment is None:
        return NO_VALUE
    full = exact(moment)
    if isinstance(moment, datetime.datetime):
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        near = _near_day(local.date())
        text = f"{near} {local:%H:%M}" if near else f"{local:%Y-%m-%d %H:%M}"
    else:
        text = _near_day(moment) or f"{moment:%Y-%m-%d}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), full, full if style == "exact" else text
    )


@register.simple_tag
def both(text: Any) -> SafeString:
    """A lazy text in the reader's language with the other one small beside it, for paper that goes to customers."""
    mine = capfirst(str(text))
    others = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            told = capfirst(str(text))
        if told not in (mine, *(each for _code, each in others)):
            others.append((code, told))
    return format_html("{}{}", mine, format_html_join("", ' <small lang="{}">{}</small>', others))


@register.simple_tag
def count(number: int | None) -> SafeString | str:
    """A count beside a menu entry or tab, nothing for none; it stops at 999+."""
    if not number:
        return ""
    return format_html('<span class="count">{}</span>', "999+" if number > 999 else str(number))


@register.filter(name="tone")
def tone_filter(colour: str) -> str:
    """The tone of a declared colour, for a class in a template."""
    return tone(colour)


@register.simple_tag
def fieldsets(form: Any) -> list[dict[str, Any]]:
    """The visible fields of a form in the groups that its `fieldsets` names; what no group names comes first."""
    groups = [(title, list(names)) for title, names in getattr(form, "fieldsets", ())]
    named = {name for _title, names in groups for name in names}
    rest = [field.name for field in form.visible_fields() if field.name not in named]
    found = [("", rest), *groups] if rest else groups
    return [{"label": title, "fields": [form[name] for name in names if name in form.fields]} for title, names in found]


@register.filter
def own_ids(fields: list[Any], prefix: str) -> list[Any]:
    """The fields of a form with ids of their own: a dialog over a list has fields of the same names as its filters."""
    for field in fields:
        field.form.auto_id = f"{prefix}_%s"
    return fields


@register.simple_tag(takes_context=True)
def kept_params(context: Any) -> SafeString:
    """The tab and order of a list as hidden inputs of its search form, so that a new search keeps them."""
    given = context["request"].GET
    return format_html_join(
        "",
        '<input type="hidden" form="list-form" name="{}" value="{}">',
        ((name, given[name]) for name in ("tab", "order", "columns") if given.get(name)),
    )


def _escaped(text: Any) -> str:
    """What conditional_escape makes of a cell, at a third of its cost, which counts for 400 cells."""
    return text if hasattr(text, "__html__") else html.escape(str(text))


def _short(text: str) -> str:
    """The class of a cell that must not break: 24 letters or 8 Chinese characters (three bytes each) at most."""
    return " short" if len(text.encode()) <= 24 else ""


@register.simple_tag
def table_rows(page: dict[str, Any]) -> SafeString:
    """The rows of a list's table. Joined here, because the template engine needs several times as long for 400 cells.

    The first cell is the row's link; the others carry their column's label, which a phone shows in the row's card.
    """
    heads = [
        (f'data-label="{escape(capfirst(str(column["label"])))}">', "num" if column["numeric"] else "")
        for column in page["columns"]
    ]
    pick = escape(_("Select %(name)s"))
    rows = []
    for row in page["rows"]:
        url, texts = escape(row["url"]), [_escaped(cell["text"]) for cell in row["cells"]]
        rows.append(f'<tr data-url="{url}">' if url else "<tr>")
        if page["bulk"]:
            checked = " checked" if row.get("selected") else ""
            name = pick % {"name": escape(strip_tags(texts[0]))}
            rows.append(
                f'<td class="sel"><input type="checkbox" class="pick" name="pk" value="{row["pk"]}"{checked}'
                f' aria-label="{name}"></td>'
            )
        first = f'<a href="{url}">{texts[0]}</a>' if url else texts[0]
        rows.append(f'<td class="key{_short(texts[0])}">{first}</td>')
        rows.extend(
            f'<td class="{kind or _short(text)}" {head}{text}</td>'
            for (head, kind), text in zip(heads[1:], texts[1:], strict=True)
        )
        rows.append("</tr>")
    return mark_safe("".join(rows))  # noqa: S308 every part is escaped above


@register.simple_tag
def script_texts() -> dict[str, str]:
    """What the page's scripts say, in the reader's language; base.html puts it into the page as JSON."""
    return {
        "offline": _("The server cannot be reached. Nothing you typed is lost; try again in a moment."),
        "failed": _("That did not work: the server reported an error (%(code)s). Nothing you typed is lost."),
        "forbidden": _("You may not do this, or the page is too old. Load it anew and try again."),
        "missing": _("It is no longer there, or not for you to see."),
        "busy": _("Too many requests at once. Wait a moment and try again."),
        "signed_out": _("You have been signed out. Sign in again in the new tab; what you typed stays here."),
        "sign_in": _("Sign in"),
        "nothing_found": _("Nothing found"),
        "selected": _("%(count)s selected"),
        "pages": _("Pages"),
        "line_removed": _("Line removed"),
        "undo": _("Undo"),
    }
