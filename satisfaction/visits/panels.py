"""What the pages of a customer, a complaint and feedback show of return visits."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm.accounts.models import User
from crm.web.panels import panel
from customers.models import Customer
from satisfaction.visits.before import known_before
from satisfaction.visits.models import Visit

SHOWN = 5


def _found(user: User, **which: Any) -> dict[str, Any] | None:
    if not user.has_perm("visits.view_visit"):
        return None
    rows = list(Visit.objects.visible_to(user).filter(**which).order_by("-quarter")[:SHOWN])
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Visit, "known", _("The customer lately"), "visits/panels/known.html", order=5)
def known(visit: Visit, user: User) -> dict[str, Any] | None:
    """Whom to ask for and what to know before he is visited or called; afterwards the page says what he said."""
    return known_before(visit, user) if visit.status == Visit.Status.PLANNED else None


@panel(Customer, "visits", _("Return visits"), "visits/panels/visits.html", side=True, order=46)
def visits(customer: Customer, user: User) -> dict[str, Any] | None:
    """The latest ones, with how satisfied he was."""
    return _found(user, customer=customer)


@panel(Complaint, "visits", _("Came from a return visit"), "visits/panels/visits.html", side=True, order=12)
def of_complaint(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """The visit at which the customer said it."""
    return _found(user, complaint=complaint)


@panel(Feedback, "visits", _("Came from a return visit"), "visits/panels/visits.html", side=True, order=12)
def of_feedback(feedback: Feedback, user: User) -> dict[str, Any] | None:
    """The visit at which the customer said it."""
    return _found(user, feedback=feedback)
