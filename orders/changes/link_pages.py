"""The customer's pages: a change before and after, an extension with cause and remedy, and handing in a request."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.words import exact
from orders.changes.actions.requests import REQUEST_PURPOSE
from orders.changes.facts import differences
from orders.changes.models import EXTENSION_PURPOSE, LINK_PURPOSE, Change, CustomerRequest, Extension
from orders.link_pages import state_of
from orders.models import Order

C, E, OS = Change.Status, Extension.Status, Order.Status
CHANGES_IN_WORDS = {
    C.CONFIRMED: _("You have confirmed this change, and we are putting it into effect."),
    C.DECLINED: _("You have declined this change; your order stays as it is."),
    C.APPLIED: _("Your order is changed as you confirmed."),
    C.WITHDRAWN: _("This change was withdrawn; your order stays as it is."),
}
ORDERS_OVER = {
    OS.CANCELLED: _("Your order was cancelled, so there is nothing to decide here any more."),
    OS.CLOSED: _("Your order is complete, so there is nothing to decide here any more."),
}
EXTENSIONS_IN_WORDS = {
    E.AGREED: _("You have agreed to the new date."),
    E.DECLINED: _("You have declined the new date; we will come back to you."),
    E.COUNTERED: _("You have proposed another date; we will come back to you."),
    E.WITHDRAWN: _("This request was withdrawn; the date of your order stays."),
}


def _order_over(order: Order) -> Any:
    """That the order is over, to the customer; "" where it is not."""
    return ORDERS_OVER.get(OS(order.status), "")


def change_state(change: Change) -> Any:
    """Where the change stands, in one sentence to the customer."""
    if change.status == C.WITHDRAWN and (over := _order_over(change.order)):
        return over
    return CHANGES_IN_WORDS.get(C(change.status), _("We are revising this change and will send it to you anew."))


def change_facts(change: Change, link: Link) -> list[tuple[Any, Any]]:
    """What he confirms: each thing by the order as it is now, and as it is to be."""
    rows: list[tuple[Any, Any]] = [
        (_("order number"), change.order.number),
        (_("order change"), change.number),
        (_("why"), change.why),
    ]
    return [*rows, *((each.label, each.arrow) for each in differences(change, live=True))]


def change_receipt(change: Change, link: Link) -> list[tuple[Any, Any]]:
    """What he answered, and what became of it."""
    rows = [
        (_("state"), change_state(change)),
        (_("order number"), change.order.number),
        (_("order change"), change.number),
    ]
    return [*rows, *((each.label, each.arrow) for each in differences(change))]


def extension_state(extension: Extension) -> Any:
    """Where the extension request stands, in one sentence to the customer."""
    if extension.status == E.WITHDRAWN and (over := _order_over(extension.order)):
        return over
    return EXTENSIONS_IN_WORDS.get(E(extension.status), _("We are revising this and will come back to you."))


def extension_facts(extension: Extension, link: Link) -> list[tuple[Any, Any]]:
    """Cause, remedy and new date, as he decides on them."""
    return [
        (_("order number"), extension.order.number),
        (_("extension request"), extension.number),
        (_("cause"), extension.get_cause_display()),
        (_("what has happened"), extension.what),
        (_("remedy"), extension.remedy),
        (_("wanted on"), exact(extension.order.wanted_on)),
        (_("new date"), exact(extension.new_on) if extension.new_on else ""),
    ]


def extension_receipt(extension: Extension, link: Link) -> list[tuple[Any, Any]]:
    """What he answered, and what became of it."""
    rows: list[tuple[Any, Any]] = [
        (_("state"), extension_state(extension)),
        (_("order number"), extension.order.number),
        (_("wanted on, before"), exact(extension.wanted_before)),
    ]
    if extension.new_on and extension.status == E.AGREED:
        rows.append((_("new date"), exact(extension.new_on)))
    if extension.proposed_on:
        rows.append((_("date that you proposed"), exact(extension.proposed_on)))
    return rows


def order_facts(order: Order, link: Link) -> list[tuple[Any, Any]]:
    """Which order it is, and how far it is."""
    return [
        (_("order number"), order.number),
        (_("state"), state_of(order)),
        (_("wanted on"), exact(order.wanted_on)),
    ]


def handed_in(order: Order, link: Link) -> dict[str, Any]:
    """What he asked for by his links, with our answers."""
    rows = CustomerRequest.objects.filter(order=order, channel="link").order_by("-pk")[:20]
    return {"requests": list(rows)}


LinkPage(
    LINK_PURPOSE,
    title=_("Please confirm the change of your order"),
    lead=_("Compare each line before and after. Confirm, or tell us why you do not agree."),
    verbs=("changes.agree_to_change", "changes.decline_change"),
    facts=change_facts,
    buttons={"changes.agree_to_change": _("Confirm the change"), "changes.decline_change": _("I do not agree")},
    receipt=change_receipt,
    state=change_state,
)
LinkPage(
    EXTENSION_PURPOSE,
    title=_("A later date for your order"),
    lead=_("We are sorry. Please read cause and remedy, then agree, decline, or propose a date that suits you."),
    verbs=("changes.agree_to_extension", "changes.propose_date", "changes.decline_extension"),
    facts=extension_facts,
    buttons={
        "changes.agree_to_extension": _("Agree to the new date"),
        "changes.propose_date": _("Propose another date"),
        "changes.decline_extension": _("I do not agree"),
    },
    receipt=extension_receipt,
    state=extension_state,
)
LinkPage(
    REQUEST_PURPOSE,
    title=_("Requests about your order"),
    lead=_("Tell us what you need while your order is made. We answer within one working day."),
    verbs=("changes.hand_in_request",),
    facts=order_facts,
    context=handed_in,
    buttons={"changes.hand_in_request": _("Send the request")},
    template="links/requests.html",
    single_use=False,
    state=state_of,
)
