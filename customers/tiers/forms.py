"""The input of each verb on tiers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.forms import RecordForm, VerbForm
from crm.inputs import WORDS
from customers.models import Customer
from customers.tiers.models import Judgement


class JudgeForm(RecordForm):
    """Potential and need, 0 to 5, with the reason; it begins with what was last thought."""

    class Meta:
        model = Judgement
        fields = ["potential", "need", "reason"]
        widgets = {"reason": WORDS}

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        last = obj and Judgement.objects.filter(customer=obj).first()
        if last:
            self.initial.setdefault("potential", last.potential)
            self.initial.setdefault("need", last.need)


class TierForm(VerbForm):
    """Another tier, and why."""

    tier = forms.ChoiceField(label=_("tier"), choices=Customer.Tier.choices)
    reason = forms.CharField(label=_("reason"), max_length=300, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial.setdefault("tier", obj.tier)


class OverrideForm(TierForm):
    """Another tier than the proposed one; the present one may stay."""

    def know(self, by: Any, obj: Any) -> None:
        if obj is not None:
            self.initial.setdefault("tier", obj.before)
        super().know(by, obj)

    def clean_tier(self) -> str:
        tier: str = self.cleaned_data["tier"]
        if self.obj is not None and tier == self.obj.tier:
            raise ValidationError(_("This tier is the proposed one: adopt the proposal."), code="proposed")
        return tier
