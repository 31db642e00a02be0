"""The time limits of meetings and help."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from orders.coordination.models import HelpRequest, MeetingTask
from orders.desk import desk

Rule(
    "order.meeting",
    "JD 5.1",
    label=_("Hold the order meeting"),
    who=desk,
    met_by="coordination.file_minutes",
    limit="5 wd",
)
Rule(
    "meeting.task",
    "JD 5.1",
    label=_("Do what the order meeting settled"),
    on=MeetingTask,
    during={MeetingTask.Status.OPEN},
    due="due_on",
    met_by="coordination.finish_task",
    warn="1 wd",
)
Rule(
    "assist.answer",
    "JD 5.1",
    label=_("Answer a request for help"),
    on=HelpRequest,
    during={HelpRequest.Status.ASKED},
    since="asked_at",
    who="department",
    met_by="coordination.answer_help",
    limit="1 wd",
)
Rule(
    "assist.promise",
    "JD 5.1",
    label=_("Do what was promised"),
    on=HelpRequest,
    during={HelpRequest.Status.PROMISED},
    due="promised_on",
    who="answered_by",
    met_by="coordination.finish_help",
    warn="1 wd",
)
