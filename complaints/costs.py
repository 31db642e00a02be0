"""What complaints cost: each app names the amounts it knows of in its `costs.py`, and the analysis adds them up."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.models import Plan


@dataclass(frozen=True)
class Cost:
    """A kind of cost, as rows that each belong to a complaint.

    rows: the rows that count, whoever reads; the analysis narrows them to the complaints that its reader sees.
    amount, complaint: the lookups of the amount, in the company's currency, and of the complaint.
    instead_of: the outcomes whose promised amounts it replaces, since it knows what was really paid.
    """

    key: str
    label: Any
    rows: Callable[[], QuerySet]
    amount: str = "amount"
    complaint: str = "complaint"
    tone: str = "active"
    instead_of: Collection[str] = ()


def promised() -> QuerySet[Plan]:
    """The plans that were approved: those of earlier rounds, and the present one's once it is."""
    carried_out = Q(round__lt=F("complaint__round")) | Q(
        round=F("complaint__round"), complaint__approved_at__isnull=False
    )
    known = {outcome for each in COSTS for outcome in each.instead_of}
    return Plan.objects.filter(carried_out, amount__gt=0).exclude(outcome__in=known)


COSTS: list[Cost] = [Cost("promised", _("Promised in plans"), promised)]  # apps above add theirs in a `costs.py`
