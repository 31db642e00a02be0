"""Forgetting what nobody needs any more; docs/retention.md says of every table that grows how long its rows stay."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from crm import clock
from crm.records.models import RequestKey

BATCH = 5000


def remove(rows: Any, batch: int = BATCH) -> int:
    """Delete the rows of a queryset in small transactions, so that nobody waits long for one; answers how many."""
    count = 0
    while pks := list(rows.order_by().values_list("pk", flat=True)[:batch]):
        count += rows.model._base_manager.filter(pk__in=pks).delete()[0]
    return count


def forget_requests() -> int:
    """Remove request keys of CRM_REQUEST_KEY_DAYS ago: a request that comes again later is a new one."""
    old = RequestKey.objects.filter(at__lt=clock.now() - timedelta(days=settings.REQUEST_KEY_DAYS))
    return remove(old.exclude(log_id=0))  # those say what the demonstration told, and no request has them
