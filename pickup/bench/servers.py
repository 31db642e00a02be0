"""The servers of a bench: database and broker in a folder that is thrown away, and both web servers."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from crm.run.database import connect
from crm.run.embedded import broker_of, postgres_of
from crm.run.folders import ROOT, Folder
from crm.run.keys import ensure_secrets
from crm.run.processes import Process
from crm.run.services import WEB, Web
from crm.run.up import listen
from pickup.bench.load import Generator

INSIDE = "ZITI_BENCH_FLOOR_URL"  # the floor's database; set in the process that has the servers
DATABASE_PID = "ZITI_BENCH_DATABASE_PID"
FLOOR_THREADS = "1"  # the floor keeps one connection to the database per process


def run_inside(arguments: Sequence[str]) -> int:
    """Run `manage.py bench` with these arguments again, on servers of its own; its exit code."""
    path = Path(tempfile.mkdtemp(prefix="ziti-bench-"))
    path.chmod(0o755)  # the user that root lends to the database has to pass through
    try:
        folder = Folder(str(path / "data"))
        folder.make()
        postgres, broker = postgres_of(folder), broker_of(folder)
        # Before there is a database: afterwards new keys would be refused.
        secrets = ensure_secrets(folder)
        with contextlib.ExitStack() as ends:
            for server in (postgres, broker):
                ends.callback(server.stop)
                server.start()
                server.wait_ready(60)
            with contextlib.closing(connect(postgres.url("postgres"))) as line, line.cursor() as cursor:
                for name in ("ziti", "floor"):
                    cursor.execute(f"CREATE DATABASE {name}")
            with contextlib.closing(listen("127.0.0.1", 0)) as listener:
                port = listener.getsockname()[1]
            env = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
            env |= secrets | postgres.addresses
            env |= {
                "CRM_DATA_DIR": str(folder.path),
                "CRM_URL": f"http://127.0.0.1:{port}",
                "CRM_API_RATE": str(10**9),  # requests are counted as always, and never too many
                "CRM_LOG_LEVEL": "WARNING",
                "CRM_STATEMENT_TIMEOUT_MS": "0",
                "CELERY_BROKER_URL": broker.url,
                "CRM_NO_BOOTSTRAP": "1",
                INSIDE: postgres.url("floor"),
                DATABASE_PID: str(postgres.popen and postgres.popen.pid),
            }
            return subprocess.run([sys.executable, ROOT / "manage.py", "bench", *arguments], env=env).returncode  # noqa: S603
    finally:
        shutil.rmtree(path, ignore_errors=True)


class Floor(Process):
    """The floor's application under the same gunicorn, with the same arguments but for its threads."""

    def __init__(self, folder: Folder, env: dict[str, str], floor: Path, socket: int) -> None:
        web = ["--threads=" + FLOOR_THREADS if before == "--threads" else each for before, each in pairs(WEB)]
        web.remove("--threads")
        command = [sys.executable, "-m", "gunicorn", "floor_app:app", "--chdir", str(floor)]
        command += ["--bind", f"fd://{socket}", *web]
        keep = (*folder.keep, socket)
        super().__init__("Floor", command, log=folder.log("floor"), env=env, cwd=ROOT, keep=keep)


def pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each word with the one before it."""
    return zip(["", *words], words, strict=False)


@contextlib.contextmanager
def served(floor: Path, dsn: str, ask: Generator) -> Iterator[tuple[str, str]]:
    """Both web servers while the block runs, as production starts them; answers the addresses of product and floor."""
    folder = Folder()
    port = int(os.environ["CRM_URL"].rpartition(":")[2])
    env = {name: value for name, value in os.environ.items() if name not in {"CRM_STATEMENT_TIMEOUT_MS", INSIDE}}
    with contextlib.ExitStack() as ends:
        ours, theirs = (ends.enter_context(contextlib.closing(listen("127.0.0.1", each))) for each in (port, 0))
        web = Web(folder, env | {"CRM_DB_ROLE": "ziti_app"}, None, ours.fileno(), ("127.0.0.1", port))
        bare = Floor(folder, env | {"DSN": dsn, "PYTHONDONTWRITEBYTECODE": "1"}, floor, theirs.fileno())
        for server in (web, bare):
            ends.callback(server.stop)
            server.start()
            server.wait_ready(60)
        ask.servers = [int(os.environ[DATABASE_PID]), *(each.popen.pid for each in (web, bare) if each.popen)]
        yield os.environ["CRM_URL"], f"http://127.0.0.1:{theirs.getsockname()[1]}"
