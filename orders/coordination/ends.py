"""Help and joint handling end with their order; what a meeting leaves open goes to the next (JD 5.1, 3.2)."""

from django.db import models
from django.db.models import Value

from crm import actions as gate
from crm.accounts.system import system_user
from orders.coordination.actions.help import withdraw_help
from orders.coordination.actions.joint import end_joint
from orders.coordination.actions.meetings import refresh_agenda
from orders.coordination.agenda import left_over
from orders.coordination.models import HelpRequest, JointHandling, OrderMeeting
from orders.ends import ends_with_order
from orders.models import Order

HELP, JOINT = "help", "joint"


@ends_with_order
def end_working_together(order: Order, reason: str) -> None:
    """End each with its own verb; one query where nothing is open."""
    by = system_user("coordination")
    asked = HelpRequest.objects.filter(order=order.pk, status__in=HelpRequest.OPEN)
    running = JointHandling.objects.filter(order=order.pk, status=JointHandling.Status.RUNNING)
    rows = asked.order_by().values_list(Value(HELP), "pk").union(running.order_by().values_list(Value(JOINT), "pk"))
    for kind, pk in rows:
        if kind == HELP:
            withdraw_help(HelpRequest.objects.get(pk=pk), by=by, reason=reason)
        else:
            end_joint(JointHandling.objects.get(pk=pk), by=by, result=reason)


def carry_over(obj: models.Model) -> None:
    """Put what a meeting left open on the agenda of the next one where that is convened already."""
    if not isinstance(obj, OrderMeeting) or obj.status == OrderMeeting.Status.CALLED or not left_over().exists():
        return
    following = OrderMeeting.objects.filter(status=OrderMeeting.Status.CALLED).order_by("meets_at", "pk").first()
    if following is not None:
        refresh_agenda(following, by=system_user("coordination"))


gate.WATCHERS.append(carry_over)
