"""`manage.py first_admin_link`: the way in for the first administrator, and for one who is locked out."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.backends import find_person
from crm.accounts.models import User
from crm.accounts.welcome import link_for

NAME = "admin"


class Command(BaseCommand):
    help = "Prints a one-time link by which the first administrator, or --user, sets a password (24 hours)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", default="", help="an existing user, who forgot the password")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        person = find_person(user) if user else self.first()
        if person is None:
            raise CommandError(_("There is no active user “%(name)s”.") % {"name": user})
        self.stdout.write(link_for(person))

    @transaction.atomic
    def first(self) -> User:
        """The superuser who never set a password, made where there is none. Raises CommandError where one did."""
        superusers = User.objects.working().filter(is_superuser=True).order_by("pk")
        for person in superusers.select_for_update(no_key=True, of=("self",)):
            if person.has_usable_password():
                raise CommandError(
                    _("There is an administrator already: %(name)s. For a link use --user.") % {"name": person.username}
                )
        known = superusers.first()
        if known is None and User.objects.filter(username__iexact=NAME).exists():
            raise CommandError(_("There is a user “%(name)s” who is no administrator. Use --user.") % {"name": NAME})
        return known or User.objects.create_superuser(NAME, name=_("Administrator"))
