"""The databases of the tests: one throw-away server, one migrated template, one clone of it per xdist worker."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import psutil
import psycopg2
from django.core.management import call_command
from django.db import connection, connections

from crm.run import fingerprint
from crm.run.lent import lent_user
from crm.run.postgres import Postgres

FOLDERS = "ziti-test-"


def prepare_environment() -> None:
    """Set what the settings read, before they are read: the same for everybody, whatever the caller's shell holds.

    The language is English, so that a test compares with the texts in the code; a test of Chinese says so.
    A given `DATABASE_URL` is used, and its database only to connect to: every test database is a new one beside it.
    """
    for name in [name for name in os.environ if name.startswith("CRM_")] + ["CELERY_BROKER_URL"]:
        os.environ.pop(name, None)
    remove_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDERS}{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)  # the user that root lends to the server has to pass through
    (folder / "data" / "static").mkdir(parents=True)
    given = os.environ.get("DATABASE_URL", "")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # playwright runs an event loop in the thread of the test
        "CRM_DATA_DIR": str(folder / "data"),
        "CRM_LANGUAGE": "en",
        "CRM_TIME_ZONE": "Asia/Shanghai",
        "CRM_URL": "http://testserver",
        "CRM_LOG_LEVEL": "WARNING",
        "TZ": "UTC",
        "ZITI_TEST_FOLDER": str(folder),
        "ZITI_TEST_SESSION": str(os.getpid()),
    }
    if not given:
        os.environ["ZITI_TEST_SERVER"] = "1"
        os.environ["DATABASE_URL"] = server(folder).url("postgres")


def remove_left_behind() -> None:
    """Remove the folders of sessions that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*-*"):
        session = folder.name.removeprefix(FOLDERS).partition("-")[0]
        if session.isdecimal() and not psutil.pid_exists(int(session)):
            shutil.rmtree(folder, ignore_errors=True)


def server(folder: Path) -> Postgres:
    """The throw-away server of this session; it is started by `start_server`."""
    sockets = folder / "run"
    sockets.mkdir(mode=0o700, exist_ok=True)
    user = lent_user()
    if user:
        user.own([sockets])
    return Postgres(folder, sockets=sockets, log=folder / "postgres.log", user=user, throwaway=True)


def start_server() -> Postgres | None:
    """Start the throw-away server as a child of this process, with which it also dies; None where one is given."""
    if "ZITI_TEST_SERVER" not in os.environ:
        return None
    started = server(Path(os.environ["ZITI_TEST_FOLDER"]))
    started.start()
    started.wait_ready(60)
    return started


class Clones:
    """The test databases of this process, made from one template by copying files, which takes a blink.

    The template is named by all code that shapes a database, and migrated once, under a lock, by whoever is first.
    """

    def __init__(self, *, migrations: bool) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.name = f"ziti_test_{os.environ['ZITI_TEST_SESSION']}_{worker}"
        self.migrations = migrations
        self.template = f"ziti_template_{fingerprint.of_code()}{'' if migrations else '_plain'}"
        options = connection.get_connection_params()
        options.pop("cursor_factory", None)
        options.pop("context", None)
        self.admin = psycopg2.connect(**options)
        self.admin.autocommit = True
        self._execute("SET statement_timeout = 0")

    def _execute(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with self.admin.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def make(self) -> None:
        """Make this process's database, and the template where there is none, and turn Django to it."""
        self._execute("SELECT pg_advisory_lock(hashtext('ziti test template'))")
        try:
            if not self._execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", self.template):
                self._make_template()
        finally:
            self._execute("SELECT pg_advisory_unlock(hashtext('ziti test template'))")
        self._clone()
        self._turn_to(self.name)

    def renew(self) -> None:
        """Replace this process's database by a fresh clone, ending whoever is still connected to it."""
        connections.close_all()
        self._clone()

    def drop(self) -> None:
        """Remove this process's database."""
        connections.close_all()
        self._execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        self.admin.close()

    def _clone(self) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        self._execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}" STRATEGY file_copy')

    def _make_template(self) -> None:
        for (old,) in self._execute("SELECT datname FROM pg_database WHERE datname LIKE 'ziti\\_template\\_%'"):
            self._execute(f'ALTER DATABASE "{old}" IS_TEMPLATE false')
            self._execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        self._execute(f"CREATE DATABASE \"{self.template}\" ENCODING 'UTF8' TEMPLATE template0")
        self._turn_to(self.template)
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
        connections.close_all()
        self._execute(f'ALTER DATABASE "{self.template}" IS_TEMPLATE true')

    def _turn_to(self, name: str) -> None:
        connections.close_all()
        connection.settings_dict["NAME"] = name
