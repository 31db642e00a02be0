"""Complaints in the back office, the tree of causes, and whom each category concerns."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from complaints.models import Cause, Complaint, Concern
from crm.accounts.models import Department
from crm.web.admin import RecordAdmin


@admin.register(Complaint)
class ComplaintAdmin(RecordAdmin):
    list_display = ["number", "customer", "category", "severity", "status", "owner", "received_at"]
    list_filter = ["status", "category", "severity"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "owner"]
    show_full_result_count = False


@admin.register(Cause)
class CauseAdmin(admin.ModelAdmin):
    about = _("The tree of causes that findings choose from.")
    list_display = ["code", "name", "name_en", "parent", "active"]
    list_filter = ["active"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]


class ConcernForm(forms.ModelForm):
    """Departments are chosen by name and kept by their codes; a code that the company has no more stays to be seen."""

    verifying = forms.ChoiceField(label=_("verifying department"))
    also = forms.MultipleChoiceField(
        label=_("other departments in the team"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sales, warehouse and logistics are in every team."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = {each.code: str(each) for each in Department.objects.all()}
        kept = {code: code for code in [self.instance.verifying, *self.instance.also] if code}
        for name in ("verifying", "also"):
            field: Any = self.fields[name]
            field.choices = list({**kept, **names}.items())


@admin.register(Concern)
class ConcernAdmin(admin.ModelAdmin):
    about = _("Who must be in the team of a complaint, and whose opinions are asked, by its category.")
    form = ConcernForm
    fields = ["category", "verifying", "also", "production"]
    readonly_fields = ["category"]
    list_display = ["category", "verifying", "departments", "production"]

    @admin.display(description=_("other departments in the team"))
    def departments(self, obj: Concern) -> str:
        """Their codes, as the list shows them."""
        return ", ".join(obj.also)

    def has_add_permission(self, request: Any) -> bool:
        """Each category has its row from the beginning."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """And keeps it."""
        return False
