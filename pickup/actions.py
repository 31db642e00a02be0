"""The life of a pickup: stock checked, planned, told, confirmed, come for, handed over."""

import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock, via
from crm.accounts.models import User
from crm.actions import action
from crm.links.making import end_links, make_link
from crm.outbox import queue
from crm.records.attachments import attach
from crm.records.numbers import next_number
from crm.refusals import Refused
from customers.models import Contact, Customer
from orders.actions import give_up, goods_left, note_collection, reopen_collection
from orders.catalog.money import fen, line_amounts
from orders.models import Line, Order
from pickup import forms, windows
from pickup.models import Authority, Delivery, Pickup, Record, RecordLine, Scan, Window
from pickup.stock import ledger
from pickup.stock.models import Movement, Reservation, Stock, Warehouse
from pickup.verdict import verdict

OS = Order.Status
S = Pickup.Status
CODE_DIGITS = 8
UNDO_WITHIN = timedelta(minutes=15)
LINK_LASTS = timedelta(days=30)
LINK_PURPOSE = "pickup.pass"  # the purpose of the customer's link


def _system() -> User:
    return User.objects.system("pickup")


@action(
    Order,
    label=gettext_lazy("Check the stock"),
    source={OS.CONFIRMED},
    target={OS.READY, OS.SHORT},
    form=forms.CheckStockForm,
)
def check_stock(order: Order, *, by: User, warehouse: Warehouse, sound: bool = True, remarks: str = "") -> str:
    """Look whether enough is there; if so it is reserved and prepared, if not sales is told at once (ZT 3.2)."""
    missing = ledger.reserve(order, warehouse)
    names = {line.pk: str(line) for line in order.lines.select_related("product")}
    lacking = "; ".join(f"{names[pk]}: {quantity.normalize():f}" for pk, quantity in missing.items())
    if order.owner:
        queue.notify(
            order.owner,
            "pickup.stock_short" if missing else "pickup.stock_ready",
            about=order,
            context={"number": order.number, "customer": order.customer.name, "missing": lacking, "remarks": remarks},
            key=f"stock-checked-{order.pk}-{order.version}",
        )
    return OS.SHORT if missing else OS.READY


@action(Order, label=gettext_lazy("Collect a part first"), source={OS.SHORT}, target=OS.READY, form=forms.PartForm)
def take_part(order: Order, *, by: User, warehouse: Warehouse, agreed: str) -> None:
    """Agree with the customer that he collects what is there; the rest stays open (ZT 3.2)."""
    ledger.reserve(order, warehouse, partly=True)
    if not Reservation.objects.filter(line__order=order).exists():
        raise Refused("nothing_there", _("There is nothing of this order in %(warehouse)s.") % {"warehouse": warehouse})


@action(
    Order, label=gettext_lazy("Agree on a later date"), source={OS.SHORT}, target=OS.CONFIRMED, form=forms.LaterForm
)
def agree_later(order: Order, *, by: User, wanted_on: Any, agreed: str) -> None:
    """Agree with the customer on a later date; the stock is checked again (ZT 3.2)."""
    order.wanted_on = wanted_on


@action(
    Order,
    label=gettext_lazy("Agree on a substitute"),
    source={OS.SHORT},
    target=OS.CONFIRMED,
    form=forms.SubstituteForm,
)
def substitute(order: Order, *, by: User, line: Line, product: Any, agreed: str, price: Decimal | None = None) -> None:
    """Agree with the customer on another product in place of one that is missing (ZT 3.2)."""
    line.product, line.specification = product, product.specification
    line.factor = product.factor_of(line.unit)
    line.price = line.price if price is None else price
    listed = product.price_on()
    line.list_price = listed and fen(listed.price * line.factor)
    line.lowest = listed and fen(listed.lowest * line.factor)
    line.tax_rate = product.tax_rate
    amounts = line_amounts(line.quantity, line.price, line.tax_rate)
    line.amount, line.tax = amounts.gross, amounts.tax
    line.save()
    lines = list(order.lines.all())
    order.total, order.tax = sum(each.amount for each in lines), sum(each.tax for each in lines)


