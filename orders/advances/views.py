"""The pages of advances."""

from django.utils.translation import gettext_lazy as _

from crm.web.areas import join_area
from crm.web.recordpage import RecordView
from orders.advances.models import Advance

join_area("contracts", "advances")


class AdvanceView(RecordView):
    """Everything about one advance: what was applied for and decided, what left, and whether the promise was kept."""

    model = Advance
    related = ("customer", "order__owner", "order__department", "applied_by", "lifted_by")
    prints = ((_("Advance shipping application"), "advance-print"),)
    facts = (
        (_("For whom"), ("customer", "order")),
        (_("Limits"), ("ceiling", "expires_on", "promised_on")),
        (_("Reasons"), ("situation", "why", "route")),
        (_("When it was applied for"), ("order_total", "paid_then", "left_then", "applied_by", "applied_at")),
        (_("What became of it"), ("granted_at", "used_at", "settled_at", "broken_at", "broken_amount", "reason")),
        (_("After a broken promise"), ("lifted_by", "lifted_at", "lift_reason")),
    )
