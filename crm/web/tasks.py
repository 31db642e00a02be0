"""Long bulk actions in the background, and taking up those that nobody works on."""

from datetime import timedelta

from celery import shared_task

from crm import clock, via
from crm.deadlines.periodic import periodic
from crm.via import Door, Via
from crm.web.bulk_wake import wake
from crm.web.bulk_work import work
from crm.web.models import BulkRun

KEPT = timedelta(days=90)  # the reports; what was done stays in the action log


@shared_task
def work_on_bulk(pk: int) -> None:
    """Do a bulk action, or go on with it."""
    with via.through(Via(door=Door.TASK, request_id=f"bulk-{pk}")):
        work(pk)


@periodic("web.bulk", every=timedelta(minutes=1))
def sweep() -> None:
    """Take up what nobody works on: the broker was down, or the process was killed."""
    for pk in BulkRun.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True):
        wake(pk)


@periodic("web.forget_bulk")
def forget() -> None:
    """Remove old reports, those that took something back first."""
    old = BulkRun.objects.filter(at__lt=clock.now() - KEPT).exclude(finished_at=None)
    old.exclude(takes_back=None).delete()
    old.filter(taken_back_by=None).delete()
