"""Causes that come again: the same cause and product, or batch, so many times within ninety days (K8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from complaints.models import Cause, Complaint
from crm import clock
from crm.accounts.models import User
from orders.catalog.models import Product

WITHIN = timedelta(days=90)
LOOKED_AT = 500  # complaints like one of them, around it


def least() -> int:
    """How many times make a cause a recurring one; an administrator sets it (CRM_RECURRING_COMPLAINTS)."""
    return settings.RECURRING_COMPLAINTS


@dataclass(frozen=True)
class Pattern:
    """A cause that came again with a product, or with a batch: how often, since when, and which complaints."""

    cause: Cause
    product: Product | None
    batch: str
    number: int
    since: datetime
    until: datetime
    complaints: Sequence[int]  # their keys, the latest first

    @property
    def goods(self) -> str:
        """The product or the batch."""
        return str(self.product) if self.product else self.batch

    @property
    def url(self) -> str:
        """The address of its complaints."""
        asked: dict[str, Any] = {"cause": self.cause.pk}
        asked |= {"product": self.product.pk} if self.product else {"batch": self.batch}
        asked |= {"received_from": timezone.localdate(self.since).isoformat()}
        asked |= {"received_until": timezone.localdate(self.until).isoformat()}
        return f"{reverse('complaints')}?{urlencode(asked)}"


def patterns(rows: QuerySet[Complaint] | None = None) -> list[Pattern]:
    """The recurring causes of the last ninety days among `rows` (all complaints), the most frequent first.

    Four queries, however many there are. A batch is named where its product is not: a pattern that its product shows
    already is not told twice.
    """
    all_rows = Complaint.objects.all() if rows is None else rows
    recent = all_rows.filter(received_at__gte=clock.now() - WITHIN, cause__isnull=False).order_by()
    by_product = list(_grouped(recent.filter(product__isnull=False), "product"))
    known = {(row["cause"], row["product"]) for row in by_product}
    by_batch = [row for row in _grouped(recent.exclude(batch=""), "batch") if (row["cause"], row["goods"]) not in known]
    causes = Cause.objects.select_related("parent").in_bulk({row["cause"] for row in (*by_product, *by_batch)})
    products = Product.objects.in_bulk({row["product"] for row in by_product})
    found = [
        Pattern(
            causes[row["cause"]],
            products.get(row.get("product")),
            row.get("batch", ""),
            row["number"],
            row["since"],
            row["until"],
            row["keys"],
        )
        for row in (*by_product, *by_batch)
    ]
    return sorted(found, key=lambda each: (-each.number, each.goods))


def _grouped(rows: Any, field: str) -> Any:
    return (
        rows.values("cause", field)
        .annotate(
            number=Count("pk"),
            since=Min("received_at"),
            until=Max("received_at"),
            goods=Max("product"),
            keys=ArrayAgg("pk", order_by="-pk"),
        )
        .filter(number__gte=least())
    )


def of_complaint(complaint: Complaint, user: User) -> tuple[int, Pattern] | None:
    """How often its cause came again around it, as far as `user` sees: the most within any ninety days with it.

    None where the cause is no recurring one, or not found yet; one query.
    """
    alike = Q(product=complaint.product_id) if complaint.product_id else Q()
    if complaint.batch:
        alike |= Q(batch=complaint.batch)
    if complaint.cause is None or not alike:
        return None
    rows: Any = Complaint.objects.visible_to(user)
    near = rows.filter(
        alike,
        cause=complaint.cause_id,
        received_at__gte=complaint.received_at - WITHIN,
        received_at__lte=complaint.received_at + WITHIN,
    )
    found = list(near.order_by("received_at", "pk").values_list("received_at", "pk", "product", "batch")[:LOOKED_AT])
    best: tuple[int, Pattern] | None = None
    for by_batch in (False, True):
        if by_batch:
            same = [row for row in found if complaint.batch and row[3] == complaint.batch]
        else:
            same = [row for row in found if complaint.product_id is not None and row[2] == complaint.product_id]
        window = _fullest(same, complaint.pk)
        if len(window) >= least() and (best is None or len(window) > best[0]):
            pattern = Pattern(
                complaint.cause,
                None if by_batch else complaint.product,
                complaint.batch if by_batch else "",
                len(window),
                window[0][0],
                window[-1][0],
                [row[1] for row in reversed(window)],
            )
            best = len(window), pattern
    return best


def _fullest(rows: list[Any], pk: int) -> list[Any]:
    """Of rows in the order of time, the longest run within ninety days that has the complaint in it."""
    best: list[Any] = []
    start = 0
    for end, row in enumerate(rows):
        while row[0] - rows[start][0] > WITHIN:
            start += 1
        run = rows[start : end + 1]
        if len(run) > len(best) and any(each[1] == pk for each in run):
            best = run
    return best
