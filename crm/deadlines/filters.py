"""What deadlines can be filtered by."""

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department, User
from crm.days import DayFilter, begins, until
from crm.deadlines.models import Deadline, rule_choices

IN_TIME, LATE = "in_time", "late"


def kept_in_time() -> Q:
    """What was due and was met by then."""
    return Q(outcome=Deadline.Outcome.MET, closed_at__lte=F("due_at"))


def late() -> Q:
    """What waits beyond its time; what is paused does not run."""
    return Q(closed_at=None, paused_at=None, due_at__lt=clock.now())


def kept_late() -> Q:
    """What was met after its time, or still waits beyond it."""
    return late() | Q(outcome=Deadline.Outcome.MET, closed_at__gt=F("due_at"))


def people(request: object) -> QuerySet:
    """Colleagues, as the filter offers them."""
    return User.objects.filter(kind=User.Kind.PERSON, is_active=True)


class DeadlineFilter(django_filters.FilterSet):
    rule = django_filters.ChoiceFilter(label=_("rule"), choices=lazy(rule_choices, list)())
    kept = django_filters.ChoiceFilter(
        label=_("kept"), choices=[(IN_TIME, _("in time")), (LATE, _("late"))], method="by_keeping"
    )
    responsible = django_filters.ModelChoiceFilter(label=_("responsible"), queryset=people)
    department = django_filters.ModelChoiceFilter(label=_("department"), queryset=Department.objects.all())
    due_from = DayFilter(label=_("due from"), field_name="due_at", which=begins)
    due_until = DayFilter(label=_("due until"), field_name="due_at", which=until)

    class Meta:
        model = Deadline
        fields: list[str] = []

    def by_keeping(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those that were kept in time, or were not."""
        return rows.filter(kept_in_time() if value == IN_TIME else kept_late())
