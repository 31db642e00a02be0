"""When goods left, for what is owed by the terms of orders: by pickup records and by deliveries (JD 7.1)."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from orders.exposure import LEFT_BEFORE
from pickup.models import DeliveryLine, Record, RecordLine


def _quantity(rows: QuerySet) -> Subquery:
    return Subquery(rows.order_by().values("line").annotate(found=Sum("quantity")).values("found"))


def collected_before(day: Any) -> Subquery:
    """How much of a line was handed over before `day`, without what was taken back or has come back since."""
    left = Q(record__kind=Record.Kind.HANDOVER, record__reversal=None, record__at__date__lt=day)
    back = Q(record__kind=Record.Kind.RETURN, record__returns__at__date__lt=day)
    return _quantity(RecordLine.objects.filter(left | back, line=OuterRef("pk")))


def delivered_before(day: Any) -> Subquery:
    """How much of a line was brought before `day`, without what has come back of it since."""
    left = Q(delivery__returns=None, delivery__at__date__lt=day)
    back = Q(delivery__returns__at__date__lt=day)
    return _quantity(DeliveryLine.objects.filter(left | back, line=OuterRef("pk")))


LEFT_BEFORE += [collected_before, delivered_before]
