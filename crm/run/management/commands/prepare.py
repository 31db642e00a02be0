"""`manage.py prepare`: bring the database to this version of the product, after a dump of what it holds."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from crm.run.dumps import dump
from crm.run.failure import Failure


class Command(BaseCommand):
    """Dump a database that has migrations to come, then migrate."""

    help = "Bring the database to this version; a database that has migrations to come is dumped first."

    def handle(self, *args: object, **options: object) -> None:
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
        call_command("migrate", verbosity=0, interactive=False)
