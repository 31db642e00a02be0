"""The time limits of orders."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from orders.desk import desk
from orders.models import Milestone, Order

S = Order.Status

Rule(
    "order.review",
    "JD 2.2",
    label=_("Review an application"),
    on=Order,
    during={S.SUBMITTED},
    since="submitted_at",
    who=desk,
    met_by=("orders.pass_review", "orders.send_back"),
    limit="4 wh",
)
Rule(
    "order.mend",
    "JD 2.2",
    label=_("Correct an application that was sent back"),
    on=Order,
    during={S.RETURNED},
    who="applied_by",
    met_by="orders.submit_order",
    limit="1 wd",
)
Rule(
    "order.allocate",
    "JD 2.3",
    label=_("Allocate an order"),
    on=Order,
    during={S.REVIEWED},
    who=desk,
    met_by="orders.allocate_order",
    limit="2 wh",
)
Rule(
    "order.accept",
    "JD 2.3",
    label=_("Accept an order"),
    on=Order,
    during={S.ALLOCATED},
    since="allocated_at",
    met_by=("orders.accept_order", "orders.decline_order", "orders.pass_on_order", "orders.allocate_order"),
    limit="4 wh",
    late="orders.pass_on_order",
)
Rule(
    "order.confirm",
    "ZT 3.1",
    label=_("Confirm an order with the customer"),
    on=Order,
    during={S.ACCEPTED},
    since="received_at",
    met_by="orders.confirm_order",
    limit="16 wh",
)
Rule(
    "order.plan",
    "JD 2.4",
    label=_("Make the follow-up plan"),
    on=Order,
    during={S.ACCEPTED, S.CONFIRMED, S.SHORT, S.READY},
    when=lambda order: order.planned_at is None,
    since="accepted_at",
    met_by="orders.plan_order",
    limit="1 wd",
)
Rule(
    "order.progress",
    "JD 2.4",
    label=_("Report progress"),
    on=Order,
    during={S.ACCEPTED, S.CONFIRMED, S.SHORT, S.READY},
    when=lambda order: order.planned_at is not None,
    since="reported_at",
    met_by="orders.report_progress",
    limit="3 wd",
)
Rule(
    "order.milestone",
    "JD 2.4, 7.2",
    label=_("Reach a milestone"),
    on=Milestone,
    during={Milestone.Status.OPEN},
    due="due_on",
    met_by="orders.finish_milestone",
    warn="1 wd",
)
Rule(
    "order.close",
    "JD 2.5",
    label=_("Close an order that is signed off"),
    on=Order,
    during={S.SIGNED_OFF},
    since="sheet_received_at",
    who=desk,
    met_by="orders.close_order",
    limit="2 wd",
)
