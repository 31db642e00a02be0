"""The demonstration company: what the apps tell of it in their `demo.py`, done by real verbs at past moments.

    @chapter(40, "orders", apart=True)
    def orders(demo: Demo) -> Iterator[Story]:
        for number in range(demo.some(150)):
            begins = demo.ago(demo.random(f"order-{number}").uniform(8, 400))
            yield Story(f"order-{number}", begins, partial(tell, demo, number, begins))

A story is one transaction: all of it happened, or nothing. Chapters of the same order are told together, by the time at
which their stories begin. What was told is written down, so that a run that was interrupted is taken up by the next.

What a story tells follows from the seed and from now, whoever tells it. Only what two stories of chapters that are told
`apart` share falls to the first of them: the order of numbers, a place in a window, whose turn it is.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from itertools import groupby
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.module_loading import autodiscover_modules

from crm import clock
from crm.accounts.models import User
from crm.deadlines import basis, worktime
from crm.deadlines.locks import only_one
from crm.records.models import RequestKey
from crm.reports.telling import FEW, SHOWN_EVERY, tell_together

SEED = 20260301
SCOPE = "demo"  # of the keys that say which stories were told


class NotADemo(Exception):
    """The database holds a company that is not the demonstration."""


class Demo:
    """What a chapter works with: the present moment, working time, people, chance; `scale` makes all of it smaller."""

    def __init__(self, scale: float = 1.0) -> None:
        self.now = clock.now()
        self.today = clock.today()
        self.scale = scale
        self._users: dict[int | str, User] = {}
        self._kept: dict[str, Any] = {}

    def some(self, number: int) -> int:
        """That many at full size, fewer in a smaller demonstration, but never none."""
        return max(1, round(number * self.scale))

    def random(self, key: str) -> Random:
        """Chance that falls the same way for the same key, whatever was told before."""
        return Random(f"{SEED}-{key}")  # noqa: S311 - a story, no secret

    def once(self, key: str, make: Callable[["Demo"], Any]) -> Any:
        """What `make` answers, asked for only the first time; for choices that do not change any more."""
        if key not in self._kept:
            self._kept[key] = make(self)
        return self._kept[key]

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Let it be `moment`, or now where that is later, for the code and for the history that the database writes."""
        moment = min(moment, self.now)
        if clock.is_set() in (None, self.now):  # within a story the gate tells the database, with each verb
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('crm.now', %s, true)", [moment.isoformat()])
        with clock.at(moment):
            yield

    # Time.

    @cached_property
    def calendar(self) -> worktime.Calendar:
        """The company's working time."""
        return basis.current().company

    def ago(self, hours: float) -> datetime:
        """The moment that lies so many working hours before now."""
        return self.before(self.now, hours)

    def before(self, moment: datetime, hours: float) -> datetime:
        """The moment that lies so many working hours before another."""
        return worktime.subtract_time(self.calendar, moment, timedelta(hours=hours))

    def after(self, moment: datetime, hours: float) -> datetime:
        """The moment that lies so many working hours after another."""
        return worktime.add_time(self.calendar, moment, timedelta(hours=hours))[0]

    def day(self, days: int) -> date:
        """The working day so many working days after today, or before it; 0 is the next one if nobody works today."""
        day, step, left = self.today, timedelta(days=-1 if days < 0 else 1), abs(days)
        while left or not self.calendar.intervals(day):
            day += step
            left -= bool(self.calendar.intervals(day)) if left else 0
        return day

    # People.

    def user(self, who: str | int | None) -> User:
        """A user by name or key, each time the same one with his rights already read.

        Raises TypeError where there is nobody.
        """
        if who is None:
            raise TypeError("A story asks for somebody who is not there.")
        if who not in self._users:
            found = User.objects.select_related("department", "manager")
            user = found.get(pk=who) if isinstance(who, int) else found.get(username=who)
            self._users[user.pk] = self._users[user.username] = self._users.get(user.pk, user)
        return self._users[who]

    def people(self, role: str) -> list[User]:
        """The people in a role, always in the same order."""
        return self._people.get(role, [])

    @cached_property
    def _people(self) -> dict[str, list[User]]:
        found: dict[str, list[User]] = {}
        members = User.groups.through.objects.filter(user__kind=User.Kind.PERSON, user__is_active=True)
        for name, username in members.order_by("user_id").values_list("group__name", "user__username"):
            found.setdefault(name, []).append(self.user(username))
        return found


