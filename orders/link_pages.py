"""The page on which a customer confirms his order by a link, and how he is told where an order stands."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.words import exact, money, quantity
from customers.models import Channel
from orders.models import Order

S = Order.Status
IN_WORDS = {  # of the customer, who knows nothing of reviews, desks and owners
    S.DRAFT: _("We have received your order and are completing it."),
    S.SUBMITTED: _("We have received your order and are checking it."),
    S.RETURNED: _("We have received your order and are clearing a question about it."),
    S.REVIEWED: _("We have checked your order and will soon confirm it with you."),
    S.ALLOCATED: _("We have checked your order and will soon confirm it with you."),
    S.ACCEPTED: _("Your order waits for your confirmation."),
    S.CONFIRMED: _("Your order is confirmed, and we are preparing the goods."),
    S.SHORT: _("Your order is confirmed. Some goods are not in stock yet, and we will tell you more."),
    S.READY: _("Your goods are ready."),
    S.COLLECTED: _("You have received your goods."),
    S.SIGNED_OFF: _("You have received your goods."),
    S.CLOSED: _("Your order is complete."),
    S.CANCELLED: _("This order was cancelled."),
}


def state_of(order: Order) -> Any:
    """Where the order stands, in one sentence to the customer."""
    return IN_WORDS[S(order.status)]


def order_facts(order: Order, link: Link) -> list[tuple[Any, Any]]:
    """Every line, price and date, as the customer decides on them."""
    rows: list[tuple[Any, Any]] = [(_("order number"), order.number), (_("wanted on"), exact(order.wanted_on))]
    for line in order.lines.select_related("product", "unit").order_by("position"):
        text = f"{quantity(line.quantity, str(line.unit))} × {money(line.price)} = {money(line.amount)}"
        goods = " · ".join(filter(None, [f"{line.position}. {line.product}", line.specification]))
        rows.append((goods, text))
    rows += [(_("total with tax"), money(order.total)), (_("payment terms"), order.get_payment_terms_display())]
    return [*rows, (_("place"), order.place)] if order.place else rows


def receipt(order: Order, link: Link) -> list[tuple[Any, Any]]:
    """How far the order is, whenever he looks again, and what it is."""
    return [(_("state"), state_of(order)), *order_facts(order, link)]


def given(verb: str, order: Order, link: Link) -> dict[str, Any]:
    """What the page itself knows of a confirmation."""
    return (
        {"channel": Channel.LINK, "contact": order.contact_id, "remarks": ""} if verb == "orders.confirm_order" else {}
    )


LinkPage(
    "orders.confirm",
    title=_("Please confirm your order"),
    lead=_("Check every line, price and date. Confirm, or tell us what should be different."),
    verbs=("orders.confirm_order", "orders.ask_for_changes"),
    facts=order_facts,
    given=given,
    buttons={"orders.confirm_order": _("Confirm the order"), "orders.ask_for_changes": _("Ask for changes")},
    receipt=receipt,
    state=state_of,
)