def _still_expected(order: Order, by: User) -> Refused | None:
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
    return _still_expected(order, by)


@action(Order, label=gettext_lazy("Plan the pickup"), source={OS.READY}, form=forms.PlanForm, unless=_expected_already)
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
        customer=order.customer,
        contact=contact or order.contact,
        warehouse=window.warehouse,
        window=window,
        owner=order.owner or by,
    )
    if notify:
        send_notice(pickup, by=by)
    return pickup


def _not_delivered(order: Order, by: User) -> Refused | None:
    if order.fulfilment == Order.Fulfilment.DELIVERY:
        return None
    return Refused("pickup", _("The customer collects this order himself."), _("Plan the pickup."))


@action(
    Order,
    label=gettext_lazy("Record the delivery"),
    source={OS.READY},
    target={OS.COLLECTED, OS.CONFIRMED},
    form=forms.DeliverForm,
    unless=_not_delivered,
)
def deliver_order(order: Order, *, by: User, at: Any, place: str, receiver: str, **facts: Any) -> str:
    """Note that the reserved goods were brought to the customer: when, where, to whom, prepared how (JD 2.5)."""
    delivery = Delivery.objects.create(
        number=next_number("DL"), order=order, at=at, place=place, receiver=receiver, by=by, **facts
    )
    lines = list(order.lines.select_for_update(of=("self",), no_key=True).order_by("product_id", "pk"))
    for warehouse in Warehouse.objects.filter(stock__reservations__line__order=order).distinct().order_by("pk"):
        for line in lines:
            if quantity := ledger.reserved_for(line, warehouse):
                ledger.take(line, quantity, warehouse, by=by, reference=delivery.number)
                line.collected += quantity
                line.save(update_fields=["collected"])
    return OS.CONFIRMED if any(line.open_quantity for line in lines) else OS.COLLECTED


def _new_code() -> str:
    """A code that is easy to read out and hard to guess; the unique column refuses the rare double."""
    return "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))


@action(Pickup, label=gettext_lazy("Send the pickup notice"), source={S.PLANNED, S.NOTIFIED}, target=S.NOTIFIED)
def send_notice(pickup: Pickup, *, by: User) -> None:
    """Tell the customer when and where to come and what to bring, by mail and by a call (ZT 3.3)."""
    contact = pickup.contact
    if contact is None:
        raise Refused("no_contact", _("There is nobody to tell."), _("Add a contact to the order."))
    end_links(pickup, LINK_PURPOSE)
    _link, url = make_link(
        LINK_PURPOSE, pickup, by=by, contact_name=contact.name, language=contact.language, valid_for=LINK_LASTS
    )
    context = {
        "number": pickup.order.number,
        "code": pickup.code,
        "starts_at": pickup.window.starts_at,
        "ends_at": pickup.window.ends_at,
        "place": pickup.warehouse.name,
        "address": pickup.warehouse.address,
        "map": pickup.warehouse.map_url,
        "phone": pickup.warehouse.phone or settings.COMPANY_PHONE,
        "link": url,
    }
    turn = f"{pickup.pk}-{pickup.version}"
    if contact.email:
        queue.mail(
            contact=contact, template="pickup.notice", about=pickup, context=context, key=f"pickup-notice-{turn}"
        )
    phone = contact.mobile or contact.phone
    if phone:
        queue.call(
            assignee=pickup.owner,
            template="pickup.notice",
            about=pickup,
            context=context,
            key=f"pickup-notice-{turn}",
            contact_name=contact.name,
            phone=phone,
            language=contact.language,
        )
    if not (contact.email or phone):
        raise Refused("unreachable", _("%(contact)s has neither mail address nor phone.") % {"contact": contact})
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
    windows.take(window)
    if pickup.status != S.MISSED:
        windows.give_back(pickup.window)
    pickup.window, pickup.reason = window, reason
    pickup.moves += 1
    pickup.confirmed_at, pickup.arrived_at = clock.now(), None
    queue.withdraw(pickup, template="pickup.notice")
    if via.current().door != via.Door.LINK and pickup.contact and pickup.contact.email:
        queue.mail(
            contact=pickup.contact,
            template="pickup.moved",
            about=pickup,
            context={
                "number": pickup.order.number,
                "code": pickup.code,
                "starts_at": window.starts_at,
                "ends_at": window.ends_at,
                "place": pickup.warehouse.name,
                "address": pickup.warehouse.address,
            },
            key=f"pickup-moved-{pickup.pk}-{pickup.version}",
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
        context={
            "number": pickup.order.number,
            "starts_at": pickup.window.starts_at,
            "ends_at": pickup.window.ends_at,
            "place": pickup.warehouse.name,
        },
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
    form=forms.ReasonForm,
)
def cancel_pickup(pickup: Pickup, *, by: User, reason: str) -> None:
    """Call a pickup off; the goods stay reserved for the order."""
    if pickup.status != S.MISSED:
        windows.give_back(pickup.window)
    pickup.reason = reason
    queue.withdraw(pickup)
    end_links(pickup, LINK_PURPOSE)


