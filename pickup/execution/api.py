"""Reports of execution and their subscriptions in REST."""

from typing import Any

from crm.api.resources import Resource
from pickup.execution import lists, serializers
from pickup.execution.parts import part_of


class ReportResource(Resource):
    """Of a report each caller is answered his own part."""

    def record(self, user: Any, pk: int) -> Any:
        """The report with the caller's part, if he may see it, or None."""
        found = super().record(user, pk)
        if found is not None:
            found.part = part_of(found, user)
        return found


REPORTS = ReportResource(
    lists.REPORTS, serializers.ReportSerializer, select=("issued_by", "figures"), prefetch=("corrections",)
)
SUBSCRIPTIONS = Resource(lists.SUBSCRIPTIONS, serializers.SubscriptionSerializer)
