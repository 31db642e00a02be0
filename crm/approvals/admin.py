"""Chains of approval, requests and decisions in the back office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.accounts.roles import label_of
from crm.approvals.chains import Chain, ChainStep, ChainVersion, new_version
from crm.approvals.models import ApprovalRequest, Condition, Decision
from crm.approvals.preview import PreviewForm, kind_choices, part_choices, preview
from crm.approvals.steps import Step, Who
from crm.records.admin import ReadOnly, ReadOnlyAdmin
from crm.web.admin import RecordAdmin


class RoleField(forms.ModelChoiceField):
    """A role, called as users know it."""

    def label_from_instance(self, obj: Group) -> str:
        return label_of(obj.name)


class StepForm(forms.ModelForm):
    """One step; the people whom it names must be there where it names people."""

    role = RoleField(Group.objects.all(), required=False, label=_("Role"))
    users = forms.ModelMultipleChoiceField(
        User.objects.working().order_by("username"),
        required=False,
        label=_("People"),
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )

    part = forms.ChoiceField(label=_("Judges"), required=False, choices=part_choices)

    class Meta:
        model = ChainStep
        fields = [
            "position",
            "name",
            "name_en",
            "who",
            "users",
            "role",
            "levels",
            "mode",
            "limit_amount",
            "limit_unit",
            "opinion",
            "nobody",
            "own",
            "repeated",
            "together",
            "part",
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("who") == Who.USERS and not found.get("users"):
            raise ValidationError({"users": _("Name at least one person.")})
        return found


class StepInline(admin.StackedInline):
    model = ChainStep
    form = StepForm
    extra = 0
    fields = [
        ("position", "name", "name_en"),
        ("who", "role", "levels"),
        "users",
        ("mode", "opinion"),
        ("limit_amount", "limit_unit"),
        ("nobody", "own", "repeated"),
        ("together", "part"),
    ]


class VersionInline(ReadOnly, admin.TabularInline):
    """What it was from one edit to the next; running requests go on by the version that they began with."""

    model = ChainVersion
    extra = 0
    fields = ["number", "shown", "by", "at"]
    readonly_fields = ["number", "shown", "by", "at"]
    verbose_name_plural = _("versions so far")

    @admin.display(description=_("steps"))
    def shown(self, row: ChainVersion) -> str:
        """The steps in short."""
        return " → ".join(Step.restored(kept).title for kept in row.steps) or _t("nobody needs to agree")


class ChainForm(forms.ModelForm):
    """A chain and its conditions; the kinds are those that verbs tell apart."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=kind_choices)

    class Meta:
        model = Chain
        fields = [
            "verb",
            "name",
            "name_en",
            "priority",
            "active",
            "amount_from",
            "amount_to",
            "department",
            "kind",
        ]


@admin.register(Chain)
class ChainAdmin(admin.ModelAdmin):
    """Who decides on what: each saved edit is a new version; what is not wanted any more is put out of force."""

    about = _("Who must agree to what, step by step.")
    form = ChainForm
    list_display = ["name", "verb", "priority", "active", "amount_from", "amount_to", "department", "kind", "version"]
    list_filter = ["verb", "active"]
    list_select_related = ["department"]
    inlines = [StepInline, VersionInline]
    change_list_template = "approvals/admin/chains.html"
    change_form_template = "approvals/admin/chain.html"

    def get_urls(self) -> list[Any]:
        own = [path("preview/", self.admin_site.admin_view(self.preview), name="approval-preview")]
        return [*own, *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        new_version(form.instance, request.user)

    def preview(self, request: HttpRequest) -> HttpResponse:
        """Who would decide on a record now, and why."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        by: Any = request.user
        asked = "verb" in request.GET
        form = PreviewForm(request.GET if asked else None, by=by, initial={"requester": by.pk})
        shown = None
        if asked and form.is_valid():
            given = form.cleaned_data
            shown = preview(
                verb=given["verb"],
                subject=given["subject"],
                requester=given["requester"],
                amount=given["amount"],
                kind=given["kind"],
            )
        context = {
            **self.admin_site.each_context(request),
            "title": _t("Who would decide this now, and why?"),
            "form": form,
            "shown": shown,
        }
        return render(request, "approvals/admin/preview.html", context)


@admin.register(ApprovalRequest)
class RequestAdmin(RecordAdmin):
    list_display = ["number", "verb", "title", "status", "requester", "amount", "asked_at"]
    list_filter = ["status", "verb"]
    search_fields = ["number", "title"]
    list_select_related = ["requester"]
    show_full_result_count = False


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Every decision as it was signed; nobody changes it."""

    list_display = ["request", "what", "by", "on_behalf_of", "opinion", "door", "at"]
    list_filter = ["what", "door"]
    list_select_related = ["request", "by", "on_behalf_of"]


@admin.register(Condition)
class ConditionAdmin(RecordAdmin):
    list_display = ["request", "text", "status", "owner", "due_on", "raised_by"]
    list_filter = ["status"]
    list_select_related = ["request", "owner", "raised_by"]
    show_full_result_count = False
