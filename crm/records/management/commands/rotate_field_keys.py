"""Bring all encrypted values under the newest of CRM_FIELD_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.records.crypto import WrongKey
from crm.records.rotation import encrypted_columns, outdated, rotate


class Command(BaseCommand):
    help = (
        "Encrypt every value anew under the first of CRM_FIELD_KEYS (and CRM_INDEX_KEY). Put the new key in front, "
        "restart everything, run this, then take the old key away. It may be interrupted and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, default=500, help="rows in one transaction (default 500)")
        parser.add_argument("--check", action="store_true", help="only say how many values are outdated")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for column in encrypted_columns():
            count = outdated(column)
            total += count
            if options["check"] or not count:
                self.stdout.write(f"{column.name}: {count} outdated")
                continue
            try:
                for done in rotate(column, options["size"]):
                    self.stdout.write(f"{column.name}: {done} of {count}")
            except WrongKey as error:
                raise CommandError(f"{column.name}: {error} Add the key that is missing and run this again.") from error
        self.stdout.write(f"{total} values {'are outdated' if options['check'] else 'brought under the newest key'}.")
