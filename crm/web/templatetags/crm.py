"""How single facts look: icons, states, deadlines, people, money, quantities, moments. A builtin of every template."""

import datetime
import functools
import zlib
from html import escape as quoted  # of plain text, without the checks for marked and translated texts
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from crm.words import Moments, money, plain, quantity

register = template.Library()
for _said in (money, plain, quantity):
    register.simple_tag(_said)


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
    return _icon(name, str(label))


@functools.lru_cache(maxsize=1000)
def _icon(name: str, label: str) -> SafeString:
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
    return _status(str(label), tone(colour))


@functools.lru_cache(maxsize=1000)
def _status(label: str, tone_name: str) -> SafeString:
    return format_html('<span class="state tone-{}">{}</span>', tone_name, label)


@register.simple_tag
def pill(deadline: Any) -> SafeString | str:
    """A deadline's pill: icon, remaining working time and colour; opens "why then?" where it has an address.

    `deadline` has state, due_at, remaining_text and url. None shows nothing.
    """
    return Pills(Moments()).html(deadline)


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


class Pills:
    """How deadlines are shown to one reader; made once for a list."""

    def __init__(self, moments: Moments) -> None:
        self.moments = moments
        self.heads: dict[str, tuple[str, str, str]] = {}  # of each state its tone, the beginning of the text, its word
        self.due = _("Due %(moment)s")
        self.titles: dict[datetime.datetime, str] = {}
        self.address: tuple[str, str] | None = None

    def html(self, deadline: Any) -> SafeString | str:
        """As `pill` has it."""
        if not deadline:
            return ""
        state = deadline.state
        if state not in self.heads:
            tone_name, icon_name, name = DEADLINE_STATES[state]
            said = quoted(str(name))
            head = f'{icon(icon_name)}<span class="visually-hidden">{said}: </span>'
            self.heads[state] = (tone_name, head, said)
        tone_name, head, word = self.heads[state]
        title = self._title(deadline.due_at) if deadline.due_at else word
        text, url = quoted(deadline.remaining_text) or word, self._url(deadline)
        if not url:
            return mark_safe(f'<span class="pill tone-{tone_name}" title="{title}">{head}{text}</span>')  # noqa: S308
        return mark_safe(  # noqa: S308 every part is quoted above
            f'<a class="pill tone-{tone_name}" title="{title}" href="{url}" hx-get="{url}" hx-target="#dialog">'
            f"{head}{text}</a>"
        )

    def _title(self, due: datetime.datetime) -> str:
        if due not in self.titles:
            self.titles[due] = quoted(self.due % {"moment": self.moments.exact(due)})
        return self.titles[due]

    def _url(self, deadline: Any) -> str:
        """The address of "why then?": looked up for the first record, and made of that one's for the others."""
        if not hasattr(deadline, "pk"):
            return quoted(str(deadline.url))
        if self.address is None:
            head, _key, tail = quoted(str(deadline.url)).rpartition(str(deadline.pk))
            self.address = head, tail
        head, tail = self.address
        return f"{head}{deadline.pk}{tail}"


@register.simple_tag
def when(moment: datetime.date | None, style: str = "") -> SafeString | str:
    """A moment or day as people say it, the exact one on hover; a dash for None. `style` "exact" never shortens."""
    return Moments().html(moment, style)


@register.simple_tag
def both(text: Any) -> SafeString:
    """A lazy text in the reader's language with the other one small beside it, for paper that goes to customers."""
    mine = capfirst(str(text))
    others: list[tuple[str, str]] = []
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
