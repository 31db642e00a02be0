"""A recorded return visit is an event that a short survey can ask about."""

from datetime import datetime

from satisfaction.choosing import EVENTS, Happened
from satisfaction.models import Campaign
from satisfaction.visits.models import Visit


def after_visits(since: datetime) -> Happened:
    """A visit was recorded: whoever was spoken to is asked."""
    done = Visit.objects.filter(done_at__gte=since, status=Visit.Status.DONE)
    return [
        (each.customer, each.contact, each.number)
        for each in done.select_related("customer__owner__department", "contact")
    ]


EVENTS[Campaign.Trigger.VISIT] = after_visits