def _stand_down(order: Order, *, by: User, reason: str) -> None:
    """Call the expected pickup off and give the reserved goods free."""
    for pickup in order.pickups.filter(status__in=Pickup.EXPECTED):
        cancel_pickup(pickup, by=by, reason=reason)
    ledger.release(order)


@action(
    Order,
    label=gettext_lazy("Check the stock again"),
    source={OS.READY},
    target=OS.CONFIRMED,
    form=forms.ReasonForm,
    unless=_still_expected,
)
def release_stock(order: Order, *, by: User, reason: str) -> None:
    """Give goods free that were reserved but are not there or not sound; the stock is checked again (ZT 3.2)."""
    ledger.release(order)


@action(
    Order,
    label=gettext_lazy("Call the order off"),
    source={OS.READY},
    target=OS.CANCELLED,
    form=forms.ReasonForm,
    unless=goods_left,
)
def call_off(order: Order, *, by: User, reason: str) -> None:
    """Give an order up whose goods are prepared: they are free again, the pickup is called off."""
    _stand_down(order, by=by, reason=reason)
    give_up(order, by=by, reason=reason)


def _nothing_left(order: Order, by: User) -> Refused | None:
    if order.lines.filter(collected__gt=0).exists():
        return None
    return Refused("nothing_collected", _("Nothing of this order was collected."), _("Cancel the order instead."))


@action(
    Order,
    label=gettext_lazy("Do without the rest"),
    source={OS.CONFIRMED, OS.SHORT, OS.READY},
    target=OS.COLLECTED,
    form=forms.ReasonForm,
    unless=_nothing_left,
)
def waive_rest(order: Order, *, by: User, reason: str) -> None:
    """Agree with the customer that the rest of a partly collected order is not needed; it can then be signed off."""
    _stand_down(order, by=by, reason=reason)
    order.reason = reason


@action(Customer, label=gettext_lazy("Add a letter of authority"), form=forms.AuthorityForm)
def add_authority(customer: Customer, *, by: User, paper: Any = None, **facts: Any) -> Authority:
    """Keep a standing letter of authority: who may collect for the customer (KC 5.1.11.2)."""
    kept = attach(customer, paper, by=by, kind="authority") if paper else None
    return Authority.objects.create(customer=customer, paper=kept, **facts)


@action(
    Pickup,
    label=gettext_lazy("Name who collects"),
    source={S.NOTIFIED, S.CONFIRMED, S.ARRIVED},
    form=forms.AuthorityForm,
)
def name_collector(pickup: Pickup, *, by: User, paper: Any = None, **facts: Any) -> Authority:
    """Keep a letter of authority for this pickup, uploaded by the customer or by staff (KC 5.1.11.2)."""
    kept = attach(pickup, paper, by=by, kind="authority") if paper else None
    return Authority.objects.create(customer=pickup.customer, pickup=pickup, paper=kept, **facts)


