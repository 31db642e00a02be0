"""Remove sealed files that belong to nothing: left over where a transaction was rolled back."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.records.attachments import remove_orphans


class Command(BaseCommand):
    help = "Remove stored files that no record names and that are older than a day."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{remove_orphans()} files removed.")
