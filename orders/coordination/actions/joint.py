"""Joint handling of an order that spans departments: begun with a lead, told of what happens, ended with a result."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import involve
from crm.accounts.standing import speakers
from crm.actions import action
from crm.outbox import queue
from crm.refusals import Refused
from orders.coordination import forms
from orders.coordination.models import JointHandling
from orders.models import Order
from orders.news import News, listener

S, OS = JointHandling.Status, Order.Status
HANDLED = {OS.REVIEWED, OS.ALLOCATED, OS.ACCEPTED, OS.CONFIRMED, OS.SHORT, OS.READY, OS.COLLECTED}


def _already(order: Order, by: User) -> Refused | None:
    found = JointHandling.objects.filter(order=order, status=S.RUNNING).first()
    if found is None:
        return None
    return Refused("joint_already", _("This order is handled jointly already: %(purpose)s") % {"purpose": found})


@action(
    Order,
    label=gettext_lazy("Handle jointly"),
    source=HANDLED,
    form=forms.JointForm,
    unless=_already,
)
def begin_joint(
    order: Order, *, by: User, purpose: str, lead: User, departments: Iterable[Department]
) -> JointHandling:
    """Let departments handle an order together under one lead; they see it and are told of it (JD 3.2)."""
    departments = list(departments)
    joint = JointHandling.objects.create(order=order, purpose=purpose, lead=lead, begun_by=by, begun_at=clock.now())
    joint.departments.set(departments)
    involve(order, user=lead, why=str(_("leads the joint handling")))
    for department in departments:
        _let_see(order, department)
    _tell(joint, "coordination.joint", [lead, *speakers(departments)], by=by)
    return joint


@action(JointHandling, label=gettext_lazy("Add a department"), source={S.RUNNING}, form=forms.DepartmentForm)
def join_department(joint: JointHandling, *, by: User, department: Department) -> None:
    """Let one more department handle the order, too."""
    if joint.departments.filter(pk=department.pk).exists():
        raise Refused("member", _("%(department)s takes part already.") % {"department": department})
    joint.departments.add(department)
    _let_see(joint.order, department)
    _tell(joint, "coordination.joint", speakers([department]), by=by)


@action(JointHandling, label=gettext_lazy("Change the lead"), source={S.RUNNING}, form=forms.LeadForm)
def change_lead(joint: JointHandling, *, by: User, lead: User) -> None:
    """Let somebody else lead it."""
    joint.lead = lead
    involve(joint.order, user=lead, why=str(_("leads the joint handling")))
    _tell(joint, "coordination.joint", [lead], by=by)


@action(JointHandling, label=gettext_lazy("End"), source={S.RUNNING}, target=S.ENDED, form=forms.ResultForm)
def end_joint(joint: JointHandling, *, by: User, result: str) -> None:
    """End the joint handling with its result, of which all who took part are told (JD 3.2)."""
    joint.result, joint.ended_by, joint.ended_at = result, by, clock.now()
    _tell(joint, "coordination.joint_ended", _members(joint), by=by)


@listener
def tell_members(order: Order, news: News, words: str, by: User) -> None:
    """Allocation, progress and problems of an order that is handled jointly are told to its members (JD 3.2)."""
    joint = JointHandling.objects.filter(order=order, status=S.RUNNING).select_related("lead").first()
    if joint is None:
        return
    queue.notify_each(
        _members(joint),
        "coordination.news",
        by=by,
        about=order,
        context={
            "number": order.number,
            "customer": order.customer.name,
            "news": str(news),
            "words": words,
            "by": by.display_name,
        },
        key=f"joint-{news}-{order.pk}-{order.version}",
    )


def _let_see(order: Order, department: Department) -> None:
    involve(order, department=department, why=str(_("joint handling")))
    if department.head and department.head.department_id != department.pk:
        involve(order, user=department.head, why=str(_("joint handling")))


def _members(joint: JointHandling) -> list[User]:
    return [joint.lead, *speakers(joint.departments.all())]


def _tell(joint: JointHandling, template: str, users: Iterable[User], *, by: User) -> None:
    order = joint.order
    queue.notify_each(
        users,
        template,
        by=by,
        about=joint,
        context={
            "number": order.number,
            "customer": order.customer.name,
            "purpose": joint.purpose,
            "lead": joint.lead.display_name,
            "result": joint.result,
            "by": by.display_name,
        },
        key=f"{template}-{joint.pk}-{joint.version}",
    )
