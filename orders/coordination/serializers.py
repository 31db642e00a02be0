"""What REST answers of one meeting, task, help request or joint handling."""

from crm.api.serializers import RecordSerializer
from orders.coordination.models import AgendaItem, HelpRequest, JointHandling, MeetingTask, OrderMeeting


class AgendaItemSerializer(RecordSerializer):
    class Meta:
        model = AgendaItem
        fields = ["id", "position", "order", "reasons", "topic", "struck", "reason", "settled", "version"]


class MeetingTaskSerializer(RecordSerializer):
    class Meta:
        model = MeetingTask
        fields = ["id", "meeting", "item", "status", "what", "owner", "due_on", "outcome", "version"]


class OrderMeetingSerializer(RecordSerializer):
    """A meeting with its agenda and its tasks."""

    items = AgendaItemSerializer(many=True, read_only=True)
    tasks = MeetingTaskSerializer(many=True, read_only=True)

    class Meta:
        model = OrderMeeting
        fields = [
            "id",
            "number",
            "status",
            "meets_at",
            "place",
            "departments",
            "invited",
            "present",
            "convener",
            "called_at",
            "minutes",
            "filed_by",
            "filed_at",
            "reason",
            "version",
            "items",
            "tasks",
        ]


class HelpRequestSerializer(RecordSerializer):
    class Meta:
        model = HelpRequest
        fields = [
            "id",
            "number",
            "status",
            "order",
            "department",
            "what",
            "needed_on",
            "asked_by",
            "asked_at",
            "answer",
            "answered_by",
            "answered_at",
            "promised_on",
            "done_at",
            "version",
        ]


class JointHandlingSerializer(RecordSerializer):
    class Meta:
        model = JointHandling
        fields = [
            "id",
            "status",
            "order",
            "purpose",
            "lead",
            "departments",
            "begun_by",
            "begun_at",
            "ended_by",
            "ended_at",
            "result",
            "version",
        ]