@action(
    Authority,
    label=gettext_lazy("Revoke the letter"),
    source={Authority.Status.VALID},
    target=Authority.Status.REVOKED,
    form=forms.ReasonForm,
)
def revoke_authority(authority: Authority, *, by: User, reason: str) -> None:
    """Let a letter of authority count no more."""


@action(Pickup, label=gettext_lazy("He is here"), source={S.PLANNED, S.NOTIFIED, S.CONFIRMED}, target=S.ARRIVED)
def arrive(pickup: Pickup, *, by: User) -> None:
    """Note that the customer has come to the counter (ZT 3.4)."""
    pickup.arrived_at = clock.now()


def _refused(pickup: Pickup, by: User) -> Refused | None:
    stops = verdict(pickup).stops
    return Refused(stops[0].code, stops[0].sentence, stops[0].remedy) if stops else None


def _refused_for_good(pickup: Pickup, by: User) -> Refused | None:
    stops = [each for each in verdict(pickup).stops if each.final]
    if stops:
        return Refused(stops[0].code, stops[0].sentence, stops[0].remedy)
    if not verdict(pickup).stops and not _expired(pickup):
        return Refused("nothing_to_override", _("Nothing stands in the way; hand over as usual."))
    return None


def _expired(pickup: Pickup) -> bool:
    """Whether a letter of authority that may be shown for this pickup holds no more; the verdict cannot know which."""
    return any(not each.holds_on(clock.today()) for each in forms.authorities_of(pickup))


HERE = {S.PLANNED, S.NOTIFIED, S.CONFIRMED, S.ARRIVED, S.MISSED}


@action(
    Pickup,
    label=gettext_lazy("Hand over"),
    source=HERE | {S.HANDED_OVER, S.CANCELLED, S.REVERSED},  # the verdict says more of those than "wrong state"
    target=S.HANDED_OVER,
    form=forms.HandOverForm,
    unless=_refused,
)
def hand_over(pickup: Pickup, *, by: User, **handover: Any) -> Record:
    """Check person and voucher, count the goods together, let both sign, and hand over (ZT 3.4, 3.5)."""
    return _hand_over(pickup, by=by, **handover)


@action(
    Pickup,
    label=gettext_lazy("Hand over all the same"),
    source=HERE,
    target=S.HANDED_OVER,
    form=forms.HandOverAnywayForm,
    unless=_refused_for_good,
)
def hand_over_anyway(pickup: Pickup, *, by: User, override: str, **handover: Any) -> Record:
    """Hand over in spite of a refusal, with the reason; only for whoever answers for it (P7)."""
    return _hand_over(pickup, by=by, override=override, **handover)


def _hand_over(
    pickup: Pickup,
    *,
    by: User,
    identity: str,
    authority: Authority | None = None,
    collector: str = "",
    id_number: str = "",
    vehicle: str = "",
    lines: list[dict[str, Any]] | None = None,
    objection: str = "",
    customer_signature: Any = None,
    clerk_signature: Any = None,
    override: str = "",
) -> Record:
    _check_person(authority, identity, id_number, override)
    # Before the number, for which other counters wait: writing files takes its time.
    signed = [
        attach(pickup, drawn, by=by, kind="signature") if drawn else None
        for drawn in (customer_signature, clerk_signature)
    ]
    record = Record.objects.create(
        number=next_number("PR"),
        pickup=pickup,
        clerk=by,
        collector=authority.person if authority else collector or (pickup.contact.name if pickup.contact else ""),
        authority=authority,
        identity=identity,
        vehicle=vehicle or (authority.vehicle if authority else ""),
        override=override,
        overridden=_overridden(pickup, authority) if override else [],
        objection=objection,
        customer_signature=signed[0],
        clerk_signature=signed[1],
    )
    differences = _move_goods(pickup, record, lines or [], by=by)
    _follow_order(pickup.order_id)
    queue.withdraw(pickup)
    end_links(pickup, LINK_PURPOSE)
    queue.notify(
        pickup.owner,
        "pickup.handed_over",
        about=pickup,
        context={
            "number": pickup.order.number,
            "customer": pickup.customer.name,
            "collector": record.collector,
            "record": record.number,
            "differences": "; ".join(differences),
            "objection": objection,
        },
        key=f"pickup-handed-over-{record.pk}",
    )
    return record


