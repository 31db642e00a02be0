"""The back office's frame: what only verbs may change is read-only there, and the verbs stand as buttons."""

from functools import cache
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.actions import answers
from crm.records.admin import ReadOnly
from crm.records.fields import EncryptedField
from crm.records.masks import masked
from crm.refusals import Forbidden
from crm.web.models import BulkRun, SavedView

admin.site.site_header = admin.site.site_title = _("Back office")
admin.site.index_title = _("What is managed here")
admin.site.enable_nav_sidebar = True


@cache
def in_mask(field: EncryptedField) -> Any:
    """An identifier as the back office shows it: a callable called as its field is, and masked.

    Typed as Any, since an admin's lists of fields take callables and the stubs' do not.
    """

    @admin.display(description=field.verbose_name)
    def shown(obj: Any) -> str:
        return masked(obj, field.name)

    shown.__name__ = field.name
    return shown


class RecordAdmin(ReadOnly, admin.ModelAdmin):
    """A record that only verbs change: everything is shown, nothing typed, and each possible verb is a button.

    Identifiers are shown by their tails only. Nothing is deleted here.
    """

    change_form_template = "admin/record_change_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.model._default_manager.visible_to(request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        hidden = {"id", "version", "search_terms", "search_text"}
        return [
            in_mask(field) if isinstance(field, EncryptedField) else field.name
            for field in self.model._meta.fields
            if field.name not in hidden and not field.name.endswith(("_index", "_tail"))
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_fields(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj: Any = options.get("obj") or context.get("original")
        possible, refused = [], []
        for verb, refusal in answers(obj, request.user) if obj is not None else []:  # type: ignore[arg-type]
            if refusal is None:
                back = f"?next={request.path}"
                possible.append({"label": verb.label, "url": reverse("do", args=[verb.name, obj.pk]) + back})
            elif not isinstance(refusal, Forbidden):
                refused.append({"label": verb.label, "reason": refusal.sentence})
        context.update(verbs=possible, refused=refused)
        return super().render_change_form(request, context, *args, **options)


@admin.register(SavedView)
class SavedViewAdmin(admin.ModelAdmin):
    about = _("The views of lists that people saved, for themselves or for everyone.")
    list_display = ["name", "listing", "user", "shared", "dropped"]
    list_filter = ["listing", "shared"]
    search_fields = ["name"]
    list_select_related = ["user"]


@admin.register(BulkRun)
class BulkRunAdmin(RecordAdmin):
    """What was done to many records at once, by whom; the report is a page of its own."""

    list_display = ["__str__", "by", "at", "total", "done", "finished_at"]
    list_select_related = ["by", "takes_back"]
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["verb", "by", "at", "finished_at", "total", "done", "takes_back"]
