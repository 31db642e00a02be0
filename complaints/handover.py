"""What a handover already says of a complaint about it: what was short, what the customer objected to, the photos."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import override

from complaints.models import Category, Complaint, Evidence
from crm.accounts.models import User
from crm.records.attachments import attach, content_of
from crm.records.models import Attachment
from orders.catalog.models import Product
from pickup.models import PHOTO, Pickup, Record, RecordLine


@dataclass(frozen=True)
class Noted:
    """What was recorded at a handover that was not as it should be."""

    content: str
    category: str
    product: Product | None


def _said(lines: Iterable[RecordLine]) -> list[str]:
    """What differed, line by line, in the house's language: the customer and others read it, whoever writes it down."""
    with override(settings.LANGUAGE_CODE):
        return [
            f"{each.line}: {each.quantity.normalize():f} / {each.due.normalize():f} ({each.difference})"
            for each in lines
        ]


def noted_at(pickup: Pickup) -> Noted:
    """What the handovers of a pickup that still hold say: all differences and objections, empty where there are none.

    It is a shortage where less left than was due, and of another kind that the clerk must choose where it is not; the
    product is proposed where only one differs.
    """
    records = list(pickup.records.handovers().order_by("pk"))
    lines = RecordLine.objects.filter(record__in=records).exclude(difference="").order_by("record", "line__position")
    differing = list(lines.select_related("line__product"))
    words = [*_said(differing), *(each.objection for each in records if each.objection)]
    short = any(each.quantity < each.due for each in differing)
    products = {each.line.product for each in differing}
    return Noted(
        content="\n".join(words),
        category=Category.SHORTAGE if short else "",
        product=products.pop() if len(products) == 1 else None,
    )


def short_of(pickup: Pickup, product: Product | None) -> Decimal:
    """How much less of a product left than was due, in base units, at the handovers of a pickup that still hold."""
    rows = RecordLine.objects.filter(record__pickup=pickup, record__kind=Record.Kind.HANDOVER, record__reversal=None)
    lines = rows.filter(line__product=product).exclude(difference="")
    return sum((each.due - each.quantity for each in lines), Decimal(0))


def photos_of(pickup: Pickup) -> list[Attachment]:
    """The photos that were taken when the goods were handed over."""
    return list(Attachment.objects.about(pickup).filter(kind=PHOTO).select_related("by").order_by("pk"))


def take_photos(complaint: Complaint, pickup: Pickup, *, by: User) -> None:
    """Take the photos of a handover over as evidence: copies of their own with the same hash, for whoever sees it."""
    for each in photos_of(pickup):
        copy: Any = ContentFile(b"".join(content_of(each)), name=each.name)
        Evidence.objects.create(
            complaint=complaint,
            what=f"{pickup} · {each.name}",
            source=Evidence.Source.SITE,
            taken_by=each.by.display_name[:60],
            taken_at=each.at,
            file=attach(complaint, copy, by=by, kind="evidence"),
            added_by=each.by,  # who took it does not judge it; who opens the complaint may
        )
