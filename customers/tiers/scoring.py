"""Working out tiers for many customers at once, and proposing what differs from what they have (KH 2.2)."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from crm import clock
from crm.accounts.models import User
from crm.deadlines.one_by_one import one_by_one
from customers.models import Customer
from customers.tiers.measures import MEASURES, Span, points
from customers.tiers.models import MOST_POINTS, Proposal, Scheme, Score

log = logging.getLogger(__name__)

Tier = Customer.Tier
BATCH = 1000  # customers of one transaction
IN_BUSINESS = [each for each in Customer.Status if each != Customer.Status.LOST]
WORKED_OUT = ["at", "total", "tier", "measures", "scheme"]
RENEWED = ["proposed_at", "tier", "total", "threshold", "measures", "version"]


@dataclass(frozen=True)
class Weighing:
    """What one measure counts, and from which figures on it gives points."""

    weight: int
    steps: tuple[Decimal, ...]


@dataclass(frozen=True)
class Parameters:
    """How tiers are worked out on a day: those of the scheme in force, and of the code for what it leaves out."""

    months: int
    rest_months: int
    thresholds: dict[str, Decimal]  # by tier, the highest first
    weighings: dict[str, Weighing]
    scheme: int | None

    def tier_of(self, total: Decimal) -> str:
        """The tier that a sum makes."""
        return next((tier for tier, begins in self.thresholds.items() if total >= begins), str(Tier.POTENTIAL))


@dataclass(frozen=True)
class Worked:
    """What was worked out for one customer."""

    customer: int
    total: Decimal
    tier: str
    measures: list[dict[str, Any]]


def parameters() -> Parameters:
    """What holds today; two queries."""
    scheme = Scheme.objects.filter(valid_from__lte=clock.today()).first() or Scheme()
    weighings = {key: Weighing(each.weight, each.steps) for key, each in MEASURES.items()}
    for row in scheme.weights.all() if scheme.pk else ():
        if row.measure in weighings:
            weighings[row.measure] = Weighing(row.weight, row.steps)
    thresholds = {
        str(Tier.VIP): scheme.vip_from,
        str(Tier.KEY): scheme.key_from,
        str(Tier.REGULAR): scheme.regular_from,
        str(Tier.POTENTIAL): Decimal(0),
    }
    return Parameters(scheme.months, scheme.rest_months, thresholds, weighings, scheme.pk)


def worked_out(customers: list[int], by: Parameters) -> list[Worked]:
    """What the measures make of these customers: one query for each measure, whatever their number."""
    span = Span(clock.today(), by.months)
    figures = {key: each.figures(customers, span) for key, each in MEASURES.items() if by.weighings[key].weight}
    most = sum(by.weighings[key].weight for key in figures) * MOST_POINTS
    found = []
    for customer in customers:
        rows = []
        for key, of in figures.items():
            weighing, figure = by.weighings[key], of.get(customer)
            rows.append(kept(key, figure, points(figure, weighing.steps), weighing.weight))
        reached = sum(row["points"] * row["weight"] for row in rows)
        total = (Decimal(100 * reached) / most).quantize(Decimal("0.01"), ROUND_HALF_UP) if most else Decimal(0)
        found.append(Worked(customer, total, by.tier_of(total), rows))
    return found


def kept(key: str, figure: Decimal | None, reached: int, weight: int) -> dict[str, Any]:
    """One measure as scores and proposals keep it: what it was then, whatever the scheme says later."""
    return {"key": key, "figure": None if figure is None else f"{figure:f}", "points": reached, "weight": weight}


def score(customers: list[int]) -> dict[int, Proposal]:
    """Work out the tiers of these customers, and propose those that differ; answers the open proposals by customer.

    An open proposal is renewed with the present figures; one for the tier that the customer has by now is withdrawn.
    What was overridden is not proposed again while it rests. As many queries whatever the number of customers, but for
    what is withdrawn.
    """
    by = parameters()
    now = clock.now()
    locked = Customer.objects.filter(pk__in=customers).order_by("pk").select_for_update(of=("self",), no_key=True)
    present = dict(locked.values_list("pk", "tier"))  # nobody sets one of these tiers until it is written
    found = worked_out(list(present), by)
    Score.objects.bulk_create(
        [Score(customer_id=each.customer, at=now, scheme_id=by.scheme, **_facts(each)) for each in found],
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=WORKED_OUT,
        batch_size=BATCH,
    )
    waiting = Proposal.objects.filter(customer__in=customers, status=Proposal.Status.OPEN)
    open_ones = {row.customer_id: row for row in waiting.select_related("customer")}
    resting = _resting(customers, by)
    fresh, renewed = [], []
    for each in found:
        row = open_ones.get(each.customer)
        if each.tier == present[each.customer] or (row is None and (each.customer, each.tier) in resting):
            if row is not None:
                _withdraw(open_ones.pop(each.customer))
            continue
        facts = {**_facts(each), "threshold": by.thresholds[each.tier], "proposed_at": now}
        if row is None:
            fresh.append(Proposal(customer_id=each.customer, before=present[each.customer], **facts))
        else:
            if (row.tier, row.total) != (each.tier, each.total):
                row.version += 1  # whoever read it before does not adopt another one unseen
            for name, value in facts.items():
                setattr(row, name, value)
            renewed.append(row)
    for row in Proposal.objects.bulk_create(fresh):
        open_ones[row.customer_id] = row
    Proposal.objects.bulk_update(renewed, RENEWED, batch_size=BATCH)
    return open_ones


def score_month() -> int:
    """Work out whoever was not yet in this month, in batches of a transaction each; answers how many.

    Run each night: what was interrupted is taken up by the next, and who is new is worked out the night after.
    """
    month = clock.midnight().replace(day=1)
    waiting = Customer.objects.filter(Q(score=None) | Q(score__at__lt=month), status__in=IN_BUSINESS)
    done, last = 0, 0
    while pks := list(waiting.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        done, last = done + _scored(pks), pks[-1]
    return done


def _scored(pks: list[int]) -> int:
    """Work these out in one transaction; if that fails, each in its own. Answers how many were."""
    try:
        with transaction.atomic():
            score(pks)
    except Exception:
        log.exception("a batch of %d tiers could not be worked out", len(pks))
        alone = transaction.atomic(lambda customer: score([customer.pk]))
        return one_by_one(Customer.objects.filter(pk__in=pks).order_by("pk"), alone)
    return len(pks)


def _facts(each: Worked) -> dict[str, Any]:
    return {"total": each.total, "tier": each.tier, "measures": each.measures}


def _resting(customers: list[int], by: Parameters) -> set[tuple[int, str]]:
    """Which tiers were overridden so lately that they are not proposed again."""
    since = clock.now() - timedelta(days=30 * by.rest_months)
    rows = Proposal.objects.filter(customer__in=customers, status=Proposal.Status.OVERRIDDEN, decided_at__gt=since)
    return set(rows.values_list("customer_id", "tier"))


def _withdraw(proposal: Proposal) -> None:
    from customers.tiers.actions import withdraw_proposal

    withdraw_proposal(proposal, by=User.objects.system("clock"))
