"""What REST answers of one piece of feedback."""

from complaints.feedback.models import Feedback, Passing
from crm.api.serializers import RecordSerializer


class PassingSerializer(RecordSerializer):
    class Meta:
        model = Passing
        fields = ["id", "department", "by", "at", "words", "ended_by", "ended_at", "returned", "reason"]


class FeedbackSerializer(RecordSerializer):
    """Feedback with the departments that had it."""

    passings = PassingSerializer(many=True, read_only=True)

    class Meta:
        model = Feedback
        fields = [
            "id",
            "number",
            "status",
            "customer",
            "contact",
            "order",
            "product",
            "entry",
            "channel",
            "kind",
            "about",
            "staff",
            "content",
            "received_by",
            "received_at",
            "owner",
            "department",
            "concerned",
            "addressee",
            "passed_at",
            "returns",
            "verdict",
            "solution",
            "reason",
            "promise",
            "due_on",
            "answered_by",
            "answered_at",
            "told_at",
            "told_how",
            "reaction",
            "outcome",
            "done_by",
            "done_at",
            "closed_at",
            "complaint",
            "version",
            "passings",
        ]
