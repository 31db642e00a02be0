"""What `manage.py` does once the environment is there: our own commands, or Django's on the data folder's servers."""

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from crm.run.embedded import broker_of, postgres_of
from crm.run.failure import Failure
from crm.run.folders import Folder, supported
from crm.run.postgres import find_programs

OWN = """\
  up      start everything: database, broker, web server, worker, beat (up --help)
  test    the checks and the tests; with arguments, pytest with them (test --long for the long ones)
  doctor  whether all is well, and what to do where it is not
"""
# Commands that ask no database; every other one has the embedded servers lent, where they are not running already.
WITHOUT_DATABASE = {"help", "version", "check", "makemessages", "compilemessages", "collectstatic", "diffsettings"}
WITHOUT_DATABASE |= {"bench"}  # it has servers of its own


def run(argv: Sequence[str]) -> int:
    """Run the command of `argv`; the exit code. What is wrong outside the program is said in one sentence."""
    name, arguments = (argv[1], argv[2:]) if len(argv) > 1 else ("help", [])
    try:
        if name == "up":
            from crm.run import up

            return up.run(arguments)
        if name == "test":
            from crm.run import testing

            return testing.run(arguments)
        return django_command(name, list(argv))
    except Failure as failure:
        print(f"manage.py {name}: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def django_command(name: str, argv: list[str]) -> int:
    """Run one of Django's commands, or of the apps'."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    if name in {"help", "--help", "-h"} and len(argv) < 3:
        print(OWN)
    with contextlib.nullcontext() if name in WITHOUT_DATABASE else servers(name):
        if name == "dbshell":
            os.environ["PATH"] = f"{find_programs().folder}{os.pathsep}{os.environ['PATH']}"
        try:
            execute_from_command_line(argv)
        except OperationalError as error:
            raise Failure(f"The database does not answer: {str(error).strip()}\nStart it by `manage.py up`.") from error
    return 0


@contextlib.contextmanager
def servers(name: str) -> Iterator[None]:
    """The database and the broker of the data folder for one command: those of a running `up`, else lent by us."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    supported()
    folder = Folder()
    os.environ["CRM_DATA_DIR"] = str(folder.path)
    if folder.held():
        take_over(folder)
        yield
    elif (folder.path / "pg" / "PG_VERSION").exists():
        with lent(folder, name):
            yield
    else:
        yield


def take_over(folder: Folder) -> None:
    """Put the addresses of the running servers into the environment, where it does not name others."""
    for line in folder.read("up.env").splitlines():
        variable, _, value = line.partition("=")
        if not os.environ.get(variable):
            os.environ[variable] = value


@contextlib.contextmanager
def lent(folder: Folder, name: str) -> Iterator[None]:
    """Both servers as children of this process, while the command runs."""
    folder.make()
    folder.hold(f"`manage.py {name}`")
    postgres, broker = postgres_of(folder), broker_of(folder)
    try:
        for server in (postgres, broker):
            server.start()
            server.wait_ready(60)
        os.environ |= postgres.addresses
        os.environ["CELERY_BROKER_URL"] = os.environ.get("CELERY_BROKER_URL") or broker.url
        yield
    finally:
        broker.stop()
        postgres.stop()
        folder.release()
