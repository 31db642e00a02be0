"""The input of each verb on credit."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.forms import NearDateField, RecordForm, VerbForm
from crm.inputs import DAY, WORDS, not_past
from crm.records.attachments import UploadField
from customers.credit.models import Assessment
from customers.models import Channel

__all__ = ["AssessForm", "DunForm", "WordsForm"]


class AssessForm(RecordForm):
    """Each aspect scored, with words and papers; the limit and its end only where they are not the usual ones."""

    operations_paper = UploadField(label=_("paper on operations"), required=False)
    finances_paper = UploadField(label=_("paper on finances"), required=False)
    payment_paper = UploadField(label=_("paper on the payment record"), required=False)
    limit = forms.DecimalField(
        label=_("credit limit"),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=_("Empty: the limit of the rating that the score gives."),
    )
    valid_until = NearDateField(
        label=_("valid until"),
        required=False,
        widget=DAY,
        help_text=_("Empty: one year from today."),
    )

    fieldsets: ClassVar[Any] = (
        (_("Operations"), ("operations_score", "operations", "operations_paper")),
        (_("Finances"), ("finances_score", "finances", "finances_paper")),
        (_("Payment record"), ("payment_score", "payment", "payment_paper")),
        (_("What is asked for"), ("limit", "limit_reason", "valid_until")),
    )

    class Meta:
        model = Assessment
        fields = [
            "operations_score",
            "operations",
            "finances_score",
            "finances",
            "payment_score",
            "payment",
            "limit",
            "limit_reason",
            "valid_until",
        ]
        widgets = dict.fromkeys(("operations", "finances", "payment", "limit_reason"), WORDS)

    def clean_valid_until(self) -> Any:
        day = self.cleaned_data["valid_until"]
        if day is not None and day <= clock.today():
            raise ValidationError(_("This day is past."), code="past")
        return day


class DunForm(VerbForm):
    """What was said to the customer, and when one looks again whether he has paid."""

    channel = forms.ChoiceField(label=_("channel"), choices=Channel.choices, initial=Channel.PHONE)
    words = forms.CharField(label=_("what was said"), max_length=300, widget=WORDS)
    again_on = NearDateField(label=_("look again on"), widget=DAY)

    def clean_again_on(self) -> Any:
        return not_past(self.cleaned_data["again_on"])


class WordsForm(VerbForm):
    words = forms.CharField(label=_("what was done"), max_length=300, widget=WORDS)
