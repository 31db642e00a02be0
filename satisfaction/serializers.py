"""What REST answers of questionnaires, campaigns and invitations; of an anonymous one nothing about its answers."""

from crm.api.serializers import RecordSerializer
from satisfaction.models import Campaign, Edition, Invitation, Questionnaire, Wording


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


class CampaignSerializer(RecordSerializer):
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
            "handed_out_at",
            "reported_at",
            "reason",
            "version",
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
            "remind_on",
            "reason",
            "complaint",
            "feedback",
            "used",
            "version",
        ]
