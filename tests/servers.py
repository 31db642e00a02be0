"""A real broker and a real worker for the tests that need them."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from kombu import pools
from redis import Redis

from crm.celery import app
from crm.run.broker import Broker
from crm.run.lent import lent_user
from crm.run.processes import Process, tail

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """The address of this process's test database, for a child process."""
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return f"{base}/{connection.settings_dict['NAME']}"


@pytest.fixture(scope="session")
def broker_server() -> Iterator[Broker]:
    """A throw-away Valkey of this process of the tests, on a unix socket."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder = Path(os.environ["ZITI_TEST_FOLDER"]) / f"broker-{name}"
    sockets = folder / "run"
    sockets.mkdir(mode=0o700, parents=True)
    user = lent_user()
    if user:
        user.own([sockets])
    server = Broker(folder, sockets=sockets, log=folder / "valkey.log", user=user)
    server.start()
    server.wait_ready(30)
    yield server
    server.stop()


@pytest.fixture
def broker(broker_server: Broker) -> Iterator[Broker]:
    """The real broker, empty, and this process sending to it; `broker.stop()` and `.start()` as a test likes."""
    before = app.conf.broker_url
    _send_to(broker_server.url)
    empty(broker_server)
    yield broker_server
    if not broker_server.running():
        broker_server.start()
        broker_server.wait_ready(30)
    empty(broker_server)
    _send_to(before)


def empty(server: Broker) -> None:
    """Forget all tasks, also those that a killed worker had taken."""
    with Redis(unix_socket_path=str(server.socket)) as client:
        client.flushall()


def _send_to(url: str) -> None:
    app.conf.broker_url = url
    app.conf.broker_write_url = app.conf.broker_read_url = None
    pools.reset()
    app._pool = app.amqp._producer_pool = None


class Worker(Process):
    """A Celery worker with beat inside, on this process's test database and broker."""

    def ready(self) -> bool:
        """Whether it takes tasks, by its own word."""
        return b" ready." in self.log.read_bytes()

    def start(self) -> None:
        """Start the worker with a fresh log, in which `ready` looks for its word."""
        self.log.unlink(missing_ok=True)
        super().start()

    def kill(self) -> None:
        """End it and its pool at once, as a power cut would."""
        if self.popen:
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.clear()


@pytest.fixture
def worker(transactional_db: None, broker: Broker) -> Iterator[Worker]:
    """A real worker that has taken up its work; `worker.kill()` and `.start()` as a test likes."""
    folder = Path(os.environ["ZITI_TEST_FOLDER"]) / f"worker-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    options = ["-c", "2", "-B", "-s", folder / "beat", "--without-gossip", "--without-mingle", "-l", "INFO"]
    started = Worker(
        "Celery worker",
        [sys.executable, "-m", "celery", "-A", "crm", "worker", *options],
        log=folder / "worker.log",
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), "CELERY_BROKER_URL": broker.url, "CRM_LOG_LEVEL": "INFO"},
    )
    started.start()
    started.wait_ready(120)
    yield started
    started.kill()


@pytest.fixture
def eventually():
    """A function that waits until a condition holds, for tests of processes: `eventually(lambda: …, seconds=60)`."""

    def wait(holds, seconds: float = 60, log: Path | None = None) -> None:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            with contextlib.suppress(AssertionError):
                if holds():
                    return
            time.sleep(0.05)
        raise AssertionError(f"not within {seconds} s" + (f"\n{tail(log, 30)}" if log else ""))

    return wait
