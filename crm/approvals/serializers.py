"""What REST answers of one request, and of one task of the inbox."""

from typing import Any

from rest_framework import serializers

from crm.api.serializers import RecordSerializer
from crm.approvals.models import ApprovalRequest, Condition, Decision, Task


class ApprovalFactSerializer(serializers.Serializer):
    """One thing that decides, in the caller's language; `parts` are those that it belongs to, none for all."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()
    parts = serializers.ListField(child=serializers.CharField())


class ApprovalDecisionSerializer(RecordSerializer):
    class Meta:
        model = Decision
        fields = ["id", "task", "what", "by", "on_behalf_of", "whom", "opinion", "hash", "door", "at"]


class StepTaskSerializer(RecordSerializer):
    class Meta:
        model = Task
        fields = [
            "id",
            "status",
            "position",
            "part",
            "turn",
            "approver",
            "added_by",
            "decided_by",
            "decided_at",
            "carried",
            "version",
        ]


class ConditionSerializer(RecordSerializer):
    class Meta:
        model = Condition
        fields = [
            "id",
            "task",
            "status",
            "text",
            "owner",
            "due_on",
            "raised_by",
            "raised_at",
            "proof",
            "closed_by",
            "closed_at",
            "version",
        ]


class ApprovalRequestSerializer(RecordSerializer):
    """A request with what is asked word for word, who is asked, and what was decided."""

    verb = serializers.CharField(read_only=True)
    facts = ApprovalFactSerializer(many=True, read_only=True)
    hash = serializers.CharField(source="question.hash", read_only=True)
    steps = serializers.SerializerMethodField()
    tasks = StepTaskSerializer(many=True, read_only=True)
    decisions = ApprovalDecisionSerializer(many=True, read_only=True)
    conditions = ConditionSerializer(many=True, read_only=True)
    subject = serializers.SerializerMethodField()

    class Meta:
        model = ApprovalRequest
        fields = [
            "id",
            "number",
            "status",
            "verb",
            "subject",
            "title",
            "requester",
            "department",
            "amount",
            "kind",
            "facts",
            "hash",
            "steps",
            "position",
            "asked_at",
            "ended_at",
            "reason",
            "problem",
            "changes",
            "previous",
            "version",
            "tasks",
            "decisions",
            "conditions",
        ]

    def get_steps(self, request: ApprovalRequest) -> list[str]:
        """The names of the steps, in the caller's language."""
        return [step.title for step in request.steps]

    def get_subject(self, request: ApprovalRequest) -> dict[str, Any] | None:
        """Which record it is about."""
        if request.subject_type is None:
            return None
        return {"type": f"{request.subject_type.app_label}.{request.subject_type.model}", "pk": request.subject_pk}


class ApprovalTaskSerializer(RecordSerializer):
    """What is asked of somebody, with the request."""

    number = serializers.CharField(source="request.number", read_only=True)
    verb = serializers.CharField(source="request.verb", read_only=True)
    title = serializers.CharField(source="request.title", read_only=True)
    requester = serializers.IntegerField(source="request.requester_id", read_only=True)
    facts = ApprovalFactSerializer(many=True, read_only=True)
    hash = serializers.CharField(source="request.question.hash", read_only=True)

    class Meta:
        model = Task
        fields = [
            "id",
            "request",
            "number",
            "verb",
            "title",
            "requester",
            "facts",
            "hash",
            "status",
            "position",
            "part",
            "turn",
            "approver",
            "added_by",
            "begun_at",
            "decided_by",
            "decided_at",
            "version",
        ]
