"""Help and joint handling end with their order (JD 5.1, 3.2)."""

from django.db.models import Value

from crm.accounts.system import system_user
from orders.coordination.actions.help import withdraw_help
from orders.coordination.actions.joint import end_joint
from orders.coordination.models import HelpRequest, JointHandling
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
