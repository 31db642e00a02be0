"""What REST answers of one complaint."""

from complaints.models import (
    Archive,
    Complaint,
    EffectCheck,
    Evidence,
    FileStep,
    Finding,
    FollowUp,
    Measure,
    Opinion,
    Plan,
    TeamTask,
)
from crm.api.serializers import RecordSerializer

TASK = [
    "id",
    "status",
    "department",
    "owner",
    "kind",
    "where",
    "what",
    "due_on",
    "outcome",
    "done_by",
    "done_at",
    "version",
]


class TeamTaskSerializer(RecordSerializer):
    class Meta:
        model = TeamTask
        fields = TASK


class EvidenceSerializer(RecordSerializer):
    class Meta:
        model = Evidence
        fields = [
            "id",
            "status",
            "round",
            "what",
            "source",
            "taken_by",
            "taken_at",
            "file",
            "added_by",
            "added_at",
            "reason",
            "judged_by",
            "judged_at",
            "version",
        ]


class OpinionSerializer(RecordSerializer):
    class Meta:
        model = Opinion
        fields = ["id", "round", "column", "of_plan", "department", "text", "by", "on_behalf_of", "at"]


class FindingSerializer(RecordSerializer):
    class Meta:
        model = Finding
        fields = [
            "id",
            "round",
            "facts",
            "cause",
            "explanation",
            "fault",
            "responsible",
            "signed_by",
            "on_behalf_of",
            "signed_at",
        ]


class PlanSerializer(RecordSerializer):
    class Meta:
        model = Plan
        fields = [
            "id",
            "round",
            "outcome",
            "department",
            "person",
            "solution",
            "compensation",
            "amount",
            "written_by",
            "written_at",
            "sent_at",
            "agreed_at",
            "agreed_how",
            "answer",
            "version",
        ]


class MeasureSerializer(RecordSerializer):
    class Meta:
        model = Measure
        fields = [
            "id",
            "status",
            "round",
            "kind",
            "plan",
            "what",
            "owner",
            "due_on",
            "running",
            "outcome",
            "proof",
            "done_by",
            "done_at",
            "version",
        ]


class FollowUpSerializer(RecordSerializer):
    class Meta:
        model = FollowUp
        fields = ["id", "round", "satisfied", "channel", "words", "by", "at"]


class EffectCheckSerializer(RecordSerializer):
    class Meta:
        model = EffectCheck
        fields = ["id", "round", "effective", "words", "check_on", "by", "at"]


class FileStepSerializer(RecordSerializer):
    class Meta:
        model = FileStep
        fields = ["id", "kind", "words", "paper", "by", "at"]


class ArchiveSerializer(RecordSerializer):
    class Meta:
        model = Archive
        fields = ["id", "edition", "files", "digest", "by", "at"]


class ComplaintSerializer(RecordSerializer):
    """A complaint with its team, evidence, opinions, findings, plans, measures, return visits, and its archive."""

    teamtasks = TeamTaskSerializer(many=True, read_only=True)
    evidences = EvidenceSerializer(many=True, read_only=True)
    opinions = OpinionSerializer(many=True, read_only=True)
    findings = FindingSerializer(many=True, read_only=True)
    plans = PlanSerializer(many=True, read_only=True)
    measures = MeasureSerializer(many=True, read_only=True)
    followups = FollowUpSerializer(many=True, read_only=True)
    effectchecks = EffectCheckSerializer(many=True, read_only=True)
    filesteps = FileStepSerializer(many=True, read_only=True)
    archives = ArchiveSerializer(many=True, read_only=True)

    class Meta:
        model = Complaint
        fields = [
            "id",
            "number",
            "status",
            "customer",
            "contact",
            "order",
            "pickup",
            "product",
            "batch",
            "quantity",
            "channel",
            "category",
            "severity",
            "wish",
            "content",
            "received_by",
            "received_at",
            "registered_by",
            "registered_at",
            "owner",
            "department",
            "lead",
            "team_at",
            "round",
            "round_at",
            "cause",
            "responsible",
            "found_at",
            "approved_at",
            "done_at",
            "result",
            "reported_by",
            "reported_at",
            "told_at",
            "closed_at",
            "closed_by",
            "check_on",
            "effective",
            "effect",
            "effect_by",
            "withdrawn_at",
            "withdrawn_why",
            "double_of",
            "withdrawal",
            "file_state",
            "version",
            "teamtasks",
            "evidences",
            "opinions",
            "findings",
            "plans",
            "measures",
            "followups",
            "effectchecks",
            "filesteps",
            "archives",
        ]
