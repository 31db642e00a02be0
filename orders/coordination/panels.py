"""What this app shows on the page of a meeting, an order and a help request."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.web.panels import panel, step
from orders.coordination.models import HelpRequest, JointHandling, OrderMeeting
from orders.models import Order


@panel(OrderMeeting, "agenda", _("Agenda"), "coordination/panels/agenda.html", order=10)
def agenda(meeting: OrderMeeting, user: User) -> dict[str, Any]:
    """Each item, why it is on the agenda, and what was settled of it."""
    rows = list(meeting.items.select_related("order__customer", "order__owner", "meeting"))
    return {
        "rows": rows,
        "count": sum(not row.struck for row in rows),
        "action": step("coordination.add_item", meeting, user),
    }


@panel(OrderMeeting, "tasks", _("Tasks"), "coordination/panels/tasks.html", order=20)
def tasks(meeting: OrderMeeting, user: User) -> dict[str, Any] | None:
    """Who does what until when."""
    rows = list(meeting.tasks.select_related("owner", "item__order"))
    action = step("coordination.assign_task", meeting, user)
    return {"rows": rows, "count": len(rows), "action": action} if rows or action else None


@panel(OrderMeeting, "people", _("Who takes part"), "coordination/panels/people.html", side=True, order=10)
def people(meeting: OrderMeeting, user: User) -> dict[str, Any]:
    """The departments, who is invited, and who was there."""
    present = {each.pk for each in meeting.present.all()}
    rows = list(meeting.invited.select_related("department").order_by("pk"))
    return {
        "departments": list(meeting.departments.all()),
        "people": [{"user": each, "present": each.pk in present} for each in rows],
        "filed": meeting.filed_at is not None,
        "count": len(rows),
        "action": step("coordination.invite_colleague", meeting, user),
    }


@panel(Order, "help", _("Help requests"), "coordination/panels/help.html", order=32)
def help_requests(order: Order, user: User) -> dict[str, Any] | None:
    """Whom its owner asked for help, and what they answered."""
    rows = list(
        HelpRequest.objects.filter(order=order).select_related("department", "asked_by", "answered_by", "order")
    )
    action = step("coordination.ask_help", order, user) if rows else None
    return {"rows": rows, "count": len(rows), "action": action} if rows else None


@panel(Order, "joint", _("Joint handling"), "coordination/panels/joint.html", side=True, order=35)
def joint(order: Order, user: User) -> dict[str, Any] | None:
    """Which departments handle it together, and under whom."""
    rows = list(
        JointHandling.objects.filter(order=order).select_related("lead", "order").prefetch_related("departments")
    )
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(JointHandling, "departments", _("Who takes part"), "coordination/panels/departments.html", side=True, order=10)
def departments(joint: JointHandling, user: User) -> dict[str, Any]:
    """The departments, each with its head."""
    found = list(joint.departments.select_related("head"))
    return {
        "departments": found,
        "count": len(found),
        "action": step("coordination.join_department", joint, user),
    }


@panel(JointHandling, "sessions", _("Joint sessions"), "coordination/panels/sessions.html", order=10)
def sessions(joint: JointHandling, user: User) -> dict[str, Any]:
    """What was settled about the order with other departments, the latest first."""
    rows = list(joint.order.jointsessions.select_related("by").prefetch_related("departments"))
    return {"rows": rows, "count": len(rows), "action": step("orders.hold_session", joint.order, user)}


@panel(HelpRequest, "others", _("Other requests about this order"), "coordination/panels/help.html", order=10)
def others(request: HelpRequest, user: User) -> dict[str, Any] | None:
    """What else was asked for about the same order."""
    rows = HelpRequest.objects.filter(order=request.order_id).exclude(pk=request.pk)
    found = list(rows.select_related("department", "asked_by", "answered_by", "order"))
    return {"rows": found, "count": len(found)} if found else None
