"""The page on which a customer confirms his order by a link."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.web.templatetags.crm import exact, money, quantity
from customers.models import Channel
from orders.models import Order


def order_facts(order: Order, link: Link) -> list[tuple[Any, Any]]:
    """Every line, price and date, as the customer decides on them."""
    rows: list[tuple[Any, Any]] = [(_("order number"), order.number), (_("wanted on"), exact(order.wanted_on))]
    for line in order.lines.select_related("product", "unit").order_by("position"):
        text = f"{quantity(line.quantity, str(line.unit))} × {money(line.price)} = {money(line.amount)}"
        rows.append((f"{line.position}. {line.product}", text))
    rows += [(_("total with tax"), money(order.total)), (_("payment terms"), order.get_payment_terms_display())]
    return [*rows, (_("place"), order.place)] if order.place else rows


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
)
