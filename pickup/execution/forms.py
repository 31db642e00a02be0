"""The input of the verbs of reports."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.forms import PickField, VerbForm
from pickup.execution.models import Report

DAY = forms.DateInput(attrs={"type": "date"})
WORDS = forms.Textarea(attrs={"rows": 3})


def _yesterday() -> object:
    return clock.today() - timedelta(days=1)


class DraftForm(VerbForm):
    kind = forms.ChoiceField(label=_("kind of report"), choices=Report.Kind.choices)
    day = forms.DateField(
        label=_("day"), widget=DAY, initial=_yesterday, help_text=_("Of a month any day that lies in it.")
    )


class IssueForm(VerbForm):
    remarks = forms.CharField(label=_("remarks"), max_length=1000, required=False, widget=WORDS)


class CorrectForm(VerbForm):
    reason = forms.CharField(label=_("reason"), max_length=500, widget=WORDS)


class SubscribeForm(VerbForm):
    kind = forms.ChoiceField(label=_("kind of report"), choices=Report.Kind.choices)


class SubscribeColleagueForm(SubscribeForm):
    user = PickField(User, label=_("colleague"))
