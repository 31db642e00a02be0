"""The one source of time, which tests and the demonstration can set."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC or the zone it was set in."""
    return _set.get() or timezone.now()


def is_set() -> datetime | None:
    """The moment that the clock was set to, None where it runs by itself."""
    return _set.get()


def today() -> date:
    """The present date where the company is (settings.TIME_ZONE)."""
    return timezone.localdate(now())


def midnight() -> datetime:
    """The moment at which the present day began where the company is."""
    return timezone.make_aware(datetime.combine(today(), time.min))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` (aware) inside the block. Raises ValueError for a naive one."""
    if timezone.is_naive(moment):
        raise ValueError("The clock takes aware datetimes only.")
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
