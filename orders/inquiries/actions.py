"""The life of an inquiry: recorded, passed on, answered, called back, closed."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import involve
from crm.actions import action
from crm.opposites import opposite
from crm.outbox import queue
from crm.records.attachments import attach
from crm.records.numbers import next_number
from crm.refusals import Refused
from customers.actions import keep_contact
from customers.models import Channel, Customer
from customers.tiers.service import follower, service_of
from orders.inquiries import forms
from orders.inquiries.models import Inquiry

S = Inquiry.Status
IMPORTANT = (Customer.Tier.VIP, Customer.Tier.KEY)


@action(None, label=gettext_lazy("Record an inquiry"), form=forms.InquiryForm)
def record_inquiry(
    *,
    by: User,
    matter: str,
    answer: str = "",
    owner: User | None = None,
    department: Department | None = None,
    customer: Customer | None = None,
    **facts: Any,
) -> Inquiry:
    """Write down who asks what; answered at once, passed on, or left for whoever takes it (JD 2.1, KF 3.1.1)."""
    owner = owner or (customer.owner if customer and not department else None)
    inquiry = Inquiry.objects.create(
        number=next_number("IQ"),
        matter=matter,
        customer=customer,
        priority=service_of(customer.tier).priority if customer else 0,
        received_by=by,
        department=by.department,
        **facts,
    )
    _tell_manager(inquiry, customer)
    if answer:
        answer_inquiry(inquiry, by=by, answer=answer, reply=Inquiry.Reply.ORAL)
    elif owner or department:
        pass_on_inquiry(inquiry, by=by, owner=owner, department=department)
    return inquiry


def _tell_manager(inquiry: Inquiry, customer: Customer | None) -> None:
    """An important customer's question goes to his owner's manager at once, or to his department's head (KH 3.2)."""
    if customer is None or customer.tier not in IMPORTANT:
        return
    manager = (customer.owner and customer.owner.manager) or (customer.department and customer.department.head)
    if manager:
        involve(inquiry, user=manager, why=_("important customer"))
        queue.notify(
            manager,
            "inquiries.important",
            about=inquiry,
            context={"customer": customer.name, "number": inquiry.number, "matter": inquiry.detail},
            key=f"inquiry-important-{inquiry.pk}-{manager.pk}",
        )


@action(Inquiry, label=gettext_lazy("Take it"), source={S.OPEN, S.PASSED}, target=S.PASSED)
def take_inquiry(inquiry: Inquiry, *, by: User) -> None:
    """Answer it oneself (JD 2.1)."""
    if inquiry.owner == by:
        raise Refused("yours", _("This inquiry is yours already."))
    inquiry.owner, inquiry.department = by, by.department


@action(Inquiry, label=gettext_lazy("Pass on"), source={S.OPEN, S.PASSED}, target=S.PASSED, form=forms.PassOnForm)
def pass_on_inquiry(
    inquiry: Inquiry, *, by: User, owner: User | None = None, department: Department | None = None, remarks: str = ""
) -> None:
    """Give it to who can answer; whoever received or passed it on keeps seeing what becomes of it (JD 2.1, KH 3.2)."""
    if by not in (inquiry.received_by, owner) and not by.is_system:
        involve(inquiry, user=by, why=_("passed it on"))
    inquiry.owner = owner
    inquiry.department = department or (owner.department if owner else None)
    for receiver in [owner] if owner else User.objects.filter(department=department, is_active=True):
        if receiver and receiver != by:
            queue.notify(
                receiver,
                "inquiries.passed_on",
                about=inquiry,
                context={
                    "number": inquiry.number,
                    "name": inquiry.name,
                    "matter": inquiry.detail,
                    "by": by.display_name,
                    "remarks": remarks,
                },
                key=f"inquiry-passed-{inquiry.pk}-{inquiry.version}-{receiver.pk}",
            )


opposite(pass_on_inquiry, restores=["owner", "department"])
opposite(take_inquiry, by=pass_on_inquiry, restores=["owner", "department"])


@action(Inquiry, label=gettext_lazy("Answer"), source={S.OPEN, S.PASSED}, target=S.ANSWERED, form=forms.AnswerForm)
def answer_inquiry(inquiry: Inquiry, *, by: User, answer: str, reply: str, paper: Any = None) -> None:
    """Answer the customer; the answer and its papers are kept, a written one is called after (JD 2.1, KF 3.1.2)."""
    inquiry.answer, inquiry.reply = answer, reply
    inquiry.answered_at, inquiry.answered_by = clock.now(), by
    inquiry.owner = inquiry.owner or by
    if paper:
        attach(inquiry, paper, by=by, kind="answer")
    if reply == Inquiry.Reply.MAIL:
        queue.mail(
            contact_name=inquiry.contact_name or inquiry.name,
            address=inquiry.email,
            template="inquiries.answer",
            about=inquiry,
            context={
                "name": inquiry.contact_name or inquiry.name,
                "number": inquiry.number,
                "matter": inquiry.matter,
                "answer": answer,
                "by": by.display_name,
                "phone": settings.COMPANY_PHONE,
                "address": settings.COMPANY_ADDRESS,
            },
            language=translation.get_language() or settings.LANGUAGE_CODE,
            key=f"inquiry-answer-{inquiry.pk}-{inquiry.version}",
        )


def _no_call_due(inquiry: Inquiry, by: User) -> Refused | None:
    if inquiry.called_back_at:
        return Refused("called", _("The call was made already."))
    if not inquiry.in_writing:
        return Refused("spoken", _("This was answered verbally; no call has to follow."))
    return None


@action(
    Inquiry, label=gettext_lazy("Log the call-back"), source={S.ANSWERED}, form=forms.CallBackForm, unless=_no_call_due
)
def call_back(inquiry: Inquiry, *, by: User, what: str) -> None:
    """Keep the call that follows a written answer; also in the contact log of a customer whom one sees (KF 3.1.2)."""
    inquiry.called_back_at = clock.now()
    if inquiry.customer and Customer.objects.visible_to(by).filter(pk=inquiry.customer_id).exists():
        keep_contact(inquiry.customer, by=by, channel=Channel.PHONE, what=what)


@action(
    Inquiry,
    label=gettext_lazy("Put to a customer"),
    source={S.OPEN, S.PASSED, S.ANSWERED},
    form=forms.LinkCustomerForm,
)
def link_customer(inquiry: Inquiry, *, by: User, customer: Customer) -> None:
    """Say whose inquiry it is, so that it stands in his history; an important one's manager is told (KH 3.2)."""
    inquiry.customer, inquiry.priority = customer, service_of(customer.tier).priority
    _tell_manager(inquiry, customer)


@action(
    Inquiry,
    label=gettext_lazy("Close without intent"),
    source={S.OPEN, S.PASSED, S.ANSWERED},
    target=S.CLOSED,
    form=forms.CloseForm,
)
def close_inquiry(inquiry: Inquiry, *, by: User, reason: str) -> None:
    """Close it where nothing will be ordered, with the reason (JD 2.2)."""
    inquiry.closing_reason = reason


@follower
def follow_tier(tier: str, priority: int, customer: int | None) -> None:
    """Inquiries that wait for an answer take the place in the queue that their customer's tier has now (C5)."""
    waiting = Inquiry.objects.filter(status__in=[S.OPEN, S.PASSED]).exclude(priority=priority)
    whose = {"customer": customer} if customer else {"customer__tier": tier}
    waiting.filter(**whose).update(priority=priority)
