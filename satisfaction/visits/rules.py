"""The time limits of return visits, and of calls after a delivery (ZT 4.2, KF 3.3.3)."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from satisfaction.visits.models import CALLED, Visit

QUARTER, DELIVERY = Visit.Occasion

Rule(
    "visit.quarterly",
    "ZT 4.2",
    label=_("Visit or call a pickup customer in the quarter"),
    on=Visit,
    during={Visit.Status.PLANNED},
    when=lambda visit: visit.occasion == QUARTER,
    due="due_on",
    met_by="visits.record_visit",
    warn="10 wd",
)
Rule(
    CALLED,
    "KF 3.3.3",
    label=_("Call the customer after a delivery"),
    on=Visit,
    during={Visit.Status.PLANNED},
    when=lambda visit: visit.occasion == DELIVERY,
    since="delivered_at",
    met_by=("visits.record_visit", "visits.note_talk"),
    limit="10 wd",
)
