"""`manage.py seed_calendar 2026 2027`: China's public holidays and make-up days into the company's calendar."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.deadlines.seeding import seed_calendar, unannounced


class Command(BaseCommand):
    help = "Brings the official holidays and make-up working days of the given years into the company's calendar."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="*", type=int, help="default: last year to next year")

    def handle(self, *args: Any, **options: Any) -> None:
        calendar = seed_calendar(options["years"] or None)
        for year in calendar.years.order_by("year"):
            days = calendar.days.filter(date__year=year.year)
            state = "NOT ANNOUNCED YET" if unannounced(year.year) else "announced"
            worked = days.filter(working=True).count()
            self.stdout.write(f"{year.year}: {days.count() - worked} days off, {worked} made up, {state}")
