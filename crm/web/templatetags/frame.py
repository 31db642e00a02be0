"""The frame around a page: parts that say the same to everybody, and parts that say the same to one reader for a while.

Rendering the frame anew for each page took as long as all the rest of a list. A part is rendered from nothing but the
facts that it is kept under, so that no other page's facts can stand in it; what belongs to the one request alone (its
address, its token against forged forms, what was searched for) is put into the kept text afterwards.
"""

import functools
import secrets
from html import escape as quoted
from types import SimpleNamespace
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.web.templatetags.crm import count, icon

register = template.Library()

# Nobody can write these into a name or a question, so nothing but the frame's own templates has them.
TOKEN, ADDRESS, QUESTION = (f"{what}-{secrets.token_hex(8)}" for what in ("token", "address", "question"))


FRAME = ("frame/areas.html", "frame/topbar.html", "frame/tabbar.html")


class Reader(NamedTuple):
    """Who reads the page, as far as the frame says so."""

    display_name: str
    initials: str
    department: str
    is_staff: bool


class Facts(NamedTuple):
    """All that the frame says, but for what belongs to one request alone."""

    language: str | None
    user: Reader
    areas: tuple[tuple[tuple[str, Any], ...], ...]
    waiting_count: int
    unread: int
    is_today: bool
    demo: bool
    company_name: str


@register.simple_tag(takes_context=True)
def framed(context: Any, name: str) -> SafeString:
    """A template of the frame, one of FRAME, with what this reader sees in it."""
    if "frame" not in context.render_context:
        render = _framed.__wrapped__ if settings.DEBUG else _framed
        context.render_context["frame"] = render(_facts(context))
    html: str = context.render_context["frame"][name]
    if TOKEN in html:
        html = html.replace(TOKEN, str(context["csrf_token"]))
    for hole, text in ((ADDRESS, context["request"].get_full_path()), (QUESTION, context.get("search_query", ""))):
        if hole in html:
            html = html.replace(hole, quoted(str(text)))
    return mark_safe(html)  # noqa: S308 a template of ours, and what was put into it is quoted


def _facts(context: Any) -> Facts:
    user, glance = context["request"].user, context["glance"]
    areas = tuple(tuple(area.items()) for area in context["areas"])  # asks for the glance, which knows the department
    return Facts(
        get_language(),
        Reader(user.display_name, user.initials, str(user.department or ""), user.is_staff),
        areas,
        glance.waiting_count,
        glance.unread,
        context["request"].path == context["today_url"],
        context["demo"],
        context["company_name"],
    )


@functools.lru_cache(maxsize=1000)
def _framed(facts: Facts) -> dict[str, str]:
    from crm.web.context_processors import site

    today = site()["today_url"]
    context = {
        **site(),
        "user": facts.user,
        "areas": [dict(area) for area in facts.areas],
        "glance": {"waiting_count": facts.waiting_count, "unread": facts.unread},
        "request": SimpleNamespace(path=today if facts.is_today else "", get_full_path=ADDRESS),
        "csrf_token": TOKEN,
        "search_query": QUESTION,
    }
    return {name: render_to_string(name, context) for name in FRAME}


@register.simple_tag
def constant(name: str) -> SafeString:
    """A template that says the same to everybody who reads this language: it is rendered once for each language."""
    render = _constant.__wrapped__ if settings.DEBUG else _constant
    return render(name, get_language())


@functools.lru_cache(maxsize=100)
def _constant(name: str, language: str | None) -> SafeString:
    return mark_safe(render_to_string(name))  # noqa: S308 our own templates


@register.simple_tag
def shortcuts() -> list[dict[str, Any]]:
    """The keys that do something on every page."""
    return [
        {"keys": "Ctrl K", "label": _("search everything")},
        {"keys": "/", "label": _("search this list")},
        {"keys": "j k", "label": _("next and previous row")},
        {"keys": "Enter", "label": _("open the row")},
        {"keys": "x", "label": _("select the row")},
        {"keys": "?", "label": _("show these keys")},
    ]


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


@register.simple_tag
def area_links(areas: list[dict[str, Any]]) -> SafeString:
    """The areas at the left: icon, name and what waits there."""
    parts = []
    for area in areas:
        label, link = quoted(area["label"]), _area_link(area)
        parts.append(
            f'<li>{link} title="{label}">{icon(area["icon"])}<span>{label}</span>{count(area["count"])}</a></li>'
        )
    return mark_safe("".join(parts))  # noqa: S308 every part is quoted above


@register.simple_tag
def thumb_links(areas: list[dict[str, Any]], first: int, last: int | None = None) -> SafeString:
    """Some of the areas as they stand at the thumb of whoever holds a phone."""
    parts = []
    for area in areas[first:last]:
        label, link = quoted(area["label"]), _area_link(area)
        parts.append(f"{link}>{icon(area['icon'])}{label}{count(area['count'])}</a>")
    return mark_safe("".join(parts))  # noqa: S308 every part is quoted above


def _area_link(area: dict[str, Any]) -> str:
    current = ' aria-current="page"' if area["active"] else ""
    return f'<a href="{quoted(area["url"])}"{current}'
