"""What the clock does in the background: one tick a minute, and the periodic jobs that it wakes."""

from datetime import time

from celery import shared_task

from crm import via
from crm.deadlines import periodic as periodic_
from crm.deadlines.periodic import periodic
from crm.deadlines.sweep import sweep
from crm.via import Door, Via
from crm.waking import wake_up


@shared_task
def tick() -> None:
    """Do what is due, and wake the periodic jobs whose time has come. Missed ticks and double ones are harmless."""
    with via.through(Via(door=Door.TASK)):
        sweep()
    for name in periodic_.due_jobs():
        wake_up(run_job, name, expires=60)  # the next tick wakes it again as long as it is due


@shared_task
def run_job(name: str) -> None:
    """Run one periodic job, if it is still due."""
    with via.through(Via(door=Door.TASK)):
        periodic_.run(name)


@periodic("deadlines.check", at=time(2, 30))
def check() -> None:
    """Compare every record with its deadlines, and mend what does not agree."""
    from crm.deadlines.check import check as compare

    compare(mend=True)


@periodic("deadlines.calendar", at=time(9, 15))
def keep_calendar() -> None:
    """Bring in the holidays of years not in the calendar yet, and in December ask for those that are missing."""
    from crm.deadlines import seeding

    seeding.complete()
    seeding.remind()
