"""What a customer requires, before contract or order: noted, a sample sent, his answer (KC 5.1.1)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.edits import editing
from customers.models import Contact, Customer
from orders.contracts import forms
from orders.contracts.models import Requirement
from orders.models import Order

S = Requirement.Status
change_requirement = editing(Requirement, forms.RequirementForm)


@action(Customer, label=gettext_lazy("Note requirements"), form=forms.RequirementForm)
def note_requirements(customer: Customer, *, by: User, **facts: Any) -> Requirement:
    """Write down what a customer requires, under its four heads (KC 5.1.1)."""
    return Requirement.objects.create(customer=customer, owner=by, department=by.department, **facts)


@action(
    Order,
    label=gettext_lazy("Note requirements"),
    source=set(Order.Status.values) - {Order.Status.CLOSED, Order.Status.CANCELLED},
    form=forms.RequirementForm,
)
def record_requirements(order: Order, *, by: User, **facts: Any) -> Requirement:
    """Write down what the customer requires of this order, under its four heads (KC 5.1.1)."""
    return Requirement.objects.create(
        customer=order.customer, order=order, owner=by, department=order.department or by.department, **facts
    )


@action(
    Requirement,
    label=gettext_lazy("Sample sent"),
    source={S.NOTED, S.SENT, S.DECLINED},
    target=S.SENT,
    form=forms.SampleForm,
)
def send_sample(
    requirement: Requirement, *, by: User, batch: str, sent_how: str, sent_on: date, taken_by: User | None = None
) -> None:
    """Note which sample quality gave, and how it was sent to the customer (KC 5.1.1.1)."""
    requirement.batch, requirement.sent_how, requirement.sent_on = batch, sent_how, sent_on
    requirement.taken_by = taken_by or by
    requirement.answer, requirement.answered_by, requirement.answered_on = "", None, None
    requirement.answered_how = ""


@action(
    Requirement,
    label=gettext_lazy("Note the customer's answer"),
    source={S.NOTED, S.SENT},
    target={S.ACCEPTED, S.DECLINED},
    form=forms.SampleAnswerForm,
)
def note_sample_answer(
    requirement: Requirement,
    *,
    by: User,
    accepted: str,
    answered_on: date,
    answered_how: str,
    answer: str = "",
    answered_by: Contact | None = None,
) -> str:
    """Note whether the customer accepts this batch: who said so, when and how (KC 5.1.1.1)."""
    requirement.answered_by, requirement.answered_on = answered_by, answered_on
    requirement.answered_how, requirement.answer = answered_how, answer
    return accepted
