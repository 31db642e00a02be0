"""`manage.py token USER`: make a token on the server, for a first client or for an integration."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.audit import note
from crm.accounts.backends import find_person
from crm.api.tokens import LONGEST, READ, WRITE, issue


class Command(BaseCommand):
    help = "Makes a token for the REST API and prints it, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", metavar="USER", help="user name of the person as whom the program acts")
        parser.add_argument("--name", default="command line", help="what uses it (%(default)s)")
        parser.add_argument(
            "--scopes", default=f"{READ},{WRITE}", help="read, write, apps or verbs, with commas (%(default)s)"
        )
        parser.add_argument("--days", type=int, default=90, help=f"valid for days, 1 to {LONGEST} (%(default)s)")

    def handle(self, *args: Any, user: str, name: str, scopes: str, days: int, **options: Any) -> None:
        person = find_person(user)
        if person is None:
            raise CommandError(_("There is no active user “%(name)s”.") % {"name": user})
        if not 1 <= days <= LONGEST:
            raise CommandError(_("A token is valid for 1 to %(most)s days.") % {"most": LONGEST})
        words = [scope.strip() for scope in scopes.split(",") if scope.strip()]
        try:
            with transaction.atomic():
                token, secret = issue(person, name[:60], words, days=days)
                note("accounts.issue_token", actor=None, subject=person, token=token.pk, scopes=token.scopes)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(secret)
