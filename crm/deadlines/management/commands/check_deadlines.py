"""`manage.py check_deadlines`: do the open deadlines agree with the states of the records?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.deadlines.check import check


class Command(BaseCommand):
    help = "Compares the open deadlines with what the states of all records imply; --mend puts right what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="put right what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        found = check(mend=options["mend"])
        for (rule, what), number in sorted(found.items()):
            self.stdout.write(f"{rule}: {number} {what}")
        if not found:
            self.stdout.write("All deadlines agree with their records.")
        elif options["mend"]:
            self.stdout.write("Mended.")
        else:
            self.stdout.write("Nothing was changed; --mend puts it right.")
