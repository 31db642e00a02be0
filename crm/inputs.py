"""What forms of every app have in common: how days, moments and longer texts are typed, a reason, a day to come."""

from datetime import date
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.forms import VerbForm

DAY = forms.DateInput(attrs={"type": "date"})
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
WORDS = forms.Textarea(attrs={"rows": 3})

DayOrNone = TypeVar("DayOrNone", date, date | None)


def not_past(day: DayOrNone) -> DayOrNone:
    """Refuse a day before today; none at all passes. Raises ValidationError."""
    if day is not None and day < clock.today():
        raise ValidationError(_("This day is past."), code="past")
    return day


class ReasonForm(VerbForm):
    """Why: of verbs that want nothing else."""

    reason = forms.CharField(label=_("reason"), max_length=300, widget=WORDS)
