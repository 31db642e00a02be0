"""What came in, and the switch of the public form, in the back office."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from complaints.inbox.models import Incoming, PublicForm
from crm.web.admin import RecordAdmin


@admin.register(Incoming)
class IncomingAdmin(RecordAdmin):
    list_display = ["number", "name", "channel", "status", "customer", "received_at"]
    list_filter = ["status", "channel", "automatic"]
    search_fields = ["number", "name"]
    list_select_related = ["customer"]
    show_full_result_count = False


@admin.register(PublicForm)
class PublicFormAdmin(admin.ModelAdmin):
    about = _("Whether strangers may complain on the website.")
    list_display = ["__str__", "open", "changed_at"]
    fields = ["open"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row, which is made when it is edited for the first time."""
        return super().has_add_permission(request) and not PublicForm.objects.exists()

    def save_model(self, request: HttpRequest, obj: PublicForm, form: Any, change: bool) -> None:
        """Keep it as the one row."""
        obj.pk = 1
        super().save_model(request, obj, form, change)
