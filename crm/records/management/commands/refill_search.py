"""Compute the search columns of records anew, after a bulk update of names or a change of the rules."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.records.search import refill, searchable_models


class Command(BaseCommand):
    help = "Compute by what records are found anew, and write what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, default=500, help="rows read at once (default 500)")

    def handle(self, *args: Any, **options: Any) -> None:
        for model in searchable_models():
            changed = refill(model._base_manager.all(), options["size"])
            self.stdout.write(f"{model._meta.label}: {changed} changed")
