"""How a page without an account is answered: in the visitor's own language, with the others one tap away."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, get_language_info

from crm.links.models import Link

LANGUAGES = dict(settings.LANGUAGES)


def wish(request: HttpRequest) -> str:
    """The language that the visitor chose on the page; empty where he chose none."""
    chosen = request.GET.get("lang", "")
    return chosen if chosen in LANGUAGES else ""


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page in the present language; the other languages are the same address with another `lang`.

    A form that keeps the choice in a cookie would not do: these pages send no origin by which it could be checked.
    """
    current = get_language()
    languages = [
        {"code": code, "label": get_language_info(code)["name_local"], "active": code == current} for code in LANGUAGES
    ]
    response = render(request, template, {**context, "languages": languages}, status=status)
    response["Content-Language"] = current
    return response


def closed(
    request: HttpRequest, reason: str, status: int, link: Link | None = None, *, state: Any = "", caller: str = ""
) -> HttpResponse:
    """The page that says why nothing can be done here; `reason` chooses the words in links/closed.html.

    `state` is where the record stands, in the customer's words, and `caller` the person whom he may ask.
    """
    context = {"reason": reason, "link": link, "state": state, "caller": caller}
    return page(request, "links/closed.html", context, status)
