"""The three processes of the product itself: web server, worker, beat."""

import http.client
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from crm.run.folders import ROOT, Folder
from crm.run.lent import LentUser
from crm.run.processes import Process, tail

SHARED_MEMORY = Path("/dev/shm")
WEB = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]
WEB += ["--timeout", "60", "--graceful-timeout", "10"]
WORKER = ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]

ERROR = re.compile(r"[A-Za-z_][\w.]*: .")  # as a traceback ends, before the lines that a database adds

# What drf-spectacular brings along and nobody shows; compressing it would take longer than all the rest.
UNUSED = ("redoc", "swagger-ui-standalone-preset*")


class Web(Process):
    """Gunicorn on a socket that the supervisor has opened: callers wait while it is started again, none is refused."""

    death_signal = signal.SIGQUIT  # the quick stop

    def __init__(
        self, folder: Folder, env: Mapping[str, str], user: LentUser | None, socket: int, probe: tuple[str, int]
    ) -> None:
        command = [sys.executable, "-m", "gunicorn", "crm.wsgi", "--bind", f"fd://{socket}", *WEB]
        if SHARED_MEMORY.is_dir():
            command += ["--worker-tmp-dir", str(SHARED_MEMORY)]  # a slow disk must not look like a dead worker
        keep = (*folder.keep, socket)
        super().__init__("Web server", command, log=folder.log("web"), env=env, user=user, cwd=ROOT, keep=keep)
        self.probe = probe

    def ready(self) -> bool:
        """Whether it has served a page."""
        host, port = self.probe
        line = http.client.HTTPConnection(host, port, timeout=30)
        try:
            line.request("GET", "/")
            return line.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()


class Worker(Process):
    """The Celery worker. What it worked on when it was killed is given back to the broker at the next start."""

    death_signal = signal.SIGKILL  # asked to end while its broker ends too, it would wait for the broker for ever

    def __init__(self, folder: Folder, env: Mapping[str, str], user: LentUser | None) -> None:
        command = [sys.executable, "-m", "celery", "-A", "crm", *WORKER]
        super().__init__("Worker", command, log=folder.log("worker"), env=env, user=user, cwd=ROOT, keep=folder.keep)


class Beat(Process):
    """Celery's beat, which gives the worker one tick a minute."""

    def __init__(self, folder: Folder, env: Mapping[str, str], user: LentUser | None) -> None:
        schedule = folder.path / "run" / "beat"
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "crm",
            "beat",
            "--schedule",
            schedule,
            "--pidfile=",
            "-l",
            "INFO",
        ]
        super().__init__("Beat", command, log=folder.log("beat"), env=env, user=user, cwd=ROOT, keep=folder.keep)


class Command(Process):
    """One run of a command of `manage.py`, whose lines are shown as they come; its errors go to a log of their own."""

    def __init__(
        self, folder: Folder, env: Mapping[str, str], user: LentUser | None, name: str, *arguments: str
    ) -> None:
        command: list[str | Path] = [sys.executable, ROOT / "manage.py", name, *arguments]
        super().__init__(name, command, log=folder.log(name), env=env, user=user, cwd=ROOT, keep=folder.keep)
        self.errors = folder.log(f"{name}.errors")
        self.read = 0

    def start(self) -> None:
        """Start it with fresh logs."""
        self.log.unlink(missing_ok=True)
        self.errors.unlink(missing_ok=True)
        self.read = 0
        super().start()

    def succeeded(self) -> bool:
        """Whether it has ended well."""
        return self.popen is not None and self.popen.poll() == 0

    def failure(self) -> str:
        """Why it failed, as a sentence: the last error that it named, else its last line."""
        lines = [line.strip() for line in tail(self.errors, 30).splitlines()]
        named = [line for line in lines if ERROR.match(line)]
        return f"`manage.py {self.name}` failed: {(named or lines or ['without a word'])[-1]} (more in {self.errors})"

    def lines(self) -> list[str]:
        """The whole lines that it has written since the last call."""
        with self.log.open("rb") as log:
            log.seek(self.read)
            new, newline, _ = log.read().rpartition(b"\n")
        self.read += len(new) + len(newline)
        return new.decode(errors="replace").splitlines()
