"""What a reviewer should know of an order that came from a quotation: whose prices these are."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from crm.words import money
from orders.findings import Finding, check
from orders.models import Order
from orders.quotations.models import Quotation


@check
def quoted(order: Order) -> Iterator[Finding]:
    """The prices are those of an accepted quotation, whatever the list says; one that costs otherwise says so."""
    found = Quotation.objects.filter(order=order).only("number", "latest", "total").first()
    if found is None:
        return
    values = {"number": f"{found.number}-{found.latest}", "total": money(found.total)}
    if found.total == order.total:
        yield Finding(
            "quoted", _("The prices are those of quotation %(number)s, which the customer accepted.") % values
        )
    else:
        sentence = _("The customer accepted quotation %(number)s over %(total)s; this order is over another amount.")
        yield Finding("quoted_otherwise", sentence % values)
