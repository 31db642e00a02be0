"""What REST answers of questionnaires, campaigns and invitations; of an anonymous one nothing about its answers."""

from typing import Any

from rest_framework import serializers

from crm.api.serializers import RecordSerializer
from satisfaction.models import (
    Campaign,
    Edition,
    GroupedRemark,
    Invitation,
    Measure,
    Questionnaire,
    ReviewCopy,
    Sheet,
    Wording,
)
from satisfaction.results import may_be_shown


class QuestionnaireSerializer(RecordSerializer):
    class Meta:
        model = Questionnaire
        fields = ["id", "code", "name", "name_en", "version"]


class WordingSerializer(RecordSerializer):
    class Meta:
        model = Wording
        fields = ["id", "item", "position", "section", "text", "text_en"]


class EditionSerializer(RecordSerializer):
    """An edition with its items."""

    wordings = WordingSerializer(many=True, read_only=True)

    class Meta:
        model = Edition
        fields = [
            "id",
            "questionnaire",
            "number",
            "status",
            "made_by",
            "made_at",
            "released_by",
            "released_at",
            "version",
            "wordings",
        ]


class SurveyMeasureSerializer(RecordSerializer):
    class Meta:
        model = Measure
        fields = [
            "id",
            "status",
            "kind",
            "item",
            "department",
            "what",
            "owner",
            "due_on",
            "entered_by",
            "entered_at",
            "outcome",
            "done_at",
            "for_customers",
            "for_customers_en",
            "version",
        ]


class ReviewCopySerializer(RecordSerializer):
    class Meta:
        model = ReviewCopy
        fields = ["id", "edition", "at", "by", "words", "people", "files", "digest"]


class CampaignSerializer(RecordSerializer):
    """A survey with its measures and copies, and its remarks by the keys of their sheets, without names."""

    measures = SurveyMeasureSerializer(many=True, read_only=True)
    copies = ReviewCopySerializer(many=True, read_only=True)
    remarks = serializers.SerializerMethodField()

    def get_remarks(self, campaign: Campaign) -> list[dict[str, Any]]:
        """Each remark with its groups, as `group_remarks` takes them; none that may not be shown."""
        if not may_be_shown(campaign, campaign.sheets.filter(counted=True).count()):
            return []
        groups: dict[Any, list[int]] = {}
        standing = GroupedRemark.objects.standing().filter(sheet__campaign=campaign)
        for sheet, group in standing.order_by("pk").values_list("sheet", "group"):
            groups.setdefault(sheet, []).append(group)
        rows = Sheet.objects.filter(campaign=campaign).exclude(remarks="").order_by("pk").values_list("pk", "remarks")
        return [{"sheet": str(pk), "text": text, "groups": groups.get(pk, [])} for pk, text in rows]

    class Meta:
        model = Campaign
        fields = [
            "id",
            "number",
            "name",
            "status",
            "kind",
            "edition",
            "opens_on",
            "until",
            "trigger",
            "rest_days",
            "anonymous",
            "step",
            "remind_every",
            "remind_most",
            "owner",
            "planned_at",
            "started_at",
            "ended_at",
            "never_asked",
            "handed_out_at",
            "reported_at",
            "reason",
            "version",
            "measures",
            "copies",
            "remarks",
        ]


class InvitationSerializer(RecordSerializer):
    class Meta:
        model = Invitation
        fields = [
            "id",
            "number",
            "campaign",
            "status",
            "customer",
            "contact",
            "owner",
            "department",
            "tier",
            "region",
            "event",
            "way",
            "sent_at",
            "reminders",
            "reminded_on",
            "remind_on",
            "reason",
            "complaint",
            "feedback",
            "low_at",
            "used",
            "version",
        ]
