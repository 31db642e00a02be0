"""What this app shows on the page of feedback, and of the customer, order and complaint that it is about."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm.accounts.models import User
from crm.records.models import Attachment
from crm.web.panels import panel, step
from customers.models import Customer
from orders.models import Order

SHOWN = 10


@panel(Feedback, "said", _("What he says, and our answer"), "feedback/panels/said.html", order=5)
def said(feedback: Feedback, user: User) -> dict[str, Any]:
    """His words with what he handed in, the department's answer, what is promised, and what he said to it."""
    return {"files": list(Attachment.objects.about(feedback).order_by("pk"))}


@panel(Feedback, "passings", _("Departments"), "feedback/panels/passings.html", order=10)
def passings(feedback: Feedback, user: User) -> dict[str, Any] | None:
    """Which departments had it, since when, and whether they answered or sent it back."""
    rows = list(feedback.passings.select_related("department", "by", "ended_by").order_by("pk"))
    return {"rows": rows, "count": len(rows)} if rows else None


def _about(user: User, **which: Any) -> list[Feedback]:
    if not user.has_perm("feedback.view_feedback"):
        return []
    rows = Feedback.objects.visible_to(user).filter(**which).select_related("customer", "concerned")
    return list(rows.order_by("-pk")[:SHOWN])


@panel(Customer, "feedback", _("Feedback and suggestions"), "feedback/panels/feedback.html", order=19)
def of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """What he suggested, praised or grumbled about, the newest first."""
    rows = _about(user, customer=customer)
    action = step("feedback.receive_feedback", customer, user)
    return {"rows": rows, "count": len(rows), "action": action} if rows else None


@panel(Order, "feedback", _("Feedback and suggestions"), "feedback/panels/feedback.html", order=19)
def of_order(order: Order, user: User) -> dict[str, Any] | None:
    """What was said about this order."""
    rows = _about(user, order=order)
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Complaint, "feedback", _("Came from feedback"), "feedback/panels/feedback.html", side=True, order=10)
def of_complaint(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """The feedback that turned out to be this complaint."""
    rows = _about(user, complaint=complaint)
    return {"rows": rows, "count": len(rows)} if rows else None
