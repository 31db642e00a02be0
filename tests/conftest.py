"""What every test stands on: the environment, the database, the language, and servers for those who ask.

Fixtures: `db` and `transactional_db` as pytest-django has them; `broker`, `worker` (tests/servers.py); `browser`,
`page`, `phone_page` (tests/browser_fixtures.py).
"""

import os
from collections.abc import Iterator

import django
import pytest
from django.conf import settings

from crm.run.postgres import Postgres
from tests import database

if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker has the environment of its controller
    if settings.configured:
        raise pytest.UsageError("The settings were read before the tests prepared them: unset DJANGO_SETTINGS_MODULE.")
    database.prepare_environment()

pytest_plugins = ["tests.servers", "tests.browser_fixtures"]

SERVER = pytest.StashKey[Postgres | None]()

django.setup()  # before the conftest files of the folders are imported, which may import models


def pytest_configure(config: pytest.Config) -> None:
    """Start the throw-away server, in the process that outlives the xdist workers, and set what tests change."""
    if "PYTEST_XDIST_WORKER" not in os.environ and not config.option.collectonly:
        config.stash[SERVER] = database.start_server()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # A message after commit goes nowhere instead of waiting for a broker; `broker` gives a real one.
    from crm.celery import app

    app.conf.broker_url = "memory://"


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """That no test was selected is a failure, but not of `manage.py test --long`."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and "ZITI_TEST_LONG" in os.environ:
        session.exitstatus = pytest.ExitCode.OK


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, however the session ended."""
    if server := config.stash.get(SERVER, None):
        server.stop()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker, django_db_use_migrations: bool
) -> Iterator[database.Clones]:
    """This process's database: a clone of the template; tests with real transactions get a fresh clone afterwards.

    Emptying all tables instead, as Django does, would also take away what the migrations put into them.
    """
    from django.test import TransactionTestCase

    if not django_db_use_migrations:
        settings.MIGRATION_MODULES = NoMigrations()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        clones = database.Clones(migrations=django_db_use_migrations)
        clones.make()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: clones.renew())
        yield clones
        clones.drop()


class NoMigrations:
    """For `--no-migrations`: every app has none, so its tables are made from its models."""

    def __contains__(self, app: str) -> bool:
        """Every app is named here."""
        return True

    def __getitem__(self, app: str) -> None:
        """No app has a module of migrations."""


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test begins with the counters, such as those of rate limits, of an earlier one."""
    from django.core.cache import caches

    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(autouse=True)
def broker_that_may_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test begins with a broker that was away in an earlier one."""
    from crm import waking

    monkeypatch.setattr(waking, "_silent_until", float("-inf"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test begins in the language of the settings; a request of an earlier one may have left another."""
    from django.utils import timezone, translation

    with translation.override(settings.LANGUAGE_CODE), timezone.override(None):
        yield
