"""What REST answers of a return visit."""

from crm.api.serializers import RecordSerializer
from satisfaction.visits.models import Visit


class VisitSerializer(RecordSerializer):
    class Meta:
        model = Visit
        fields = [
            "id",
            "number",
            "status",
            "customer",
            "occasion",
            "delivered_at",
            "quarter",
            "owner",
            "department",
            "planned_on",
            "attempts",
            "channel",
            "contact",
            "done_at",
            "visited_by",
            "level",
            "news",
            "questions",
            "use",
            "needs",
            "suggestions",
            "reason",
            "complaint",
            "feedback",
            "version",
        ]
