"""When the customer comes: a window is planned, told, confirmed, moved, called off or missed (ZT 3.3)."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock, via
from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.links.making import end_links, make_link
from crm.links.models import Link
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused
from customers.models import Contact
from orders.contracts.guard import contract_missing
from orders.models import Order
from pickup import forms, windows
from pickup.models import CODE_DIGITS, LINK_PURPOSE, Pickup, Window
from pickup.stock.models import Reservation

S = Pickup.Status
LINK_LASTS = timedelta(days=30)


def still_expected(order: Order, by: User) -> Refused | None:
    """Why not, where a pickup of the order is still expected."""
    pickup = order.pickups.filter(status__in=Pickup.EXPECTED).first()
    if pickup is None:
        return None
    return Refused(
        "expected",
        _("Pickup %(number)s of this order is still expected.") % {"number": pickup.number},
        _("Move or cancel that one."),
    )


def _expected_already(order: Order, by: User) -> Refused | None:
    if order.fulfilment == Order.Fulfilment.DELIVERY:
        return Refused("delivery", _("This order is delivered to the customer."), _("Record the delivery."))
    return still_expected(order, by)


@action(
    Order,
    label=gettext_lazy("Plan the pickup"),
    source={Order.Status.READY},
    form=forms.PlanForm,
    unless=_expected_already,
)
def plan_pickup(
    order: Order, *, by: User, window: Window, contact: Contact | None = None, notify: bool = False
) -> Pickup:
    """Choose a window with room for the goods that are ready, and tell the customer (ZT 3.3)."""
    held = Reservation.objects.filter(line__order=order).select_related("stock__warehouse").first()
    if held and held.stock.warehouse_id != window.warehouse_id:
        raise Refused(
            "wrong_place",
            _("The goods lie in %(warehouse)s.") % {"warehouse": held.stock.warehouse},
            _("Choose a window there."),
        )
    windows.take(window)
    pickup = Pickup.objects.create(
        number=next_number("PK"),
        code=_new_code(),
        order=order,
        customer_id=order.customer_id,
        contact_id=contact.pk if contact else order.contact_id,
        warehouse_id=window.warehouse_id,
        window=window,
        owner_id=order.owner_id or by.pk,
    )
    if notify:
        send_notice(pickup, by=by)
    return pickup


def _new_code() -> str:
    """A code that is easy to read out and hard to guess; the unique column refuses the rare double."""
    return "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))


def _new_link(pickup: Pickup, contact: Contact, *, by: User) -> tuple[Link, str]:
    """A link to the pickup for its contact, and its address."""
    return make_link(
        LINK_PURPOSE, pickup, by=by, contact_name=contact.name, language=contact.language, valid_for=LINK_LASTS
    )


def _appointment(pickup: Pickup, *names: str) -> dict[str, Any]:
    """What a message says of the pickup: its order and times, and what else is named."""
    more = {
        "code": pickup.code,
        "place": pickup.warehouse.name,
        "address": pickup.warehouse.address,
        "map": pickup.warehouse.map_url,
        "phone": pickup.warehouse.phone or settings.COMPANY_PHONE,
    }
    return {
        "number": pickup.order.number,
        "starts_at": pickup.window.starts_at,
        "ends_at": pickup.window.ends_at,
        **{name: more[name] for name in names},
    }


def _no_contract(pickup: Pickup, by: User) -> Refused | None:
    return contract_missing(pickup.order)


@action(
    Pickup,
    label=gettext_lazy("Send the pickup notice"),
    source={S.PLANNED, S.NOTIFIED},
    target=S.NOTIFIED,
    unless=_no_contract,
)
def send_notice(pickup: Pickup, *, by: User) -> None:
    """Tell the customer when and where to come and what to bring, by mail and by a call (ZT 3.3)."""
    contact = pickup.contact
    if contact is None:
        raise Refused("no_contact", _("There is nobody to tell."), _("Add a contact to the order."))
    end_links(pickup, LINK_PURPOSE)
    _link, url = _new_link(pickup, contact, by=by)
    context = {**_appointment(pickup, "code", "place", "address", "map", "phone"), "link": url}
    key = f"pickup-notice-{pickup.pk}-{pickup.version}"
    queue.reach(
        contact, template="pickup.notice", about=pickup, context=context, key=key, assignee=pickup.owner, both=True
    )
    pickup.notified_at = clock.now()


@action(Pickup, label=gettext_lazy("Confirm the pickup"), source={S.NOTIFIED}, target=S.CONFIRMED)
def confirm_pickup(pickup: Pickup, *, by: User) -> None:
    """Note that the customer will come in his window (ZT 3.3)."""
    pickup.confirmed_at = clock.now()
    queue.withdraw(pickup, template="pickup.notice")


@action(
    Pickup,
    label=gettext_lazy("Choose another time"),
    source={S.NOTIFIED, S.CONFIRMED, S.ARRIVED, S.MISSED},
    target=S.CONFIRMED,
    form=forms.MoveForm,
)
def move_pickup(pickup: Pickup, *, by: User, window: Window, reason: str = "") -> None:
    """Move the pickup to another window with room, as the customer wishes; he is told unless he did it (ZT 3.3)."""
    windows.change(pickup.window, window, held=pickup.status != S.MISSED)
    pickup.window, pickup.reason = window, reason
    pickup.moves += 1
    pickup.confirmed_at, pickup.arrived_at = clock.now(), None
    queue.withdraw(pickup, template="pickup.notice")
    if via.current().door != via.Door.LINK and pickup.contact and pickup.contact.email:
        queue.mail(
            contact=pickup.contact,
            template="pickup.moved",
            about=pickup,
            context=_appointment(pickup, "code", "place", "address"),
            key=f"pickup-moved-{pickup.pk}-{pickup.version}",
        )


def _no_address(pickup: Pickup, by: User) -> Refused | None:
    if pickup.contact and pickup.contact.email:
        return None
    return Refused(
        "no_mail_address",
        _("The contact of this pickup has no mail address."),
        _("Call instead."),
    )


@action(Pickup, label=gettext_lazy("Remind the customer of the notice"), source={S.NOTIFIED}, unless=_no_address)
def remind_customer(pickup: Pickup, *, by: User) -> None:
    """Mail a customer who has not answered the notice once more; the link of the notice stays open too (ZT 3.3)."""
    contact = pickup.contact
    assert contact is not None
    link, url = _new_link(pickup, contact, by=by)
    queue.mail(
        contact=contact,
        template="pickup.reminder",
        about=pickup,
        context={**_appointment(pickup, "place", "phone"), "link": url},
        key=f"pickup-reminder-{link.pk}",
    )


@action(Pickup, label=gettext_lazy("Ask for the answer by phone"), source={S.NOTIFIED})
def ask_by_phone(pickup: Pickup, *, by: User) -> None:
    """Ask the owner to call a customer who has not answered the notice (ZT 3.3)."""
    contact = pickup.contact
    phone = contact and (contact.mobile or contact.phone)
    if not contact or not phone:
        return
    queue.call(
        assignee=pickup.owner,
        template="pickup.unanswered",
        about=pickup,
        context=_appointment(pickup, "place"),
        key=f"pickup-unanswered-{pickup.pk}-{pickup.version}",
        contact_name=contact.name,
        phone=phone,
        language=contact.language,
    )


@action(
    Pickup,
    label=gettext_lazy("Cancel the pickup"),
    source={S.PLANNED, S.NOTIFIED, S.CONFIRMED, S.ARRIVED, S.MISSED},
    target=S.CANCELLED,
    form=ReasonForm,
)
def cancel_pickup(pickup: Pickup, *, by: User, reason: str) -> None:
    """Call a pickup off; the goods stay reserved for the order."""
    if pickup.status != S.MISSED:
        windows.give_back(pickup.window)
    pickup.reason = reason
    queue.withdraw(pickup)
    end_links(pickup, LINK_PURPOSE)


@action(Pickup, label=gettext_lazy("Did not come"), source={S.PLANNED, S.NOTIFIED, S.CONFIRMED}, target=S.MISSED)
def miss_pickup(pickup: Pickup, *, by: User) -> None:
    """Note that the window went by without the customer; he is offered another one, and his owner is told (P12)."""
    if pickup.notified_at and pickup.contact and pickup.contact.email:
        _offer_another(pickup, pickup.contact, by=by)
    queue.notify(
        pickup.owner,
        "pickup.missed",
        about=pickup,
        context={"number": pickup.order.number, "customer": pickup.customer.name, "window": str(pickup.window)},
        key=f"pickup-missed-{pickup.pk}-{pickup.version}",
    )


def _offer_another(pickup: Pickup, contact: Contact, *, by: User) -> None:
    """Mail the customer a new link, under which he chooses another window himself."""
    end_links(pickup, LINK_PURPOSE)
    link, url = _new_link(pickup, contact, by=by)
    queue.mail(
        contact=contact,
        template="pickup.another",
        about=pickup,
        context={**_appointment(pickup, "phone"), "link": url},
        key=f"pickup-another-{link.pk}",
    )
