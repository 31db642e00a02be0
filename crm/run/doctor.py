"""What `manage.py doctor` looks at: each part says how it is, and what to do where it is not well."""

import http.client
import platform
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import django
import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from crm import clock
from crm.celery import app
from crm.deadlines import sweep
from crm.run.broker import UNFINISHED, find_server
from crm.run.failure import Failure
from crm.run.folders import Folder, holder
from crm.run.keys import FILE
from crm.run.postgres import WHEELS, find_programs

LITTLE_SPACE = 2 * 1024**3
TICK_IS_OLD = timedelta(minutes=3)


@dataclass(frozen=True)
class Finding:
    """One part of the installation: whether it is well, how it is, and what to do where it is not."""

    part: str
    well: bool
    text: str
    hint: str = ""


def examine() -> Iterator[Finding]:
    """Look at everything, one part after the other; a part that cannot be looked at does not hide the others."""
    for look in (versions, folder, secrets, supervisor, database, programs, broker, web, worker, beat):
        try:
            yield from look()
        except (Failure, DatabaseError, redis.RedisError, OSError) as error:
            yield Finding(look.__name__, False, str(error).strip().splitlines()[0])


def versions() -> Iterator[Finding]:
    """This product and what it stands on."""
    text = f"Ziti CRM {settings.CRM_VERSION}, Django {django.__version__}, Python {platform.python_version()}"
    yield Finding("versions", True, f"{text}, {platform.system()} {platform.machine()}")


def folder() -> Iterator[Finding]:
    """The data folder and the room on its disk."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    text = f"{settings.DATA_DIR}, {free / 1024**3:.1f} GB free"
    yield Finding("data folder", free > LITTLE_SPACE, text, "make room: the database stops when the disk is full")


def secrets() -> Iterator[Finding]:
    """The file of keys, which nobody else may read."""
    file = Path(settings.DATA_DIR) / FILE
    if file.exists():
        closed = not stat.S_IMODE(file.stat().st_mode) & 0o077
        yield Finding("secrets", closed, str(file), f"chmod 600 {file}")


def supervisor() -> Iterator[Finding]:
    """Whether `manage.py up` runs."""
    data = Folder(str(settings.DATA_DIR))
    if data.held() and data.read("up.env"):
        yield Finding("supervisor", True, holder(data.path))
    else:
        yield Finding("supervisor", True, "`manage.py up` does not run on this folder")


def database() -> Iterator[Finding]:
    """The database: version, size, migrations."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    yield Finding("database", True, f"PostgreSQL {version}, {size / 1024**2:.0f} MB")
    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    yield Finding("migrations", not steps, f"{steps} to come" if steps else "all done", "manage.py prepare")


def programs() -> Iterator[Finding]:
    """Where the embedded servers' programs come from."""
    found = find_programs()
    hint = ""
    if found.origin.replace("-", "_") in WHEELS:
        hint = "; security releases come with the wheel, so for serious production give a DATABASE_URL"
    yield Finding("PostgreSQL programs", True, f"{found.version} from {found.origin}, {found.folder}{hint}")
    yield Finding("broker program", True, str(find_server()))


def broker() -> Iterator[Finding]:
    """The broker, and what waits in it."""
    with redis.Redis.from_url(settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")) as line:
        version = line.info("server")["redis_version"]
        waiting, taken = line.llen("celery"), line.zcard(UNFINISHED)
    yield Finding("broker", True, f"answers as Redis {version}; {waiting} tasks wait, {taken} are being worked on")


def web() -> Iterator[Finding]:
    """The web server, by its own answer at /healthz."""
    url = urlsplit(settings.CRM_URL)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    line = kind(url.hostname or "", url.port, timeout=10)
    try:
        line.request("GET", "/healthz")
        answer = line.getresponse()
        text = f"{settings.CRM_URL}: {answer.read(300).decode()}"
        yield Finding("web server", answer.status == 200, text, "logs/web.log")
    except (OSError, http.client.HTTPException) as error:
        yield Finding("web server", False, f"{settings.CRM_URL} does not answer ({error})", "manage.py up")
    finally:
        line.close()


def worker() -> Iterator[Finding]:
    """The workers, by their answers to a ping."""
    names = sorted(name for answer in app.control.ping(timeout=2) or [] for name in answer)
    yield Finding("worker", bool(names), ", ".join(names) or "none answers", "manage.py up; logs/worker.log")


def beat() -> Iterator[Finding]:
    """Beat, by the last tick that a worker did."""
    last = sweep.last_tick()
    if last is None:
        yield Finding("beat", False, "no tick yet", "one comes each minute while `manage.py up` runs")
        return
    age = clock.now() - last
    yield Finding(
        "beat", age < TICK_IS_OLD, f"last tick {age.total_seconds():.0f} s ago", "manage.py up; logs/beat.log"
    )
