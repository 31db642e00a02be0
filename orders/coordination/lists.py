"""Meetings and their tasks, help requests, joint handlings; declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.listing import Column, Listing, View
from orders.coordination.filters import HelpFilter, JointFilter, MeetingFilter, MeetingTaskFilter
from orders.coordination.models import HelpRequest, JointHandling, MeetingTask, OrderMeeting

MEETINGS = Listing(
    "order-meetings",
    OrderMeeting,
    _("Order meetings"),
    [
        Column("number", _("Number"), kind="code"),
        Column("meets_at", _("Meets at"), kind="datetime", sortable=True),
        Column("place", _("Place")),
        Column("status", _("State"), kind="status"),
        Column("convener", _("Convened by"), source="convener__name", kind="name"),
        Column("filed_at", _("Minutes filed"), kind="datetime"),
        Column("filed_by", _("Minutes by"), source="filed_by__name", kind="name", shown=False),
    ],
    MeetingFilter,
    tabs=[
        View(
            "called",
            _("To be held"),
            lambda user: Q(status=OrderMeeting.Status.CALLED),
            asks="coordination.file_minutes",
        ),
        View("filed", _("Minutes"), lambda user: Q(status=OrderMeeting.Status.FILED)),
    ],
    creates=["coordination.call_meeting"],
    empty=_("No order meetings yet. The order desk calls one; its agenda is made of the open orders."),
)

TASKS = Listing(
    "meeting-tasks",
    MeetingTask,
    _("Tasks of meetings"),
    [
        Column("what", _("Task"), kind="link"),
        Column("meeting", _("Order meeting"), source="meeting__number", kind="code"),
        Column("order", _("Order"), source="item__order__number", kind="code"),
        Column("status", _("State"), kind="status"),
        Column("due_on", _("Due on"), kind="date", sortable=True),
        Column("deadline", _("Due"), kind="deadline"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("outcome", _("Outcome"), shown=False),
        Column("meeting_id", _("Meeting's key"), shown=False),
    ],
    MeetingTaskFilter,
    order="due_on",
    tabs=[View("mine", _("Mine"), lambda user: Q(owner=user, status=MeetingTask.Status.OPEN))],
    empty=_("No meeting has given a task yet."),
)

HELP = Listing(
    "help-requests",
    HelpRequest,
    _("Help requests"),
    [
        Column("number", _("Number"), kind="code"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("customer", _("Customer"), source="order__customer__name"),
        Column("department", _("Department"), source="department__name", kind="name"),
        Column("what", _("What is asked for")),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("needed_on", _("Needed by"), kind="date", sortable=True),
        Column("asked_by", _("Asked by"), source="asked_by__name", kind="name"),
        Column("promised_on", _("Promised for"), kind="date", shown=False),
        Column("answered_by", _("Answered by"), source="answered_by__name", kind="name", shown=False),
        Column("answered_at", _("Answered at"), kind="datetime", shown=False),
        Column("answer", _("Answer"), shown=False),
        Column("order_id", _("Order's key"), shown=False),
    ],
    HelpFilter,
    tabs=[
        View(
            "answer",
            _("To be answered by us"),
            lambda user: Q(status=HelpRequest.Status.ASKED, department=user.department_id),
            asks="coordination.answer_help",
        ),
        View("mine", _("Asked by me"), lambda user: Q(asked_by=user)),
        View("open", _("Open"), lambda user: Q(status__in=HelpRequest.OPEN)),
    ],
    empty=_("No help was asked for yet. An order's owner asks a department on the order's page."),
)

JOINT = Listing(
    "joint-handlings",
    JointHandling,
    _("Joint handling"),
    [
        Column("purpose", _("What it is for"), kind="link"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("customer", _("Customer"), source="order__customer__name"),
        Column("status", _("State"), kind="status"),
        Column("lead", _("Lead"), source="lead__name", kind="name"),
        Column("begun_at", _("Begun"), kind="datetime"),
        Column("ended_at", _("Ended"), kind="datetime"),
        Column("result", _("Result"), shown=False),
        Column("order_id", _("Order's key"), shown=False),
    ],
    JointFilter,
    tabs=[
        View("running", _("Running"), lambda user: Q(status=JointHandling.Status.RUNNING)),
        View("mine", _("Led by me"), lambda user: Q(lead=user, status=JointHandling.Status.RUNNING)),
    ],
    empty=_("No order is handled jointly. The order desk begins it on the order's page."),
)
