"""What the frame around every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.web.areas import menu


def frame(request: HttpRequest) -> dict[str, Any]:
    """Areas with counts, what waits, languages and the request's id; counts are asked for only where shown."""
    user = getattr(request, "user", None)
    current = get_language()
    languages = [
        {"code": code, "label": get_language_info(code)["name_local"], "active": code == current}
        for code, _name in settings.LANGUAGES
    ]
    context: dict[str, Any] = {
        "company_name": settings.COMPANY_NAME,
        "company_phone": settings.COMPANY_PHONE,
        "languages": languages,
        "demo": settings.DEMO,
        "request_id": getattr(request, "id", ""),
        "product_version": settings.CRM_VERSION,
    }
    if user is not None and user.is_authenticated:
        context["areas"] = SimpleLazyObject(lambda: menu(user, request.path))
        context["waiting_count"] = SimpleLazyObject(lambda: Deadline.objects.waiting_for(user).count())
        context["bell_count"] = SimpleLazyObject(lambda: Message.objects.unread_by(user).count())
        context["shortcuts"] = SHORTCUTS
    return context


SHORTCUTS = [
    {"keys": "Ctrl K", "label": _("search everything")},
    {"keys": "/", "label": _("search this list")},
    {"keys": "j k", "label": _("next and previous row")},
    {"keys": "Enter", "label": _("open the row")},
    {"keys": "x", "label": _("select the row")},
    {"keys": "?", "label": _("show these keys")},
]
