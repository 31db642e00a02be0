"""The back office reads log, history and files; nobody writes there."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.records.changes import Namer, lines_of
from crm.records.deeds import verb_label
from crm.records.history import model_of_table
from crm.records.models import ActionLog, Attachment, FieldHistory
from crm.small import whole


class ReadOnly:
    """Pages and lines to look at: what stands there is written by the gate and by the database."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """Rows to look at, of a table that grows without end."""

    show_full_result_count = False
    list_per_page = 50


class NumberFilter(admin.SimpleListFilter):
    """Filters by a number in the address (`?customer_id=7`), as links of other pages give it; offers no choices."""

    column = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        value = request.GET.get(self.parameter_name or "", "")
        return [(value, value)] if whole(value) is not None else []

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        return queryset.filter(**{self.column: value}) if whole(value) is not None else queryset


class CustomerFilter(NumberFilter):
    title = _("customer")
    parameter_name = column = "customer_id"


class RowFilter(NumberFilter):
    title = _("record")
    parameter_name = column = "pk_value"


@admin.register(ActionLog)
class ActionLogAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "what", "subject_type", "subject_pk", "before", "after", "door", "address"]
    list_filter = ["door", "at", CustomerFilter]
    search_fields = ["verb__exact", "request_id__exact", "address__exact", "actor__username__exact"]
    search_help_text = _("A verb as in customers.verify_customer, a user name, a network address or a request id")
    list_select_related = ["actor", "subject_type"]
    raw_id_fields = ["cause"]

    @admin.display(description=_("verb"), ordering="verb")
    def what(self, row: ActionLog) -> str:
        """The verb in words."""
        return str(verb_label(row.verb))


@admin.register(FieldHistory)
class FieldHistoryAdmin(ReadOnlyAdmin):
    list_display = ["at", "who", "op", "table_name", "pk_value", "changes"]
    list_filter = ["op", "at", CustomerFilter, RowFilter]
    search_fields = ["table_name__exact", "by__username__exact", "db_user__exact"]
    search_help_text = _("A table as in customers_customer, a user name or a database account")
    list_select_related = ["by"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        page = super().get_changelist_instance(request)
        namer = Namer(page.result_list)  # once for the page, not for each row
        for row in page.result_list:
            row.namer = namer
        return page

    @admin.display(description=_("by"))
    def who(self, row: FieldHistory) -> str:
        """The actor, or the database account where nobody acted through the product."""
        return str(row.by or row.db_user)

    @admin.display(description=_("changes"))
    def changes(self, row: FieldHistory) -> str:
        """The changed fields with their values in words."""
        model = model_of_table(row.table_name)
        if model is None or row.op != FieldHistory.Op.UPDATE:
            return ""
        lines = lines_of(row, model, getattr(row, "namer", None) or Namer([row]))
        return "; ".join(f"{line['label']}: {line['before'] or '–'} → {line['after'] or '–'}" for line in lines)


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ["at", "name", "kind", "content_type", "size", "subject_type", "subject_pk", "by"]
    list_filter = ["content_type", "at", CustomerFilter]
    list_select_related = ["subject_type", "by"]
    exclude = ["key", "path"]
