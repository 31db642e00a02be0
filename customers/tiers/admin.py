"""Schemes and services of tiers in the back office; proposals and changes are shown there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.deadlines.models import RuleVersion
from crm.deadlines.rules import RULES
from crm.web.admin import RecordAdmin
from customers.tiers.measures import MEASURES
from customers.tiers.models import Proposal, Scheme, Service, TierChange, Weight
from customers.tiers.scoring import parameters
from customers.tiers.service import move_in_queues

STEPS = ("one", "two", "three", "four", "five")


class SchemeForm(forms.ModelForm):
    """A scheme that begins today or later."""

    class Meta:
        model = Scheme
        fields = ["valid_from", "months", "vip_from", "key_from", "regular_from", "rest_months"]

    def clean_valid_from(self) -> Any:
        """Not before today."""
        day = self.cleaned_data["valid_from"]
        if day < clock.today():
            raise ValidationError(_("The past stays as it was; choose today or a later day."))
        return day


class WeightForm(forms.ModelForm):
    """A measure's weight; it is kept also where it is as before, since a scheme says all."""

    class Meta:
        model = Weight
        fields = ["measure", "weight", *STEPS]

    def has_changed(self) -> bool:
        return True


class Weights(BaseInlineFormSet):
    """Every measure with what holds now, to begin with."""

    def __init__(self, *args: Any, **options: Any) -> None:
        if options.get("instance") is None or options["instance"].pk is None:
            present = parameters().weighings
            options["initial"] = [
                {"measure": key, "weight": each.weight, **dict(zip(STEPS, each.steps, strict=True))}
                for key, each in present.items()
            ]
        super().__init__(*args, **options)


class WeightInline(admin.TabularInline):
    model = Weight
    form = WeightForm
    formset = Weights

    def get_extra(self, request: HttpRequest, obj: Any = None, **options: Any) -> int:
        """A new scheme begins with a line for each measure."""
        return 0 if obj else len(MEASURES)

    def get_max_num(self, request: HttpRequest, obj: Any = None, **options: Any) -> int:
        """One line for each measure."""
        return len(MEASURES)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Scheme)
class SchemeAdmin(admin.ModelAdmin):
    about = _("How tiers are worked out: what each measure counts, and how much of a hundred makes which tier.")
    form = SchemeForm
    inlines = [WeightInline]
    list_display = ["valid_from", "months", "vip_from", "key_from", "regular_from", "by", "at"]
    list_select_related = ["by"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new scheme begins with what holds now."""
        last = Scheme.objects.filter(valid_from__lte=clock.today()).first() or Scheme()
        return {name: getattr(last, name) for name in SchemeForm.Meta.fields if name != "valid_from"}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what does not hold yet can be changed; another one follows what does."""
        return super().has_change_permission(request, obj) and (obj is None or obj.valid_from > clock.today())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.valid_from > clock.today())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Remember who said so, and when."""
        obj.by, obj.at = request.user, clock.now()
        super().save_model(request, obj, form, change)


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    about = _("How each tier is served: place in queues, dedicated owner, visits, discount, and its own time limits.")
    list_display = ["tier", "priority", "dedicated_owner", "visit_days", "discount"]
    fields = ["tier", "priority", "dedicated_owner", "visit_days", "discount", "limits"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["tier", "limits"] if obj else ["limits"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("own time limits"))
    def limits(self, obj: Service) -> str:
        """The rules that have a value for this tier alone, with where one makes another."""
        rows = RuleVersion.objects.filter(tier=obj.tier, valid_from__lte=clock.today(), enabled=True)
        latest: dict[str, RuleVersion] = {}
        for row in rows.order_by("valid_from"):
            latest[row.rule] = row
        shown = ((RULES[key].label, row.amount_text) for key, row in sorted(latest.items()) if key in RULES)
        words = format_html_join("", "<li>{}: {}</li>", shown)
        url = reverse("admin:deadlines_ruleversion_changelist")
        return format_html('<ul>{}</ul><a href="{}">{}</a>', words, url, _t("Rules and their values"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Open work of the tier's customers takes its new place at once."""
        super().save_model(request, obj, form, change)
        if "priority" in form.changed_data:
            move_in_queues(obj.tier)


@admin.register(Proposal)
class ProposalAdmin(RecordAdmin):
    list_display = ["customer", "before", "tier", "total", "status", "proposed_at", "decided_by"]
    list_filter = ["status", "tier"]
    search_fields = ["customer__name", "customer__code"]
    list_select_related = ["customer", "decided_by"]
    show_full_result_count = False


@admin.register(TierChange)
class TierChangeAdmin(RecordAdmin):
    list_display = ["customer", "before", "after", "at", "by"]
    list_filter = ["after"]
    list_select_related = ["customer", "by"]
    show_full_result_count = False
