"""The life of an order: applied for, reviewed, allocated, confirmed, planned, followed, signed off, closed."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.deputies import stand_in
from crm.accounts.models import User
from crm.accounts.scopes import involve
from crm.actions import action
from crm.links.making import make_link
from crm.outbox import queue
from crm.records.attachments import attach
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from customers.models import Contact, Customer
from orders import forms
from orders.allocation import candidates
from orders.catalog.money import MOST, fen, line_amounts
from orders.desk import desk
from orders.findings import findings
from orders.inquiries.models import Inquiry
from orders.models import Allocation, Handover, Line, Milestone, Order, Payment, ProgressReport

S = Order.Status
LINK_LASTS = timedelta(days=14)
IN_FOLLOW_UP = {S.ACCEPTED, S.CONFIRMED, S.SHORT, S.READY, S.COLLECTED}


def _priced(order: Order, lines: list[dict[str, Any]]) -> list[Line]:
    """The lines with their prices, to be written once the order is; the order gets their sums."""
    order.total = order.tax = Decimal(0)
    rows = []
    for position, line in enumerate(lines, start=1):
        product, factor = line["product"], line["factor"]
        listed = product.price_on()
        list_price = listed and fen(listed.price * factor)
        price = list_price if line.get("price") is None else line["price"]
        if price is None:
            raise Refused(
                "no_price",
                _("Line %(line)s: %(product)s has no list price.") % {"line": position, "product": product},
                _("Enter a price in the line."),
            )
        amounts = line_amounts(line["quantity"], price, product.tax_rate)
        order.total += amounts.gross
        order.tax += amounts.tax
        rows.append(
            Line(
                order=order,
                position=position,
                product=product,
                specification=line.get("specification") or product.specification,
                unit=line["unit"],
                quantity=line["quantity"],
                factor=factor,
                price=price,
                list_price=list_price,
                lowest=listed and fen(listed.lowest * factor),
                tax_rate=product.tax_rate,
                amount=amounts.gross,
                tax=amounts.tax,
            )
        )
    if order.total > MOST:
        raise Refused("too_much", _("The order is worth more than can be written down."), _("Check the quantities."))
    return rows


def _apply(
    *, by: User, customer: Customer, contact: Contact | None, lines: list[Any], draft: bool, **facts: Any
) -> Order:
    """Write the application down; unless it is a draft it goes to the review at once."""
    main = contact or customer.contacts.filter(active=True).order_by("-main", "pk").first()
    order = Order(
        customer=customer,
        contact=main,
        payment_terms=customer.payment_terms,
        payment_days=customer.payment_days,
        applied_by=by,
        department=customer.department or by.department,
        received_at=clock.now(),
        **facts,
    )
    rows = _priced(order, lines)
    order.number = next_number("SO")  # others wait for theirs from here on, so everything else was asked before
    order.save()
    Line.objects.bulk_create(rows)
    if not draft:
        submit_order(order, by=by)
    return order


@action(None, label=gettext_lazy("New order"), form=forms.NewApplicationForm)
def apply_order(*, by: User, draft: bool = False, **application: Any) -> Order:
    """Fill in the order application form (JD 2.2)."""
    return _apply(by=by, draft=draft, **application)


@action(None, label=gettext_lazy("Take over an order"), form=forms.TakeOverForm)
def take_over_order(
    *, by: User, history: bool = False, ordered_on: date | None = None, draft: bool = False, **application: Any
) -> Order:
    """Take over an order from another system: one that still runs into the review, history as closed (JD 2.2)."""
    if not history:
        return _apply(by=by, draft=draft, **application)
    begun = timezone.make_aware(datetime.combine(ordered_on or application["wanted_on"], time(12)))
    order = _apply(by=by, draft=True, status=S.CLOSED, history=True, closed_at=clock.now(), **application)
    order.received_at = min(begun, clock.now())
    order.lines.update(collected=F("quantity") * F("factor"))
    order.save(update_fields=["received_at"])
    return order


def _ordered(inquiry: Inquiry, by: User) -> Refused | None:
    if inquiry.status == Inquiry.Status.CLOSED:
        return Refused("closed", _("This inquiry was closed without intent."))
    if Order.objects.filter(inquiry=inquiry).exists():
        return Refused("ordered", _("There is an order of this inquiry already."))
    return None


@action(
    Inquiry,
    label=gettext_lazy("Make an order"),
    source={Inquiry.Status.OPEN, Inquiry.Status.PASSED, Inquiry.Status.ANSWERED},
    target=Inquiry.Status.ORDERED,
    form=forms.InquiryApplicationForm,
    unless=_ordered,
)
def order_inquiry(inquiry: Inquiry, *, by: User, customer: Customer, draft: bool = False, **application: Any) -> Order:
    """Fill in the application form from an inquiry, once intent is confirmed (JD 2.2)."""
    inquiry.customer = inquiry.customer or customer
    return _apply(by=by, customer=customer, draft=draft, inquiry=inquiry, **application)


@action(
    Order,
    label=gettext_lazy("Revise the application"),
    source={S.DRAFT, S.RETURNED, S.ALLOCATED, S.ACCEPTED},
    target={S.DRAFT, S.RETURNED, S.SUBMITTED},
    form=forms.RevisionForm,
)
def revise_order(
    order: Order, *, by: User, lines: list[dict[str, Any]], contact: Contact | None = None, **facts: Any
) -> str:
    """Mend the application until the customer confirms it; what was reviewed is reviewed again (JD 2.2)."""
    for name, value in facts.items():
        setattr(order, name, value)
    order.contact = contact or order.contact
    order.price_reason = ""
    rows = _priced(order, lines)
    order.lines.all().delete()
    Line.objects.bulk_create(rows)
    if order.status in (S.DRAFT, S.RETURNED):
        return order.status
    order.submitted_at = clock.now()
    return S.SUBMITTED


@action(Order, label=gettext_lazy("Submit for review"), source={S.DRAFT, S.RETURNED}, target=S.SUBMITTED)
def submit_order(order: Order, *, by: User) -> None:
    """Hand the application in for its preliminary review (JD 2.2)."""
    order.submitted_at, order.mend = clock.now(), ""


def _must_be_mended(order: Order, by: User) -> Refused | None:
    stops = [each for each in findings(order) if each.stop] if order.status == S.SUBMITTED else []
    if not stops:
        return None
    return Refused("findings", " ".join(each.sentence for each in stops), _("Send it back with what to mend."))


def _no_low_price(order: Order, by: User) -> Refused | None:
    if any(each.code == "price_too_low" for each in findings(order)):
        return None
    return Refused("no_low_price", _("No price is below the lowest one."))


@action(
    Order,
    label=gettext_lazy("Allow the low price"),
    source={S.DRAFT, S.SUBMITTED, S.RETURNED},
    form=forms.ReasonForm,
    unless=_no_low_price,
)
def allow_price(order: Order, *, by: User, reason: str) -> None:
    """Let the order have prices below the lowest of the list, with the reason (JD 2.2)."""
    order.price_reason = reason


@action(
    Order,
    label=gettext_lazy("Pass the review"),
    source={S.SUBMITTED},
    target=S.REVIEWED,
    form=forms.ReviewForm,
    unless=_must_be_mended,
)
def pass_review(order: Order, *, by: User, remarks: str = "") -> None:
    """Find the application complete and right, and hand it with its papers to the order desk (JD 2.2, 3.1)."""
    Handover.objects.create(order=order, what=Handover.What.APPLICATION, remarks=remarks, giver=by, department=desk())


@action(
    Order,
    label=gettext_lazy("Send back"),
    source={S.SUBMITTED},
    target=S.RETURNED,
    form=forms.SendBackForm,
)
def send_back(order: Order, *, by: User, mend: str) -> None:
    """Give the application back to whoever made it, with what to mend (JD 2.2)."""
    order.mend = mend
    queue.notify(
        order.applied_by,
        "orders.sent_back",
        about=order,
        context={"number": order.number, "customer": order.customer.name, "mend": mend},
        key=f"order-sent-back-{order.pk}-{order.version}",
    )


@action(
    Handover, label=gettext_lazy("Confirm receipt"), source={Handover.Status.GIVEN}, target=Handover.Status.RECEIVED
)
def receive_handover(handover: Handover, *, by: User) -> None:
    """Sign for papers that were handed over (JD 2.2)."""
    handover.receiver, handover.received_at = by, clock.now()


def _allocate(order: Order, *, by: User, owner: User | None, reason: str) -> None:
    """Give the order to `owner`, or to the best candidate, and keep how all of them stood."""
    found = candidates(order)
    best = next((each for each in found if not each.obstacle), None)
    if owner is None and best is None:
        raise Refused(
            "nobody",
            _("Nobody can take this order now."),
            _("Choose an owner yourself, or change who takes orders."),
        )
    chosen = owner or best.user  # type: ignore[union-attr]
    by_hand = owner is not None and (best is None or owner != best.user)
    if by_hand and not reason:
        raise Refused("reason", _("Say why this is not the best candidate."))
    order.allocations.filter(ended="").update(ended=Allocation.Ended.REALLOCATED)
    Allocation.objects.create(
        order=order,
        owner=chosen,
        by=by,
        chosen_by_hand=by_hand,
        reason=reason,
        candidates=[each.kept() for each in found],
    )
    order.owner, order.department, order.allocated_at = chosen, chosen.department, clock.now()
    queue.notify(
        chosen,
        "orders.allocated",
        about=order,
        context={"number": order.number, "customer": order.customer.name, "total": order.total},
        key=f"order-allocated-{order.pk}-{order.version}",
    )


@action(
    Order,
    label=gettext_lazy("Allocate"),
    source={S.REVIEWED, S.ALLOCATED},
    target=S.ALLOCATED,
    form=forms.AllocateForm,
)
def allocate_order(order: Order, *, by: User, owner: User | None = None, reason: str = "") -> None:
    """Give the order to the owner who fits best, or to another with a reason (JD 2.3)."""
    _allocate(order, by=by, owner=owner, reason=reason)


def _not_mine(order: Order, by: User) -> Refused | None:
    if order.owner_id == by.pk or (order.owner and stand_in(order.owner) == by):
        return None
    return Refused("not_owner", _("Only %(owner)s can do this.") % {"owner": order.owner})


@action(
    Order,
    label=gettext_lazy("Accept"),
    source={S.ALLOCATED},
    target=S.ACCEPTED,
    unless=_not_mine,
)
def accept_order(order: Order, *, by: User) -> None:
    """Take the order that one was given (JD 2.3)."""
    order.accepted_at = clock.now()


@action(
    Order,
    label=gettext_lazy("Give back"),
    source={S.ALLOCATED},
    target={S.ALLOCATED, S.REVIEWED},
    form=forms.ReasonForm,
    unless=_not_mine,
)
def decline_order(order: Order, *, by: User, reason: str) -> str:
    """Say that one cannot take it; it goes to the next candidate, or back to the order desk (JD 2.3)."""
    return _next_owner(order, by=by, ended=Allocation.Ended.DECLINED, reason=reason)


@action(Order, label=gettext_lazy("Pass on to the next"), source={S.ALLOCATED}, target={S.ALLOCATED, S.REVIEWED})
def pass_on_order(order: Order, *, by: User) -> str:
    """Take an order that was not accepted in time to the next candidate, or back to the order desk (JD 2.3)."""
    return _next_owner(order, by=by, ended=Allocation.Ended.NOT_ACCEPTED)


def _next_owner(order: Order, *, by: User, ended: str, reason: str = "") -> str:
    order.allocations.filter(ended="").update(ended=ended, ended_reason=reason)
    try:
        _allocate(order, by=by, owner=None, reason="")
    except Refused:
        order.owner = None
        return S.REVIEWED
    return S.ALLOCATED


@action(Order, label=gettext_lazy("Ask the customer to confirm"), source={S.ACCEPTED})
def ask_to_confirm(order: Order, *, by: User) -> None:
    """Mail the contact a link under which he confirms lines, prices and date, or asks for changes (ZT 3.1)."""
    contact = order.contact
    if contact is None or not contact.email:
        raise Refused(
            "no_mail_address",
            _("The contact has no mail address."),
            _("Add one to the contact, or confirm by phone."),
        )
    link, url = make_link(
        "orders.confirm", order, by=by, contact_name=contact.name, language=contact.language, valid_for=LINK_LASTS
    )
    queue.mail(
        contact=contact,
        template="orders.confirm",
        about=order,
        context={"number": order.number, "total": order.total, "wanted_on": order.wanted_on, "link": url},
        key=f"order-confirm-{link.pk}",
    )


@action(
    Order,
    label=gettext_lazy("Confirm with the customer"),
    source={S.ACCEPTED},
    target=S.CONFIRMED,
    form=forms.ConfirmForm,
)
def confirm_order(order: Order, *, by: User, channel: str, contact: Contact | None = None, remarks: str = "") -> None:
    """Check every line, price and date with the customer (ZT 3.1)."""
    order.confirmed_at = clock.now()
    order.contact = contact or order.contact


@action(
    Order,
    label=gettext_lazy("Ask for changes"),
    source={S.ACCEPTED},
    form=forms.AskForChangesForm,
)
def ask_for_changes(order: Order, *, by: User, wishes: str) -> None:
    """Take down what the customer wants to be different before he confirms (ZT 3.1)."""
    if order.owner:
        queue.notify(
            order.owner,
            "orders.changes",
            about=order,
            context={"number": order.number, "customer": order.customer.name, "wishes": wishes},
            key=f"order-changes-{order.pk}-{order.version}",
        )


@action(
    Order,
    label=gettext_lazy("Make the follow-up plan"),
    source={S.ACCEPTED, S.CONFIRMED, S.SHORT, S.READY},
    form=forms.PlanForm,
)
def plan_order(order: Order, *, by: User, milestones: list[dict[str, Any]]) -> None:
    """Plan the stages with dates, owners, risks and their answers (JD 2.4, 7.2)."""
    for milestone in order.milestones.filter(status=Milestone.Status.OPEN):
        drop_milestone(milestone, by=by, reason="")
    for line in milestones:
        add_milestone(order, by=by, **line)
    order.planned_at = order.reported_at = clock.now()


@action(Order, label=gettext_lazy("Add a milestone"), source=IN_FOLLOW_UP, form=forms.MilestoneLine)
def add_milestone(order: Order, *, by: User, owner: User | None = None, **facts: Any) -> Milestone:
    """Add a step to the plan (JD 2.4)."""
    owner = owner or order.owner or by
    if owner != order.owner:
        involve(order, user=owner, why="milestone")
    return Milestone.objects.create(order=order, owner=owner, **facts)


@action(
    Milestone,
    label=gettext_lazy("Done"),
    source={Milestone.Status.OPEN},
    target=Milestone.Status.DONE,
    form=forms.DoneForm,
)
def finish_milestone(milestone: Milestone, *, by: User, remarks: str = "") -> None:
    """Tick off a milestone (JD 2.4)."""
    milestone.done_on, milestone.remarks = clock.today(), remarks


@action(Milestone, label=gettext_lazy("Move"), source={Milestone.Status.OPEN}, form=forms.MoveMilestoneForm)
def move_milestone(milestone: Milestone, *, by: User, due_on: Any, reason: str) -> None:
    """Give a milestone another date, with the reason (JD 7.2)."""
    milestone.due_on, milestone.remarks = due_on, reason


@action(
    Milestone,
    label=gettext_lazy("Drop"),
    source={Milestone.Status.OPEN},
    target=Milestone.Status.DROPPED,
    form=forms.ReasonForm,
)
def drop_milestone(milestone: Milestone, *, by: User, reason: str) -> None:
    """Take a milestone out of the plan, with the reason."""
    milestone.remarks = reason


@action(Order, label=gettext_lazy("Report progress"), source=IN_FOLLOW_UP, form=forms.ReportForm)
def report_progress(order: Order, *, by: User, **facts: Any) -> ProgressReport:
    """Say how far the order is, what is difficult and what is done about it (JD 2.4)."""
    order.reported_at = clock.now()
    return ProgressReport.objects.create(order=order, by=by, **facts)


@action(Order, label=gettext_lazy("Enter a payment"), form=forms.PaymentForm)
def enter_payment(order: Order, *, by: User, amount: Decimal, **facts: Any) -> Payment:
    """Enter money received for the order (JD 7.1)."""
    if order.status in (S.DRAFT, S.CANCELLED):
        raise Refused("not_to_be_paid", _("A draft or a cancelled order cannot be paid."))
    order.paid += amount
    return Payment.objects.create(order=order, amount=amount, entered_by=by, **facts)


def _taken_back(payment: Payment, by: User) -> Refused | None:
    if payment.reverses_id or hasattr(payment, "reversal"):
        return Refused("taken_back", _("This payment was taken back already."))
    return None


@action(Payment, label=gettext_lazy("Take back"), form=forms.ReasonForm, unless=_taken_back)
def reverse_payment(payment: Payment, *, by: User, reason: str) -> Payment:
    """Take a wrongly entered payment back by its opposite; both stay."""
    order = Order.objects.get(pk=payment.order_id)
    order.paid -= payment.amount
    order.save(update_fields=["paid"])
    return Payment.objects.create(
        order=order,
        amount=-payment.amount,
        received_on=clock.today(),
        method=payment.method,
        reference=reason[:60],
        entered_by=by,
        reverses=payment,
    )


@action(
    Order,
    label=gettext_lazy("Note what was collected"),
    source={S.READY},
    target={S.COLLECTED, S.READY, S.CONFIRMED},
    unless=only_the_system,
)
def note_collection(order: Order, *, by: User, rest_ready: bool = False) -> str:
    """Follow a handover: all collected, or the rest stays open, ready or to be checked again (ZT 3.5)."""
    if not any(line.open_quantity for line in order.lines.all()):
        return S.COLLECTED
    return S.READY if rest_ready else S.CONFIRMED


@action(
    Order,
    label=gettext_lazy("Open the collection again"),
    source={S.READY, S.CONFIRMED, S.SHORT, S.COLLECTED},
    target=S.READY,
    unless=only_the_system,
)
def reopen_collection(order: Order, *, by: User) -> None:
    """Follow a handover that was taken back: its goods are reserved again (ZT 3.5)."""


@action(
    Order,
    label=gettext_lazy("Hand in the sign-off sheet"),
    source={S.COLLECTED},
    target=S.SIGNED_OFF,
    form=forms.SheetForm,
)
def hand_in_sheet(order: Order, *, by: User, sheet: Any = None, remarks: str = "") -> None:
    """Give the sheet that the customer signed (客户签收单) to the order desk, which then closes the order (JD 2.5)."""
    if sheet:
        attach(order, sheet, by=by, kind="sign_off")
    order.sheet_received_at = clock.now()
    Handover.objects.create(order=order, what=Handover.What.SHEET, remarks=remarks, giver=by, department=desk())


@action(Order, label=gettext_lazy("Close the order"), source={S.SIGNED_OFF}, target=S.CLOSED)
def close_order(order: Order, *, by: User) -> None:
    """Archive the order's papers together (JD 2.5)."""
    order.closed_at = clock.now()


def goods_left(order: Order, by: User) -> Refused | None:
    """Why an order of which goods have left cannot be cancelled."""
    if order.lines.filter(collected__gt=0).exists():
        return Refused("collected", _("Goods of this order were handed over already."))
    return None


@action(
    Order,
    label=gettext_lazy("Cancel the order"),
    source=set(S.values) - {S.READY, S.COLLECTED, S.SIGNED_OFF, S.CLOSED, S.CANCELLED},
    target=S.CANCELLED,
    form=forms.ReasonForm,
    unless=goods_left,
)
def cancel_order(order: Order, *, by: User, reason: str) -> None:
    """Give the order up before its goods are prepared; what was paid for it stays to be given back."""
    give_up(order, by=by, reason=reason)


def give_up(order: Order, *, by: User, reason: str) -> None:
    """What every end without goods has in common: the reason, and a plan that asks for nothing more."""
    order.reason = reason
    for milestone in order.milestones.filter(status=Milestone.Status.OPEN):
        drop_milestone(milestone, by=by, reason=reason)
