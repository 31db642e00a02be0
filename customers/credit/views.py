"""The pages of credit."""

from django.utils.translation import gettext_lazy as _

from crm.web.areas import area
from crm.web.recordpage import RecordView
from customers.credit.models import Alert, Assessment

area(
    "credit",
    _("Credit and tiers"),
    icon="shield-check",
    order=25,
    listings=["credit-standings", "assessments", "credit-alerts"],
)


class AssessmentView(RecordView):
    """One assessment: how each aspect was judged, and what follows from it."""

    model = Assessment
    related = ("customer__owner", "assessed_by")
    prints = ((_("Credit assessment"), "assessment-print"),)
    facts = (
        (_("Assessment"), ("customer", "score", "rating", "valid_until", "assessed_by", "assessed_at", "reason")),
        (_("What follows"), ("limit", "policy_limit", "limit_reason", "payment_terms", "payment_days", "in_force_at")),
    )


class AlertView(RecordView):
    """One sign, how the customer stood when it was seen, and what was done."""

    model = Alert
    related = ("customer__owner", "settled_by")
    facts = (
        (_("Alert"), ("customer", "sign", "raised_at", "rating", "limit", "used", "overdue")),
        (_("How it was dealt with"), ("done", "words", "settled_by", "settled_at", "gone_at")),
    )
