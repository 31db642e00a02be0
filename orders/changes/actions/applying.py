"""A change is approved by the department manager, and applied: the order gets its next version (KF 3.2.4, 3.2.8)."""

from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.approvals.declare import Approval
from crm.approvals.steps import Step, Who
from crm.refusals import Refused, WrongState
from orders.actions import amend_order, canceller, goods_left
from orders.actions.amending import DATED_ORDERS, lines_are_fixed
from orders.amending import refuse_unfit
from orders.changes import telling
from orders.changes.drafting import moved_since, refuse_against_contract
from orders.changes.facts import change_facts
from orders.changes.models import Change
from orders.changes.plan import end_its_contract, move_contract, move_plan
from orders.credit import beyond_ahead
from orders.models import Order, OrderVersion

S = Change.Status


def _cannot_be_applied(change: Change, by: User) -> Refused | None:
    order = change.order
    if order.status not in DATED_ORDERS:
        return WrongState(order)
    if change.cancels:
        return goods_left(order, by)
    rows = list(change.lines.all())
    if rows and (refused := lines_are_fixed(order)):
        return refused
    try:
        refuse_against_contract(order, rows)
        if (refused := moved_since(change)) is None and rows:
            refuse_unfit(order, rows)
    except Refused as refused_:
        return refused_
    return refused or (beyond_ahead(order) if change.difference > 0 else None)


@action(
    Change,
    label=gettext_lazy("Apply the change"),
    source={S.CONFIRMED},
    target=S.APPLIED,
    unless=_cannot_be_applied,
    approval=Approval(
        facts=change_facts,
        amount=lambda change, inputs: abs(change.difference),
        kind=lambda change, inputs: change.kind,
        kinds=dict(Change.Kind.choices),
        default=(Step(gettext_lazy("Department manager"), who=Who.HEAD),),
        label=gettext_lazy("Ask for approval"),
    ),
)
def apply_change(change: Change, *, by: User) -> None:
    """Follow the department manager's yes: the order is as the change has it, and each department acknowledges it."""
    order, actor = change.order, User.objects.system("changes")
    if change.cancels:
        # The gate writes the same a moment later; what ends with the order must not find this change open.
        Change.objects.filter(pk=change.pk).update(status=S.APPLIED)
        end_its_contract(order, by=actor, reason=f"{change.number}: {change.why}"[:300])
        canceller(order)(order, by=actor, reason=f"{change.number}: {change.why}"[:300])
    else:
        _amend(change, order, by=actor)
    change.applied_at = clock.now()
    telling.tell_departments(change, {"why": change.why}, by=by)
    telling.tell_result(change, "changes.applied", change.contact, {"cancelled": change.cancels})


def _amend(change: Change, order: Order, *, by: User) -> None:
    rows = list(change.lines.select_related("product", "unit").order_by("position"))
    amend_order(
        order,
        by=by,
        cause=OrderVersion.Cause.CHANGE,
        reference=change.number,
        lines=rows,
        wanted_on=change.wanted_on,
    )
    if change.wanted_on is not None:
        move_contract(order, change.wanted_on, by=by, reference=change.number)
        if change.shift_plan:
            move_plan(order, change.wanted_before, change.wanted_on, by=by, reference=change.number)
