"""The input of what is done with a survey's report: remarks in groups, its copies, what customers are told."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.forms import VerbForm
from crm.inputs import WORDS
from customers.forms import people
from satisfaction.models import RemarkGroup
from satisfaction.remarks import remarked, ungrouped

AT_ONCE = 200  # remarks
LETTERS = 120  # of a remark that is to be chosen
SEES = "satisfaction.view_campaign"


class RemarksField(forms.MultipleChoiceField):
    """Remarks by the keys of their sheets; which of them there are is asked once the form is checked."""

    def valid_value(self, value: Any) -> bool:
        """Whether it can be the key of a sheet."""
        try:
            UUID(str(value))
        except ValueError:
            return False
        return True


class GroupRemarksForm(VerbForm):
    """Which remarks are about what; the page that lists them has the choice."""

    remarks = RemarksField(label=_("remarks"), widget=forms.CheckboxSelectMultiple)
    groups = forms.ModelMultipleChoiceField(
        RemarkGroup.objects.filter(active=True),
        label=_("groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    instead = forms.BooleanField(label=_("take them out of their other groups"), required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            field: Any = self.fields["remarks"]
            field.choices = lambda: [
                (str(each.pk), Truncator(each.remarks).chars(LETTERS))
                for each in ungrouped(remarked(obj, by))[:AT_ONCE]
            ]

    @staticmethod
    def page(campaign: Any) -> str:
        """The page on which remarks are read and chosen."""
        return reverse("campaign-remarks", args=[campaign.pk])

    def clean_remarks(self) -> list[str]:
        """Only remarks of this survey that he may read, each once."""
        keys = {str(UUID(each)) for each in self.cleaned_data["remarks"]}
        if len(keys) > AT_ONCE:
            raise ValidationError(
                _("At most %(most)s remarks are possible at once."), code="too_many", params={"most": AT_ONCE}
            )
        if self.obj is not None and remarked(self.obj, self.by).filter(pk__in=keys).count() != len(keys):
            raise ValidationError(_("One of these remarks is not there."), code="unknown")
        return sorted(keys)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "groups" in data and not data["groups"] and not data.get("instead"):
            self.add_error("groups", ValidationError(_("Choose at least one group."), code="required"))
        return data


class ReviewForm(VerbForm):
    """Who of the management review gets the report, and what is said to them."""

    people = forms.ModelMultipleChoiceField(
        User.objects.all(), label=_("who gets it"), widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(label=_("remarks to the management review"), max_length=1000, required=False, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        field: Any = self.fields["people"]
        field.queryset = people(field.queryset, by).select_related("department").order_by("department", "pk")
        field.label_from_instance = lambda user: " · ".join(filter(None, (str(user), str(user.department or ""))))
        executives = User.objects.working().in_role("executive").order_by("pk")
        self.initial.setdefault("people", list(executives.values_list("pk", flat=True)))

    def clean_people(self) -> Any:
        """Only who may open the survey, or the copy would be told to somebody who cannot read it."""
        chosen = self.cleaned_data["people"]
        for each in chosen:
            if not each.has_perm(SEES):
                raise ValidationError(
                    _("%(name)s may not see these reports."), code="may_not_see", params={"name": each}
                )
        return chosen


class TellForm(VerbForm):
    """What customers are told of a measure, in both languages."""

    for_customers = forms.CharField(label=_("told to customers"), max_length=300, widget=WORDS)
    for_customers_en = forms.CharField(label=_("told to customers in English"), max_length=300, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial.setdefault("for_customers", obj.for_customers)
            self.initial.setdefault("for_customers_en", obj.for_customers_en)
