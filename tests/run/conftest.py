"""What the tests of starting and stopping share: a folder that root's lent user can reach, and a running `up`."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from crm.run.folders import ROOT

READY = "Ziti CRM is ready"


def fresh_folder() -> Path:
    """A path that is not there yet; pytest's own temporary folders are closed to other users."""
    return Path(os.environ["ZITI_TEST_FOLDER"]) / f"data-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def folder() -> Path:
    """A path for a data folder, not made yet."""
    return fresh_folder()


@pytest.fixture
def bare() -> dict[str, str]:
    """The environment of somebody who has set nothing."""
    return bare_environment()


def bare_environment() -> dict[str, str]:
    """This environment without all that the product or its tests set."""
    ours = ("CRM_", "ZITI_", "DATABASE_URL", "CELERY_", "DJANGO_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"CRM_NO_BOOTSTRAP": "1"}


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def page(port: int, path: str = "/", seconds: float = 20) -> int:
    """The status of a page."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        line.request("GET", path)
        return line.getresponse().status
    finally:
        line.close()


class Up:
    """A running `manage.py up`."""

    def __init__(self, folder: Path, env: dict[str, str], *options: str) -> None:
        self.folder, self.env, self.port = folder, env, free_port()
        self.output = folder.with_name(f"{folder.name}.out")
        self.command = [sys.executable, ROOT / "manage.py", "up", "--port", str(self.port), "--data-dir", folder]
        self.command += options
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **popen) -> None:
        """Start it and wait for the address."""
        limit = time.monotonic() + 300
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self.command, env=self.env, stdout=output, stderr=subprocess.STDOUT, cwd="/", **popen
            )
        while READY not in self.said():
            assert self.process.poll() is None and time.monotonic() < limit, self.said()
            time.sleep(0.05)

    def said(self) -> str:
        """All that it printed."""
        return self.output.read_text()

    def family(self) -> list[psutil.Process]:
        """All its processes, children of children too."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        """The child whose command line holds the words."""
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # one that was killed may be a zombie for a moment
                if all(word in " ".join(child.cmdline()) for word in words):
                    return child
        raise AssertionError(f"no child {words}")

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run another command of `manage.py` on the same folder."""
        return subprocess.run(
            [sys.executable, ROOT / "manage.py", *arguments],
            env={**self.env, "CRM_DATA_DIR": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=300,
            cwd="/",
        )

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send the signal, wait for the end; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(120)


@pytest.fixture(scope="session")
def begun() -> Path:
    """A folder that was started once, to be copied by tests that do not look at a first start."""
    folder = fresh_folder()
    first = Up(folder, bare_environment(), "--empty")
    first.start()
    assert first.stop() == 0, first.said()
    return folder


@pytest.fixture
def new_up(folder: Path, bare: dict[str, str]) -> Iterator[Up]:
    """A `manage.py up --empty` on a new folder, not started yet; it ends with the test."""
    running = Up(folder, bare, "--empty")
    yield running
    if running.process and running.process.poll() is None:
        running.stop(signal.SIGTERM)


@pytest.fixture
def up(begun: Path, new_up: Up) -> Up:
    """A `manage.py up --empty` on a folder that was started before, not started yet; it ends with the test."""
    subprocess.run(["cp", "-a", begun, new_up.folder], check=True)
    return new_up
