"""What the system finds in an application before a person reviews it: complete, right, allowed (JD 2.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm import clock
from orders.models import Order


@dataclass(frozen=True)
class Finding:
    """One finding. A `stop` must be mended before the review can be passed; anything else is for a person to judge."""

    code: str
    sentence: str
    stop: bool = False
    line: int | None = None  # the line's position, where it is about one

    def kept(self) -> dict[str, Any]:
        """As the log and REST have it."""
        return {"code": self.code, "sentence": self.sentence, "stop": self.stop, "line": self.line}


def findings(order: Order) -> list[Finding]:
    """What is missing, wrong or forbidden in an application, stops first. Four queries whatever its length."""
    found = [*_completeness(order), *_lines(order), *_compliance(order)]
    return sorted(found, key=lambda each: not each.stop)


def _completeness(order: Order) -> Iterator[Finding]:
    if order.contact is None:
        yield Finding("no_contact", _("There is no contact to confirm the order with."))
    elif not (order.contact.phones or order.contact.email):
        yield Finding("unreachable", _("The contact has neither phone nor mail address."))
    if order.fulfilment == Order.Fulfilment.DELIVERY and not order.place:
        yield Finding("no_place", _("A delivery needs a place."), stop=True)
    if order.wanted_on < clock.today() and not order.history:
        yield Finding("past_date", _("The date on which the goods are wanted is past."), stop=True)


def _lines(order: Order) -> Iterator[Finding]:
    lines = list(order.lines.select_related("product", "unit").order_by("position"))
    if not lines:
        yield Finding("no_lines", _("The order has no lines."), stop=True)
    for line in lines:
        where = {"line": line.position, "product": line.product}
        if line.product.status == line.product.Status.DISCONTINUED and not order.history:
            yield Finding("discontinued", _("Line %(line)s: %(product)s is discontinued.") % where, True, line.position)
        if line.list_price is None:
            yield Finding("no_price", _("Line %(line)s: %(product)s has no list price.") % where, False, line.position)
        elif line.lowest is not None and line.price < line.lowest:
            price = {**where, "price": line.price, "lowest": line.lowest}
            sentence = _("Line %(line)s: %(price)s is below the lowest price %(lowest)s.") % price
            stop = not (order.price_reason or order.history)
            yield Finding("price_too_low", sentence, stop, line.position)
        elif line.price != line.list_price:
            price = {**where, "price": line.price, "list": line.list_price}
            sentence = _("Line %(line)s: %(price)s differs from the list price %(list)s.") % price
            yield Finding("price_differs", sentence, False, line.position)


def _compliance(order: Order) -> Iterator[Finding]:
    customer = order.customer
    if customer.supply_suspended:
        sentence = _("Supply to this customer is suspended: %(reason)s") % {"reason": customer.suspension_reason}
        yield Finding("suspended", sentence, stop=True)
    if order.payment_terms == customer.Terms.PREPAY and not order.history:
        yield Finding("prepay", _("The goods can be collected only after they are paid."))
