"""Roles in the back office: a grid of rights by app in the reader's language, and how far each role sees."""

from typing import Any

import django.contrib.auth.admin  # noqa: F401 - registers a page for groups, which the one here replaces
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.audit import note
from crm.accounts.models import Role, RoleReach
from crm.accounts.right_labels import rights_by_app
from crm.accounts.roles import ROLES
from crm.accounts.scopes import scoped_models
from crm.accounts.widgets import GroupedChecks

REACH = "reach_"


class RoleForm(forms.ModelForm):
    """A role: its name, its rights, its reach by kind of record (fields made from what is installed)."""

    rights = forms.MultipleChoiceField(label=gettext_lazy("Rights"), required=False, widget=GroupedChecks())

    class Meta:
        model = Role
        fields = ["name"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        groups = rights_by_app()
        self.fields["rights"].choices = [  # type: ignore[attr-defined]
            (app, [(str(right.pk), right.label) for right in rights]) for app, rights in groups
        ]
        self.offered = {right.pk: right.name for _app, rights in groups for right in rights}
        self.held: set[int] = set()
        self.widths: dict[int, str] = {}
        if self.instance.pk:
            self.held = set(self.instance.permissions.values_list("pk", flat=True))
            self.widths = dict(self.instance.reaches.values_list("model_id", "reach"))
            if self.instance.name in ROLES:
                self.fields["name"].disabled = True
                self.fields["name"].help_text = ROLES[self.instance.name].description
        self.initial["rights"] = [str(pk) for pk in self.held]
        for name, width in self.widths.items():
            self.initial[f"{REACH}{name}"] = width

    def save_rights(self) -> dict[str, Any]:
        """Write rights and reach of the saved role; answers what changed, by name. Rights not offered here stay."""
        wanted = {int(pk) for pk in self.cleaned_data["rights"]}
        held = self.held & self.offered.keys()
        self.instance.permissions.remove(*(held - wanted))
        self.instance.permissions.add(*(wanted - held))
        reached = {}
        for name, width in self.cleaned_data.items():
            model = int(name.removeprefix(REACH)) if name.startswith(REACH) else 0
            if model and width != self.widths.get(model, ""):
                reached[self.fields[name].model_label] = width  # type: ignore[attr-defined]
                if width:
                    RoleReach.objects.update_or_create(role=self.instance, model_id=model, defaults={"reach": width})
                else:
                    RoleReach.objects.filter(role=self.instance, model_id=model).delete()
        return {
            "given": sorted(self.offered[pk] for pk in wanted - held),
            "taken": sorted(self.offered[pk] for pk in held - wanted),
            "reach": reached,
        }


def reach_fields() -> dict[str, forms.ChoiceField]:
    """One field per kind of record that a role can reach."""
    choices = [("", gettext_lazy("only where involved")), *RoleReach.Reach.choices]
    fields = {}
    for model in scoped_models():
        label = capfirst(str(model._meta.verbose_name_plural))
        field = forms.ChoiceField(label=label, choices=choices, required=False)
        field.model_label = model._meta.label  # type: ignore[attr-defined]
        fields[f"{REACH}{ContentType.objects.get_for_model(model).pk}"] = field
    return fields


admin.site.unregister(Group)


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    """Roles. Each change is one row of the action log, with what was given and what was taken."""

    about = gettext_lazy("What each role may do, and how far it sees.")
    list_display = ["label", "people", "name"]
    search_fields = ["name"]
    ordering = ["pk"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        return type("RoleFormWithReach", (RoleForm,), {**reach_fields(), "__module__": __name__})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (None, {"fields": ["name"]}),
            (_("Sees"), {"fields": list(reach_fields())}),
            (_("May do"), {"fields": ["rights"]}),
        ]

    @admin.display(description=gettext_lazy("role"))
    def label(self, role: Role) -> str:
        return str(role)

    @admin.display(description=gettext_lazy("people"))
    def people(self, role: Role) -> int:
        return role.number  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(number=Count("user", filter=Q(user__is_active=True)))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if changes := {name: value for name, value in form.save_rights().items() if value}:
            note("accounts.change_role", actor=request.user, subject=form.instance, **changes)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A role that still has people is not deleted by mistake."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.user_set.exists())
