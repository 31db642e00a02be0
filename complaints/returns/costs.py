"""What returned goods cost: what was taken off for them."""

from django.utils.translation import gettext_lazy as _

from complaints.costs import COSTS, Cost
from complaints.models import Plan
from complaints.returns.models import ReturnReceipt

COSTS.append(
    Cost(
        "returned",
        _("Returned goods"),
        ReturnReceipt.objects.all,
        complaint="notice__complaint",
        tone="done",
        instead_of={Plan.Outcome.RETURN},
    )
)
