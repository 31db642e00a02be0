"""The page on which a customer fills in the order application form, and what it says once he has sent it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.records.search import best_hits
from crm.words import exact, money
from orders.applications.actions import PURPOSE
from orders.applications.forms import FULFILMENTS, offered, shown
from orders.applications.models import SentForm
from orders.link_pages import state_of
from orders.models import Order

OFFERED = 20  # products that the list shows while he types


def facts(form: SentForm, link: Link) -> list[tuple[Any, Any]]:
    """For whom the form is, and how that customer pays."""
    return [
        (_("customer"), form.customer.name),
        (_("payment terms"), form.customer.get_payment_terms_display()),
    ]


def find(form: SentForm, link: Link, question: str) -> list[dict[str, Any]]:
    """The products that his typing finds, as far as they are his to know; the first of the list for nothing typed."""
    rows = offered()
    found = best_hits(rows, question, OFFERED) if question else rows.order_by("code")[:OFFERED]
    return [shown(product) for product in found]


def receipt(form: SentForm, link: Link) -> Iterator[tuple[Any, Any]]:
    """The order's number and state, and what he sent, as he sent it."""
    if form.order is None:
        return
    yield _("order number"), form.order.number
    yield _("state"), state_of(form.order)
    sent = form.content
    for number, line in enumerate(sent["lines"], start=1):
        amount = line["quantity"]
        if "amount" in line:
            amount = f"{amount} × {money(Decimal(line['price']))} = {money(Decimal(line['amount']))}"
        yield f"{number}. {line['what']}", " · ".join(filter(None, [line["specification"], amount]))
    if Decimal(sent["total"]):
        yield _("total with tax"), money(Decimal(sent["total"]))
        yield _("tax in it"), money(Decimal(sent["tax"]))
    yield _("needed on"), exact(date.fromisoformat(sent["wanted_on"]))
    yield _("pickup or delivery"), FULFILMENTS[Order.Fulfilment(sent["fulfilment"])]
    for name, label in (
        ("place", _("place")),
        ("project", _("project name")),
        ("description", _("description")),
        ("reference", _("your order number")),
        ("remarks", _("remarks")),
    ):
        if name in sent:
            yield label, sent[name]


LinkPage(
    PURPOSE,
    title=_("Order application form"),
    lead=_("Write down what you need, when and where. We check it and confirm it with you."),
    verbs=("applications.fill_in_application",),
    facts=facts,
    buttons={"applications.fill_in_application": _("Send the application")},
    template="links/application.html",
    receipt=receipt,
    find=find,
)
