"""Whether the goods of an application can be there when they are wanted, as far as the stock tells (JD 2.2)."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from crm import clock
from crm.words import quantity
from orders.findings import Finding, check
from orders.models import Order
from pickup.stock.models import Stock

SOON = timedelta(days=7)  # what is wanted later can still be bought or made


@check
def short_of_stock(order: Order) -> Iterator[Finding]:
    """Goods that are wanted soon and are not free in stock: whether the date can be kept is for a person to judge."""
    left = order.wanted_on - clock.today()
    if order.history or not timedelta(0) <= left <= SOON:
        return
    lines = list(order.lines.select_related("product__unit").order_by("position"))
    rows = Stock.objects.filter(product__in={line.product_id for line in lines}).order_by()
    free: dict[int, Decimal] = dict(rows.values_list("product").annotate(left=Sum(F("quantity") - F("reserved"))))
    for line in lines:
        there = free.get(line.product_id, Decimal(0))
        if line.base_quantity > there:
            unit = str(line.product.unit)
            facts = {"line": line.position, "product": line.product, "free": quantity(there, unit)}
            facts |= {"wanted": quantity(line.base_quantity, unit)}
            sentence = _("Line %(line)s: %(wanted)s of %(product)s are wanted soon, and %(free)s are free in stock.")
            yield Finding("not_in_stock", sentence % facts, line=line.position)
        free[line.product_id] = max(there - line.base_quantity, Decimal(0))
