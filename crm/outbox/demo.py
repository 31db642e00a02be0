"""The demonstration's reminders of the last days, and which notices people have read since."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from crm.accounts.models import User
from crm.deadlines.sweep import sweep
from crm.outbox.actions import read_notices
from crm.outbox.models import Message
from crm.reports.demo import Demo, Story, chapter

SWEEPS = 6  # one each half working day, the last one now
HALF_A_DAY = 3.75  # working hours
UNREAD = timedelta(days=2)  # notices younger than this may still be unread


@chapter(99, "reminders")
def reminders(demo: Demo) -> Iterator[Story]:
    """The clock reminded and told higher up as time went by; most notices were read."""
    for number in range(SWEEPS):
        moment = demo.ago((SWEEPS - 1 - number) * HALF_A_DAY) if number < SWEEPS - 1 else demo.now
        yield Story(f"sweep-{number}", moment, sweep)
    for number, user in enumerate(User.objects.working().order_by("pk")):
        yield Story(f"read-{number}", demo.now, partial(_read, demo, user))


def _read(demo: Demo, user: User) -> None:
    old = list(Message.objects.unread_by(user).filter(queued_at__lt=demo.now - UNREAD))
    if old:
        with demo.at(demo.now - UNREAD / 2):
            read_notices(by=demo.user(user.pk), notices=old)
