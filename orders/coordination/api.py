"""Meetings, tasks, help requests and joint handlings in REST."""

from crm.api.resources import Resource
from orders.coordination import lists, serializers

MEETINGS = Resource(
    lists.MEETINGS,
    serializers.OrderMeetingSerializer,
    prefetch=("departments", "invited", "present", "items", "tasks"),
)
TASKS = Resource(lists.TASKS, serializers.MeetingTaskSerializer)
HELP = Resource(lists.HELP, serializers.HelpRequestSerializer, select=("order",))
JOINT = Resource(lists.JOINT, serializers.JointHandlingSerializer, select=("order",), prefetch=("departments",))
