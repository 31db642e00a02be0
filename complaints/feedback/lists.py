"""The list of feedback, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.feedback.filters import FeedbackFilter
from complaints.feedback.models import Feedback
from crm.accounts.models import User
from crm.listing import Column, Listing, View

S = Feedback.Status


def _to_answer(user: User) -> Q:
    """What the user's department must answer, and what he must answer himself."""
    return Q(status=S.PASSED) & (Q(addressee=user) | Q(addressee=None, concerned=user.department_id))


FEEDBACK = Listing(
    "feedbacks",
    Feedback,
    _("Feedback and suggestions"),
    [
        Column("number", _("Number"), kind="code"),
        Column("customer", _("Customer"), source="customer__name"),
        Column("kind", _("Kind"), kind="choice"),
        Column("about", _("About"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("concerned", _("Department concerned"), source="concerned__name", kind="name"),
        Column("verdict", _("Verdict on it"), kind="choice"),
        Column("received_at", _("Received"), kind="datetime", sortable=True),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("returns", _("Times sent back"), kind="number", shown=False),
        Column("promise", _("What will be done"), shown=False),
        Column("due_on", _("To be done by"), kind="date", shown=False),
        Column("product", _("Product"), source="product__name", shown=False),
        Column("order", _("Order"), source="order__number", kind="code", shown=False),
        Column("content", _("What he says"), shown=False),
        Column("solution", _("Solution"), shown=False),
        Column("told_at", _("Customer told"), kind="datetime", shown=False),
        Column("closed_at", _("Closed"), kind="datetime", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("order_id", _("Order's key"), shown=False),
    ],
    FeedbackFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(owner=user, status__in=Feedback.OPEN)),
        View(
            "pass-on",
            _("To be passed on"),
            lambda user: Q(status=S.RECEIVED),
            asks="feedback.pass_on_feedback",
        ),
        View("answer", _("To be answered"), _to_answer, asks="feedback.answer_feedback"),
        View("tell", _("Customer to be told"), lambda user: Q(status=S.ANSWERED), asks="feedback.tell_answer"),
        View("open", _("Open"), lambda user: Q(status__in=Feedback.OPEN)),
        View("returned", _("Sent back"), lambda user: Q(returns__gt=0)),
    ],
    empty=_("No feedback. It is received on the page of a customer, or taken from his contact log."),
)
