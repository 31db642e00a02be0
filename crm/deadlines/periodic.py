"""Jobs that come again and again, in one table instead of in a scheduler's memory.

    @periodic("outbox.send", every=timedelta(seconds=60))
    @periodic("deadlines.check", at=time(2, 30))             each day, where the company is
    @periodic("survey.annual", on=(7, 1), at=time(8, 30))    each year

The tick looks which are due. A job runs in one process at a time, and counts as done when it came to its end: after a
kill, a failure or a missed first of July it runs again. So each must be harmless when it runs twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from crm import clock
from crm.deadlines.locks import only_one
from crm.deadlines.models import PeriodicRun

log = logging.getLogger(__name__)

TICK = "tick"
RETRY = timedelta(minutes=5)  # after a failure, doubled with each further one
RETRY_AT_MOST = timedelta(hours=2)


@dataclass(frozen=True)
class Job:
    """A function without arguments, and when it runs."""

    name: str
    body: Callable[[], object]
    every: timedelta | None
    at: time
    on: tuple[int, int] | None

    def after(self, moment: datetime) -> datetime:
        """The first time after `moment` at which it runs."""
        if self.every is not None:
            return moment + self.every
        zone = ZoneInfo(settings.TIME_ZONE)
        day = moment.astimezone(zone).date()
        if self.on is not None:
            day = date(day.year, *self.on)
        found = datetime.combine(day, self.at, zone)
        if found <= moment:
            day = date(day.year + 1, *self.on) if self.on is not None else day + timedelta(days=1)
            found = datetime.combine(day, self.at, zone)
        return found.astimezone(UTC)


JOBS: dict[str, Job] = {}


def periodic(
    name: str, *, every: timedelta | None = None, at: time = time(3), on: tuple[int, int] | None = None
) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Declare a job in an app's `tasks.py`: `every` so often, or daily `at` a time, or yearly `on` (month, day)."""

    def declare(body: Callable[[], object]) -> Callable[[], object]:
        if name in JOBS or name == TICK:
            raise TypeError(f"two jobs are named {name}")
        JOBS[name] = Job(name, body, every, at, on)
        return body

    return declare


def due_jobs() -> list[str]:
    """The names of the jobs whose time has come; new ones get their first time."""
    now = clock.now()
    rows = dict(PeriodicRun.objects.values_list("name", "next_at"))
    fresh = [job for job in JOBS.values() if job.name not in rows]
    if fresh:
        made = [PeriodicRun(name=job.name, next_at=now if job.every else job.after(now)) for job in fresh]
        PeriodicRun.objects.bulk_create(made, ignore_conflicts=True)
        rows |= {row.name: row.next_at for row in made}
    return [name for name in JOBS if (when := rows[name]) is not None and when <= now]


def run(name: str) -> bool:
    """Run the job if it is due and runs nowhere else; answers whether it came to its end. A failure is logged."""
    job = JOBS[name]
    with only_one(f"job {name}") as mine:
        row = PeriodicRun.objects.filter(pk=name, next_at__lte=clock.now()).first() if mine else None
        if row is None:
            return False
        try:
            job.body()
        except Exception as error:  # whatever it is, the next run is another chance
            log.exception("the periodic job %s failed", name)
            row.failures += 1
            row.failed_at, row.error = clock.now(), type(error).__name__
            row.next_at = clock.now() + min(RETRY * 2 ** (row.failures - 1), RETRY_AT_MOST)
            row.save()
            return False
        row.last_at, row.failures, row.error = clock.now(), 0, ""
        row.next_at = job.after(row.last_at)
        row.save()
        return True


def note_tick() -> None:
    """Write down that the sweep was done now."""
    if not PeriodicRun.objects.filter(pk=TICK).update(last_at=clock.now()):
        PeriodicRun.objects.create(name=TICK, last_at=clock.now())


def last_tick() -> datetime | None:
    """When the sweep was last done, None before the first time."""
    return PeriodicRun.objects.filter(pk=TICK).values_list("last_at", flat=True).first()
