"""What the system finds in an application before a person reviews it: complete, right, allowed (JD 2.2).

An app above this one knows more (what the customer wrote himself, what is in stock): it adds a `check`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm import clock
from crm.deadlines import basis
from crm.words import money
from orders.credit import credit_stops
from orders.exposure import PENDING
from orders.models import Order


@dataclass(frozen=True)
class Finding:
    """One finding. A `stop` must be mended before the review can be passed; anything else is for a person to judge."""

    code: str
    sentence: str
    stop: bool = False
    line: int | None = None  # the line's position, where it is about one


Check = Callable[[Order], Iterable[Finding]]
CHECKS: list[Check] = []


def check(notes: Check) -> Check:
    """Add what is for a person to judge and never a stop; its queries must not grow in number with the lines."""
    CHECKS.append(notes)
    return notes


def findings(order: Order) -> list[Finding]:
    """What is missing, wrong or forbidden in an application, stops first; as many queries whatever its length."""
    found = [*_own(order), *(each for notes in CHECKS for each in notes(order))]
    return sorted(found, key=lambda each: not each.stop)


def stops(order: Order) -> list[Finding]:
    """What must be mended before the review can be passed."""
    return [each for each in _own(order) if each.stop]


def _own(order: Order) -> Iterator[Finding]:
    yield from _completeness(order)
    yield from _lines(order)
    yield from _compliance(order)


def _completeness(order: Order) -> Iterator[Finding]:
    if order.contact is None:
        yield Finding("no_contact", _("There is no contact to confirm the order with."))
    elif not (order.contact.phones or order.contact.email):
        yield Finding("unreachable", _("The contact has neither phone nor mail address."))
    if order.fulfilment == Order.Fulfilment.DELIVERY and not order.place:
        yield Finding("no_place", _("A delivery needs a place."), stop=True)
    if order.wanted_on < clock.today() and not order.history:
        yield Finding("past_date", _("The date on which the goods are wanted is past."), stop=True)


@check
def day_off(order: Order) -> Iterator[Finding]:
    """Whether anybody works on the day on which the goods are wanted."""
    ahead = not order.history and order.wanted_on >= clock.today()
    if ahead and not basis.current().company.intervals(order.wanted_on):
        yield Finding("day_off", _("The goods are wanted on a day on which nobody works here."))


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
        elif line.is_cheap:
            price = {**where, "price": money(line.price), "lowest": money(line.lowest)}
            sentence = _("Line %(line)s: %(price)s is below the lowest price %(lowest)s.") % price
            stop = not (order.price_reason or order.history)
            yield Finding("price_too_low", sentence, stop, line.position)
        elif line.price != line.list_price:
            price = {**where, "price": money(line.price), "list": money(line.list_price)}
            sentence = _("Line %(line)s: %(price)s differs from the list price %(list)s.") % price
            yield Finding("price_differs", sentence, False, line.position)


def _compliance(order: Order) -> Iterator[Finding]:
    customer = order.customer
    if customer.supply_suspended:
        sentence = _("Supply to this customer is suspended: %(reason)s") % {"reason": customer.suspension_reason}
        yield Finding("suspended", sentence, stop=True)
    for each in credit_stops(order) if order.status in PENDING else ():
        yield Finding(each.code, each.sentence, stop=not each.allowed)
    if order.payment_terms == customer.Terms.PREPAY and not order.history:
        yield Finding("prepay", _("The goods can be collected only after they are paid."))
