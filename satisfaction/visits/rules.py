"""The time limit of return visits (ZT 4.2)."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from satisfaction.visits.models import Visit

Rule(
    "visit.quarterly",
    "ZT 4.2",
    label=_("Visit or call a pickup customer in the quarter"),
    on=Visit,
    during={Visit.Status.PLANNED},
    due="due_on",
    met_by="visits.record_visit",
    warn="10 wd",
)
