"""An assessment's time limit follows its customer at once: who owns him, whether he buys on account, or is lost."""

from django.db import models

from crm.deadlines.turn import turn_many
from customers.credit.models import Assessment
from customers.models import Customer


def follow_customer(obj: models.Model) -> None:
    """Let the time limit of the assessment in force agree with what a verb has made of its customer; one query."""
    if isinstance(obj, Customer):
        rows = Assessment.objects.filter(customer=obj.pk, status=Assessment.Status.IN_FORCE)
        turn_many(rows.select_related("customer"))
