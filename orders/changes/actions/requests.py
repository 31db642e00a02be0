"""What customers ask for while their order is made: noted, passed on, answered with the reason, told (KF 3.2.9)."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.scopes import involve
from crm.accounts.standing import leads, stands_for
from crm.actions import action
from crm.inputs import ReasonForm
from crm.links.mailing import mail_link
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_customer, only_the_system
from customers.actions import keep_contact
from customers.models import Channel, Contact
from orders.changes import forms, telling
from orders.changes.models import CustomerRequest
from orders.models import Order

S, OS = CustomerRequest.Status, Order.Status
TAKES_REQUESTS = {OS.ACCEPTED, OS.CONFIRMED, OS.SHORT, OS.READY, OS.COLLECTED}
REQUEST_PURPOSE = "changes.request"
LINK_LASTS = timedelta(days=60)


def _noted(order: Order, *, by: User, owner: User, text: str, channel: str, contact: Contact | None) -> CustomerRequest:
    request = CustomerRequest(
        number=next_number("CQ"),
        order=order,
        text=text,
        channel=channel,
        contact=contact,
        noted_by=by,
        owner=owner,
    )
    request.save()
    _give_to(request, by=by)
    return request


def _give_to(request: CustomerRequest, *, by: User, remarks: str = "") -> None:
    """Let whoever answers see the order, and hear of it unless he wrote it down himself."""
    order, owner = request.order, request.owner
    if owner.pk != order.owner_id:
        involve(order, user=owner, why=str(request._meta.verbose_name))
    if owner.pk == by.pk:
        return
    queue.notify(
        owner,
        "changes.request",
        about=request,
        context={
            "number": request.number,
            "order": order.number,
            "customer": order.customer.name,
            "text": request.text,
            "remarks": remarks,
        },
        key=f"changes-request-{request.pk}-{request.version}",
    )


def _answers(order: Order) -> User:
    """Who answers where nobody was named: the order's owner, else who applied for it."""
    return order.owner or order.applied_by


@action(Order, label=gettext_lazy("Note a request of the customer"), source=TAKES_REQUESTS, form=forms.RequestForm)
def note_request(
    order: Order,
    *,
    by: User,
    text: str,
    channel: str = Channel.PHONE,
    contact: Contact | None = None,
    owner: User | None = None,
) -> CustomerRequest:
    """Write down what the customer asks for during production, for whoever answers him (KF 3.2.9)."""
    who = contact or order.contact
    return _noted(order, by=by, owner=owner or _answers(order), text=text, channel=channel, contact=who)


@action(
    Order, label=gettext_lazy("Send a link for requests"), source=TAKES_REQUESTS - {OS.COLLECTED}, form=forms.SendForm
)
def invite_requests(order: Order, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer a link under which he hands in what he asks for while his order is made (KF 3.2.9)."""
    mail_link(
        order,
        REQUEST_PURPOSE,
        "changes.invite",
        contact or order.contact,
        {"order": order.number},
        by=by,
        valid_for=LINK_LASTS,
        remedy=_("Add one, or choose another contact."),
    )


@action(
    Order,
    label=gettext_lazy("Hand in a request"),
    source=TAKES_REQUESTS,
    form=forms.HandInForm,
    unless=only_the_customer,
)
def hand_in_request(order: Order, *, by: User, text: str) -> CustomerRequest:
    """Hand in a request by one's link; the order's owner answers it in time (KF 3.2.9)."""
    return _noted(order, by=by, owner=_answers(order), text=text, channel=Channel.LINK, contact=order.contact)


def _only_his(request: CustomerRequest, by: User) -> None:
    """Whoever was given it or looks after the order, who stands in for one of them, or their manager.

    Asked where it is done, not for each button: an order's page shows many requests. Raises Refused.
    """
    owners = [owner for owner in (request.owner, request.order.owner) if owner is not None]
    if any(owner.pk in stands_for(by) or leads(by, owner) for owner in owners):
        return
    raise Refused(
        "not_owner",
        _("Only %(owner)s can do this.") % {"owner": request.owner},
        _("Who stands in for him or leads him can do it as well."),
    )


@action(CustomerRequest, label=gettext_lazy("Pass it on"), source={S.OPEN}, form=forms.PassForm)
def pass_request(request: CustomerRequest, *, by: User, owner: User, reason: str = "") -> None:
    """Give the request to whoever can answer it; its time runs on (KF 3.2.9)."""
    _only_his(request, by)
    if owner.pk == request.owner_id:
        raise Refused("has_it", _("%(owner)s has this request already.") % {"owner": owner})
    request.owner = owner
    _give_to(request, by=by, remarks=reason)


@action(
    CustomerRequest,
    label=gettext_lazy("Answer the request"),
    source={S.OPEN},
    target={S.ACCEPTED, S.DECLINED},
    form=forms.AnswerForm,
)
def answer_request(
    request: CustomerRequest,
    *,
    by: User,
    accepted: bool,
    answer: str,
    contact: Contact | None = None,
    told_how: str = "",
) -> str:
    """Accept or decline what the customer asks for, always with the reason, and tell him (KF 3.2.9).

    Where nobody says how he was told he is mailed; without an address it is refused until somebody has told him.
    """
    _only_his(request, by)
    request.answer, request.answered_by, request.answered_at = answer, by, clock.now()
    request.contact = contact or request.contact
    _tell(request, accepted=accepted, told_how=told_how, by=by)
    return S.ACCEPTED if accepted else S.DECLINED


@action(
    CustomerRequest,
    label=gettext_lazy("End it with its order"),
    source={S.OPEN},
    target=S.ENDED,
    form=ReasonForm,
    unless=only_the_system,
)
def end_request(request: CustomerRequest, *, by: User, reason: str) -> None:
    """Ask nobody for an answer any more, because the order was cancelled or closed (KF 3.2.9)."""
    request.answer = reason


def _tell(request: CustomerRequest, *, accepted: bool, told_how: str, by: User) -> None:
    order = request.order
    if not told_how:
        context = {"accepted": accepted, "text": request.text, "answer": request.answer}
        if not telling.tell_result(request, "changes.request_answered", request.contact, context):
            raise Refused(
                "no_mail_address",
                _("The contact has no mail address."),
                _("Tell him, and choose how you did; it stands in his contact log."),
            )
        request.told_how = Channel.MAIL
        return
    said = _("Request %(number)s about order %(order)s was declined: %(answer)s")
    if accepted:
        said = _("Request %(number)s about order %(order)s was accepted: %(answer)s")
    what = said % {"number": request.number, "order": order.number, "answer": request.answer}
    keep_contact(order.customer, by=by, channel=told_how, what=what, contact=request.contact or order.contact)
    request.told_how = told_how
