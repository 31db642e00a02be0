"""What the frame around every page shows."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from crm.web.areas import menu
from crm.web.glance import glance


def frame(request: HttpRequest) -> dict[str, Any]:
    """Areas with counts, what waits, languages and the request's id; counts are asked for only where shown."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {**site(), "request_id": getattr(request, "id", "")}
    if user is not None and user.is_authenticated:
        seen = getattr(request, "glance", None) or SimpleLazyObject(lambda: glance(user))
        context["glance"] = seen
        context["areas"] = SimpleLazyObject(lambda: menu(user, request.path, seen.waiting))
    return context


def site() -> dict[str, Any]:
    """What is the same for everybody who reads this language."""
    return {
        "company_name": settings.COMPANY_NAME,
        "company_phone": settings.COMPANY_PHONE,
        "languages": _languages(get_language()),
        "demo": settings.DEMO,
        "product_version": settings.CRM_VERSION,
        **_addresses(get_script_prefix()),
    }


@cache
def _addresses(_prefix: str) -> dict[str, str]:
    """Where the frame leads; looked up once for each prefix that the product may stand under."""
    names = {"today": "today", "notices": "notices", "bell": "bell", "profile": "profile", "admin": "admin:index"}
    return {f"{key}_url": reverse(name) for key, name in names.items()}


@cache
def _languages(current: str | None) -> list[dict[str, Any]]:
    return [
        {"code": code, "label": get_language_info(code)["name_local"], "active": code == current}
        for code, _name in settings.LANGUAGES
    ]
