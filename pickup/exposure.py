"""When goods left, for what is owed by the terms of orders: by pickup records and by deliveries (JD 7.1)."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from orders.exposure import LEFT_BEFORE
from pickup.models import DeliveryLine, Record, RecordLine


def _quantity(rows: QuerySet) -> Subquery:
    return Subquery(rows.order_by().values("line").annotate(found=Sum("quantity")).values("found"))


def collected_before(day: Any) -> Subquery:
    """How much of a line was handed over before `day`, without what was taken back."""
    rows = RecordLine.objects.filter(line=OuterRef("pk"), record__kind=Record.Kind.HANDOVER)
    return _quantity(rows.filter(record__reversal=None, record__at__date__lt=day))


def delivered_before(day: Any) -> Subquery:
    """How much of a line was brought before `day`."""
    return _quantity(DeliveryLine.objects.filter(line=OuterRef("pk"), delivery__at__date__lt=day))


LEFT_BEFORE += [collected_before, delivered_before]
