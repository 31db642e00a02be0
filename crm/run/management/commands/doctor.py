"""`manage.py doctor`: whether all is well, and what to do where it is not."""

import sys

from django.core.management.base import BaseCommand

from crm.run.doctor import examine


class Command(BaseCommand):
    """Print one line for each part of the installation; exit code 1 when one is not well."""

    help = "Say whether database, broker, web server, worker and beat are well, and what to do where they are not."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Print the findings as they come."""
        ill = 0
        for finding in examine():
            ill += not finding.well
            mark = self.style.SUCCESS("well") if finding.well else self.style.ERROR("ILL ")
            self.stdout.write(f"{mark}  {finding.part}: {finding.text}")
            if finding.hint and not finding.well:
                self.stdout.write(f"      {finding.hint}")
        if ill:
            sys.exit(1)