@dataclass(frozen=True)
class Story:
    """What became of one thing: `tell` does it, from `begins` on; `key` is the same in each run."""

    key: str
    begins: datetime
    tell: Callable[[], Any]

    def __call__(self) -> None:
        """Tell it."""
        self.tell()


@dataclass(frozen=True)
class Chapter:
    """Some stories of one kind; those told `apart` do not look at each other, so that several can be told at once."""

    order: int
    label: str
    stories: Callable[[Demo], Iterable[Story]] = field(compare=False)
    apart: bool = False


CHAPTERS: list[Chapter] = []


def chapter(
    order: int, label: str, *, apart: bool = False
) -> Callable[[Callable[[Demo], Iterable[Story]]], Callable[[Demo], Iterable[Story]]]:
    """Declare a chapter in an app's `demo.py`; those of one `order` are told together, by time."""

    def declare(stories: Callable[[Demo], Iterable[Story]]) -> Callable[[Demo], Iterable[Story]]:
        CHAPTERS.append(Chapter(order, label, stories, apart))
        return stories

    return declare


def tell(scale: float, say: Callable[[str], None], processes: int = 1) -> int:
    """Make the demonstration company, or what is missing of it; answers how many stories were told.

    With several `processes`, chapters whose stories are told apart are told by all of them at once.

    Nothing leaves the house: mails are kept as in test mode, whatever the settings say. Nobody is reminded in the
    meantime of what a story has not told yet. Raises NotADemo where a company of its own is in the database.
    """
    autodiscover_modules("demo_company", "demo")
    told = _told()
    if not told and User.objects.filter(kind=User.Kind.PERSON).exists():
        raise NotADemo
    settings.OUTBOX_TEST_MODE = True
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")  # what a power cut takes is told again by the next run
    number = 0
    with translation.override(settings.LANGUAGE_CODE), timezone.override(settings.TIME_ZONE), only_one("sweep"):
        demo = Demo(scale)
        for _order, chapters in groupby(sorted(CHAPTERS, key=_place), key=lambda each: each.order):
            number += _tell_together(demo, list(chapters), told, say, processes)
    return number


def _place(chapter: Chapter) -> tuple[int, str]:
    return chapter.order, chapter.label


def _told() -> set[str]:
    return set(RequestKey.objects.filter(scope=SCOPE).values_list("key", flat=True))


def _tell_together(
    demo: Demo, chapters: list[Chapter], told: set[str], say: Callable[[str], None], processes: int
) -> int:
    """Tell the stories of some chapters by time, saying how far it is."""
    label = ", ".join(each.label for each in chapters)
    begun = time.monotonic()
    waiting = _waiting(demo, chapters, told)
    count = len(waiting)
    if processes > 1 and count > FEW and all(each.apart for each in chapters):
        tell_together(partial(_tell, demo), waiting, processes, lambda done: say(f"{label}: {done} of {count}"))
        waiting = _waiting(demo, chapters, _told())  # made anew: what was tried once has used up its chance
    shown = time.monotonic()
    for number, story in enumerate(waiting, 1):
        _tell(demo, story)
        if time.monotonic() > shown + SHOWN_EVERY and number < len(waiting):
            shown = time.monotonic()
            say(f"{label}: {count - len(waiting) + number} of {count}")
    if count:
        say(f"{label}: {count} in {time.monotonic() - begun:.0f} s")
    return count


def _waiting(demo: Demo, chapters: list[Chapter], told: set[str]) -> list[Story]:
    """The stories that are not told yet, by the time at which they begin."""
    stories = [story for each in chapters for story in each.stories(demo)]
    return sorted((story for story in stories if story.key not in told), key=lambda story: story.begins)


def _tell(demo: Demo, story: Story) -> None:
    """Tell one story, and write down that it was told."""
    with transaction.atomic(), demo.at(story.begins):
        RequestKey.objects.create(scope=SCOPE, key=story.key, fingerprint="", log_id=0, at=demo.now)
        story()
