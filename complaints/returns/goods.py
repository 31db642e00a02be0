"""What of a complaint's goods left and has not come back, by handover and batch, and what is likely meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.returns.models import NoticeLine, ReturnNotice
from crm.refusals import Refused
from orders.models import Line
from pickup.models import Delivery, Record
from pickup.stock.models import Movement

NONE = Decimal(0)
Key = tuple[int, str]  # a line of the order, and a batch


@dataclass(frozen=True)
class Paper:
    """A handover or a delivery of which goods can come back, and how much of each line and batch, in base units."""

    source: Record | Delivery
    order_id: int
    left: dict[Key, Decimal]

    @property
    def number(self) -> str:
        """The number of the record or delivery."""
        return self.source.number

    @property
    def of(self) -> dict[str, Any]:
        """The paper, as a notice names it."""
        return {"record" if isinstance(self.source, Record) else "delivery": self.source}


def sources_of(complaint: Complaint) -> list[Record | Delivery]:
    """What left to the customer: of the pickup that he complains of, else of the order; what was taken back is not."""
    if complaint.pickup_id is None and complaint.order_id is None:
        return []
    records = Record.objects.handovers().select_related("pickup")
    if complaint.pickup_id is not None:
        return list(records.filter(pickup=complaint.pickup_id).order_by("pk"))
    deliveries = Delivery.objects.filter(order=complaint.order_id, returns=None).order_by("pk")
    return [*records.filter(pickup__order=complaint.order_id).order_by("pk"), *deliveries]


def _of(source: Record | Delivery) -> dict[str, Any]:
    return {"notice__record" if isinstance(source, Record) else "notice__delivery": source}


def paper_of(source: Record | Delivery, but: ReturnNotice | None = None) -> Paper:
    """The paper with what left of it, less what has come back and what other notices ask back; `but` one of them."""
    moved = Movement.objects.filter(reference=source.number, kind=Movement.Kind.HANDOVER, line__isnull=False)
    left: dict[Key, Decimal] = {
        (line, batch): -whole
        for line, batch, whole in moved.order_by("line__position", "batch")
        .values_list("line", "batch")
        .annotate(whole=Sum("quantity"))
    }
    rows = NoticeLine.objects.filter(**_of(source)).exclude(notice__status=ReturnNotice.Status.CANCELLED)
    if but is not None:
        rows = rows.exclude(notice=but)
    for line, batch, status, asked, came in rows.annotate(came_back=F("good") + F("defective")).values_list(
        "line", "batch", "notice__status", "quantity", "came_back"
    ):
        taken = came if status == ReturnNotice.Status.DONE else asked
        left[line, batch] = left.get((line, batch), NONE) - taken
    order = source.pickup.order_id if isinstance(source, Record) else source.order_id
    return Paper(source, order, {key: quantity for key, quantity in left.items() if quantity > 0})


def papers_of(complaint: Complaint) -> list[Paper]:
    """The papers of which something can still come back."""
    return [paper for source in sources_of(complaint) if (paper := paper_of(source)).left]


def without_goods(complaint: Complaint) -> Refused | None:
    """Why nothing can come back, or None: nothing left to the customer, or all of it is asked back already."""
    if any(paper_of(source).left for source in sources_of(complaint)):
        return None
    return Refused(
        "nothing_left",
        _("Nothing that could come back was handed over."),
        _("Name the order or the pickup on the complaint; what came back already cannot come back again."),
    )


def likely(complaint: Complaint) -> Iterator[tuple[Paper, dict[Key, Decimal]]]:
    """Of each paper what the complaint is about, by its product, batch and quantity as far as they are known."""
    papers = papers_of(complaint)
    products = dict(Line.objects.filter(order__in={each.order_id for each in papers}).values_list("pk", "product_id"))
    rest = complaint.quantity or None
    for by_batch, by_product in ((True, True), (False, True), (False, False)):
        found = [(paper, _meant(paper, complaint, products, by_batch, by_product)) for paper in papers]
        if any(meant for _paper, meant in found):
            break
    else:
        return
    for paper, meant in found:
        taken: dict[Key, Decimal] = {}
        for key, quantity in meant.items():
            part = quantity if rest is None else min(quantity, rest)
            if part > 0:
                taken[key] = part
                rest = rest if rest is None else rest - part
        if taken:
            yield paper, taken


def _meant(
    paper: Paper, complaint: Complaint, products: dict[int, int], by_batch: bool, by_product: bool
) -> dict[Key, Decimal]:
    batch = complaint.batch if by_batch else ""
    product = complaint.product_id if by_product else None
    return {
        (line, there): quantity
        for (line, there), quantity in paper.left.items()
        if (not batch or there == batch) and (product is None or products[line] == product)
    }
