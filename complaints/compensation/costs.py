"""What compensations and discounts cost, as both sides have signed and as it was taken off."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.compensation.models import Agreement, Discount
from complaints.costs import COSTS, Cost
from complaints.models import Plan


def in_force() -> QuerySet[Agreement]:
    """Agreements that act, and say an amount."""
    return Agreement.objects.filter(status=Agreement.Status.IN_FORCE, amount__gt=0)


def granted() -> QuerySet[Discount]:
    """Discounts that were not taken back."""
    return Discount.objects.filter(allowance__reversal=None)


COSTS += [
    Cost("compensation", _("Compensation"), in_force, tone="late", instead_of={Plan.Outcome.COMPENSATION}),
    Cost(
        "discount",
        _("Discount"),
        granted,
        amount="allowance__amount",
        tone="soon",
        instead_of={Plan.Outcome.DISCOUNT},
    ),
]