def _overridden(pickup: Pickup, authority: Authority | None) -> list[str]:
    """What an override let pass: the codes of all that stood in the way."""
    codes = [each.code for each in verdict(pickup).obstacles]
    return codes if authority is None or authority.holds_on(clock.today()) else [*codes, "authority_expired"]


def _check_person(authority: Authority | None, identity: str, id_number: str, override: str) -> None:
    """The person who collects must be the one who may; what is typed is compared and not kept."""
    if authority is None:
        if identity == Record.Identity.ID_COMPARED:
            raise Refused(
                "nothing_to_compare",
                _("There is no letter of authority to compare the ID number with."),
                _("Look at the identity card instead."),
            )
        return
    # A letter that is revoked at this moment counts no more: what holds is what stands there under the lock.
    authority.refresh_from_db(from_queryset=Authority.objects.select_for_update(of=("self",), no_key=True))
    if authority.status != Authority.Status.VALID:
        raise Refused(
            "authority_revoked",
            _("The letter of authority of %(person)s was revoked.") % {"person": authority.person},
            _("Do not hand over; call the customer."),
        )
    if not authority.holds_on(clock.today()) and not override:
        raise Refused(
            "authority_expired",
            _("The letter of authority of %(person)s was valid until %(day)s.")
            % {"person": authority.person, "day": f"{authority.valid_until:%Y-%m-%d}"},
            _("Let the customer send a new one; his link takes it at once."),
        )
    if identity == Record.Identity.ID_COMPARED:
        same = Authority.objects.filter(pk=authority.pk, id_number=id_number).exists()
        if not same:
            raise Refused(
                "wrong_person",
                _("This ID number is not the one in the letter of authority of %(person)s.")
                % {"person": authority.person},
                _("Do not hand over; call the customer."),
            )


def _move_goods(pickup: Pickup, record: Record, given: list[dict[str, Any]], *, by: User) -> list[str]:
    """Book the goods out by what was counted; answers the differences in words."""
    counted = {line["line"].pk: line for line in given}
    held = {
        line.pk: ledger.reserved_for(line, pickup.warehouse)
        for line in Line.objects.filter(order=pickup.order_id)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    }
    differences = []
    handed = Decimal(0)
    for line in Line.objects.filter(pk__in=held).select_related("product__unit").order_by("product_id", "pk"):
        due = held[line.pk]
        row = counted.get(line.pk, {})
        quantity = due if row.get("quantity") is None else row["quantity"]
        if not due and not quantity:
            continue
        difference = row.get("difference") or ""
        if quantity != due:
            if not difference:
                raise Refused(
                    "difference",
                    _("%(line)s: %(due)s are due, %(quantity)s were counted.")
                    % {"line": line, "due": f"{due.normalize():f}", "quantity": f"{quantity.normalize():f}"},
                    _("Write down why."),
                )
            differences.append(f"{line}: {quantity.normalize():f} / {due.normalize():f} ({difference})")
        if quantity:
            ledger.take(line, quantity, pickup.warehouse, by=by, reference=record.number)
            line.collected += quantity
            line.save(update_fields=["collected"])
        handed += quantity
        RecordLine.objects.create(record=record, line=line, due=due, quantity=quantity, difference=difference)
    if not handed:
        raise Refused("nothing_handed_over", _("Nothing was handed over."), _("Enter what leaves."))
    return differences


def _follow_order(order_id: int) -> None:
    order = Order.objects.get(pk=order_id)
    rest_ready = Reservation.objects.filter(line__order=order).exists()
    note_collection(order, by=_system(), rest_ready=rest_ready)


def _too_late(pickup: Pickup, by: User) -> Refused | None:
    record = _last_handover(pickup)
    if record and (record.clerk_id != by.pk or clock.now() - record.at > UNDO_WITHIN):
        return Refused(
            "too_late",
            _("Only %(clerk)s can take this back, within 15 minutes.") % {"clerk": record.clerk},
            _("Ask a supervisor."),
        )
    return None


