"""`manage.py demo`: fill an empty database with the demonstration company."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.reports.demo import NotADemo, tell
from crm.reports.telling import usual_number


class Command(BaseCommand):
    help = "Makes the demonstration company in an empty database, or what an interrupted run left out of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--processes", type=int, default=usual_number(), help="how many tell stories at once (%(default)s)"
        )
        parser.add_argument("--scale", type=float, default=1.0, help="size, 1 being the whole company (%(default)s)")

    def handle(self, *args: Any, scale: float, processes: int, **options: Any) -> None:
        if not 0 < scale <= 20:
            raise CommandError("--scale is a number above 0 and up to 20.")
        if processes < 1:
            raise CommandError("--processes is at least 1.")
        begun = time.monotonic()
        try:
            number = tell(scale, self._say, processes)
        except NotADemo:
            raise CommandError(
                "This database holds a company of its own; the demonstration is not put into it."
            ) from None
        except KeyboardInterrupt:
            raise CommandError("Interrupted; the same command goes on where it stopped.") from None
        if number:
            self._say(f"done: {number} stories in {time.monotonic() - begun:.0f} s")
        else:
            self._say("the demonstration company is there already; nothing was done")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
