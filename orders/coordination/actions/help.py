"""Help that an order's owner asks of a department, and what it answers (JD 5.1)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import involve
from crm.accounts.standing import belongs_to, speakers
from crm.actions import action
from crm.inputs import ReasonForm
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused
from orders.coordination import forms
from orders.coordination.models import HelpRequest
from orders.models import Order

S, OS = HelpRequest.Status, Order.Status
HELPED = {OS.ALLOCATED, OS.ACCEPTED, OS.CONFIRMED, OS.SHORT, OS.READY, OS.COLLECTED}


@action(Order, label=gettext_lazy("Ask a department for help"), source=HELPED, form=forms.HelpForm)
def ask_help(order: Order, *, by: User, department: Department, what: str, needed_on: date) -> HelpRequest:
    """Ask a department for help with the order, until a day; it sees the order from then on (JD 5.1)."""
    request = HelpRequest.objects.create(
        number=next_number("HR"),
        order=order,
        department=department,
        what=what,
        needed_on=needed_on,
        asked_by=by,
        asked_at=clock.now(),
    )
    involve(order, department=department, why=str(_("asked for help")))
    if department.head and department.head.department_id != department.pk:
        involve(order, user=department.head, why=str(_("asked for help")))
    queue.notify_each(
        speakers([department]),
        "coordination.help",
        by=by,
        about=request,
        context={
            "number": order.number,
            "customer": order.customer.name,
            "what": what,
            "needed_on": needed_on,
            "by": by.display_name,
        },
        key=f"help-request-{request.pk}",
    )
    return request


def _of_the_department(request: HelpRequest, by: User) -> Refused | None:
    """It is for the department's people, its head, or who stands in for him."""
    if belongs_to(by, request.department):
        return None
    return Refused("not_asked", _("Only %(department)s can answer this.") % {"department": request.department})


@action(
    HelpRequest,
    label=gettext_lazy("Answer"),
    source={S.ASKED},
    target={S.DONE, S.PROMISED, S.DECLINED},
    form=forms.AnswerForm,
    unless=_of_the_department,
)
def answer_help(
    request: HelpRequest, *, by: User, outcome: str, answer: str = "", promised_on: date | None = None
) -> str:
    """Say that it is done, promise it for a day, or say why it is not possible; whoever asked is told (JD 5.1)."""
    request.answer, request.answered_by, request.answered_at = answer, by, clock.now()
    request.promised_on = promised_on if outcome == S.PROMISED else None
    request.done_at = clock.now() if outcome == S.DONE else None
    _tell(request, "coordination.help_answered", outcome, by=by)
    return outcome


@action(
    HelpRequest,
    label=gettext_lazy("Done as promised"),
    source={S.PROMISED},
    target=S.DONE,
    form=forms.OutcomeForm,
    unless=_of_the_department,
)
def finish_help(request: HelpRequest, *, by: User, outcome: str = "") -> None:
    """Say that what was promised is done; whoever asked is told (JD 5.1)."""
    request.done_at = clock.now()
    request.answer = outcome or request.answer
    _tell(request, "coordination.help_answered", S.DONE, by=by)


@action(
    HelpRequest,
    label=gettext_lazy("Withdraw"),
    source={S.ASKED, S.PROMISED},
    target=S.WITHDRAWN,
    form=ReasonForm,
)
def withdraw_help(request: HelpRequest, *, by: User, reason: str) -> None:
    """Need the help no longer, with the reason."""
    request.answer = reason


def _tell(request: HelpRequest, template: str, outcome: str, *, by: User) -> None:
    """Tell whoever asked, and the order's owner where that is another."""
    order = request.order
    for user in {request.asked_by, order.owner} - {None, by}:
        assert user is not None
        queue.notify(
            user,
            template,
            about=request,
            context={
                "number": order.number,
                "customer": order.customer.name,
                "what": request.what,
                "outcome": outcome,
                "answer": request.answer,
                "promised_on": request.promised_on,
                "department": str(request.department.name),
                "by": by.display_name,
            },
            key=f"help-answer-{request.pk}-{request.version}-{user.pk}",
        )
