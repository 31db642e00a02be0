"""The ages of receivables (账龄): not due, and by how many days overdue."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from crm import clock
from orders.payments.models.invoice import owed


@dataclass(frozen=True)
class Age:
    """So many days after the due date, `first` to `last`; None is without end."""

    key: str
    label: Any
    first: int | None
    last: int | None
    tone: str


AGES = (
    Age("not_due", _("Not due"), None, 0, "done"),
    Age("1-30", _("1 to 30 days"), 1, 30, "active"),
    Age("31-60", _("31 to 60 days"), 31, 60, "soon"),
    Age("61-90", _("61 to 90 days"), 61, 90, "pressing"),
    Age("over-90", _("Over 90 days"), 91, None, "late"),
)
BY_KEY = {each.key: each for each in AGES}


def age_condition(key: str, on: date | None = None) -> Q:
    """What an open invoice of this age fulfils on the day `on` (today by default); what is no debt yet is not due."""
    age, day = BY_KEY[key], on or clock.today()
    if age.first is None:
        return Q(due_on__gte=day) | ~owed()
    found = Q(due_on__lte=day - timedelta(days=age.first)) & owed()
    return found & Q(due_on__gte=day - timedelta(days=age.last)) if age.last is not None else found


def age_of_invoice() -> Case:
    """The key of an open invoice's age today, worked out by the database."""
    cases = [When(age_condition(each.key), then=Value(each.key)) for each in AGES]
    return Case(*cases, output_field=CharField(max_length=10))
