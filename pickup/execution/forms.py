"""The input of the verbs of reports."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.deadlines.periods import period
from crm.forms import PickField, VerbForm
from crm.inputs import DAY, WORDS
from orders.models import Order
from pickup.execution.models import Report


def _yesterday() -> object:
    return clock.today() - timedelta(days=1)


class DraftForm(VerbForm):
    kind = forms.ChoiceField(label=_("kind of report"), choices=Report.Kind.choices)
    day = forms.DateField(
        label=_("day"), widget=DAY, initial=_yesterday, help_text=_("Of a month any day that lies in it.")
    )

    def clean_day(self) -> date:
        """A day from which there can be something to report. Raises ValidationError for one before the first order."""
        day: date = self.cleaned_data["day"]
        taken = Order.objects.filter(history=False).aggregate(first=Min("received_at"))["first"] or clock.now()
        first, _after = period("month", timezone.localtime(taken).date())
        if day < first:
            raise ValidationError(
                _("Reports begin with %(month)s, the month of the first order."),
                code="before_first",
                params={"month": f"{first:%Y-%m}"},
            )
        return day


class IssueForm(VerbForm):
    remarks = forms.CharField(label=_("remarks"), max_length=1000, required=False, widget=WORDS)


class CorrectForm(VerbForm):
    reason = forms.CharField(label=_("reason"), max_length=500, widget=WORDS)


class SubscribeForm(VerbForm):
    kind = forms.ChoiceField(label=_("kind of report"), choices=Report.Kind.choices)


class SubscribeColleagueForm(SubscribeForm):
    user = PickField(User, label=_("colleague"))
