"""`manage.py prepare`: bring the database to this version of the product, after a dump of what it holds."""

import gc
from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from crm.run.dumps import dump
from crm.run.failure import Failure
from crm.run.services import UNUSED


class Command(BaseCommand):
    """Dump a database that has migrations to come, then migrate."""

    help = "Bring the database to this version; a database that has migrations to come is dumped first."

    requires_system_checks: list[str] = []  # a start that has to be quick; the tests check the system

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--static` for deployments, where no supervisor does it."""
        parser.add_argument("--static", action="store_true", help="collect the static files as well")

    def handle(self, *args: object, static: bool, **options: object) -> None:
        """Say what is done, one line each."""
        executor = MigrationExecutor(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if steps and executor.loader.applied_migrations:
            try:
                self.stdout.write(f"backup before migrating: {dump('before-migrating')}")
            except Failure as failure:
                raise CommandError(str(failure)) from failure
        if steps:
            self.stdout.write(f"{len(steps)} migrations")
        gc.freeze()
        gc.set_threshold(
            100_000, 50, 1000
        )  # each step makes many models anew, and looking through them is a third of it
        call_command("migrate", verbosity=0, interactive=False)
        if static:
            call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=list(UNUSED))
            self.stdout.write("static files")
