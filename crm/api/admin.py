"""Tokens in the back office: whose they are, what they may, when they were used; revoked here, never shown."""

from typing import Any, cast

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.actions import revoke_token
from crm.accounts.models import User
from crm.api.models import ApiToken
from crm.refusals import Refused
from crm.web.admin import RecordAdmin


@admin.register(ApiToken)
class ApiTokenAdmin(RecordAdmin):
    list_display = ["name", "user", "prefix", "scopes", "expires_at", "last_used_at", "revoked_at"]
    list_filter = ["revoked_at", "expires_at"]
    search_fields = ["name", "prefix", "user__username", "user__name"]
    list_select_related = ["user"]
    actions = ["revoke"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # type: ignore[override]
        return [name for name in super().get_fields(request, obj) if name != "digest"]

    @admin.action(description=gettext_lazy("Revoke the selected tokens"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        """Revoke each by the verb; what is refused is said."""
        done = 0
        for token in queryset:
            try:
                revoke_token(token, by=cast(User, request.user))
                done += 1
            except Refused as refusal:
                messages.error(request, f"{token}: {refusal}")
        messages.success(request, _("%(count)s tokens are revoked.") % {"count": done})