def _last_handover(pickup: Pickup) -> Record | None:
    return pickup.records.filter(kind=Record.Kind.HANDOVER).select_related("clerk").order_by("-pk").first()


@action(
    Pickup,
    label=gettext_lazy("Take the handover back"),
    source={S.HANDED_OVER},
    target=S.REVERSED,
    form=forms.ReasonForm,
    unless=_too_late,
)
def reverse_handover(pickup: Pickup, *, by: User, reason: str) -> Record:
    """Undo one's own wrong handover at once, by a record with the opposite movements (ZT 3.5)."""
    return _reverse(pickup, by=by, reason=reason)


@action(
    Pickup,
    label=gettext_lazy("Take the handover back as supervisor"),
    source={S.HANDED_OVER},
    target=S.REVERSED,
    form=forms.ReasonForm,
)
def reverse_later(pickup: Pickup, *, by: User, reason: str) -> Record:
    """Undo anybody's handover at any time, by a record with the opposite movements (ZT 3.5)."""
    return _reverse(pickup, by=by, reason=reason)


def _reverse(pickup: Pickup, *, by: User, reason: str) -> Record:
    record = _last_handover(pickup)
    if record is None:
        raise Refused("no_record", _("There is no handover to take back."))
    opposite = Record.objects.create(
        number=next_number("PR"),
        kind=Record.Kind.REVERSAL,
        pickup=pickup,
        reverses=record,
        clerk=by,
        collector=record.collector,
        identity=record.identity,
        reason=reason,
    )
    for row in record.lines.select_related("line").order_by("line__product_id", "line_id"):
        RecordLine.objects.create(record=opposite, line=row.line, due=-row.due, quantity=-row.quantity)
        Line.objects.filter(pk=row.line_id).update(collected=row.line.collected - row.quantity)
    moved = Movement.objects.filter(reference=record.number).select_related("warehouse", "product", "line")
    for movement in moved.order_by("warehouse_id", "product_id", "batch"):
        ledger.move(
            movement.warehouse,
            movement.product,
            -movement.quantity,
            by=by,
            kind=Movement.Kind.RETURN,
            batch=movement.batch,
            reason=reason,
            reference=opposite.number,
            line=movement.line,
        )
        stock = Stock.objects.get(warehouse=movement.warehouse, product=movement.product, batch=movement.batch)
        assert movement.line is not None
        ledger.keep(movement.line, stock, -movement.quantity)
    reopen_collection(Order.objects.get(pk=pickup.order_id), by=_system())
    return opposite


@action(Pickup, label=gettext_lazy("Did not come"), source={S.PLANNED, S.NOTIFIED, S.CONFIRMED}, target=S.MISSED)
def miss_pickup(pickup: Pickup, *, by: User) -> None:
    """Note that the window went by without the customer; his owner is told and offers another (P12)."""
    queue.notify(
        pickup.owner,
        "pickup.missed",
        about=pickup,
        context={"number": pickup.order.number, "customer": pickup.customer.name, "window": str(pickup.window)},
        key=f"pickup-missed-{pickup.pk}-{pickup.version}",
    )


def scan(typed: str, *, by: User) -> tuple[Pickup | None, Scan]:
    """Look a code up at the counter; what was typed and the verdict are kept, refused ones too."""
    code = "".join(character for character in typed if character.isalnum())[:40]
    pickup = (
        Pickup.objects.visible_to(by)
        .select_related("order", "customer", "window", "owner", "contact")
        .filter(code=code)
        .first()
    )
    found = verdict(pickup) if pickup else None
    row = Scan.objects.create(
        clerk=by,
        typed=code if len(code) <= CODE_DIGITS else f"…{code[-4:]}",  # it may be an ID number in the wrong field
        pickup=pickup,
        colour=found.colour if found else "red",
        code=(found.obstacles[0].code if found.obstacles else "") if found else "unknown",
    )
    return pickup, row
