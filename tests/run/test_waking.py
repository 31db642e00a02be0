"""A broker that is away is asked once, for a short time, and not again for a while."""

import socket
from collections.abc import Iterator

import pytest
from kombu.exceptions import OperationalError

from crm import waking
from crm.celery import app
from crm.deadlines.tasks import run_job
from crm.waking import wake_up


class Machine:
    """A clock that stands until it is moved on."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The clock by which a pause is measured; nobody was silent before."""
    machine = Machine()
    monkeypatch.setattr(waking, "time", machine)
    monkeypatch.setattr(waking, "_silent_until", float("-inf"))
    return machine


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_the_settings_wait_for_a_broker_for_seconds_at_most() -> None:
    options = app.conf.broker_transport_options
    assert (options["socket_connect_timeout"], options["socket_timeout"]) == (1, 2)


def test_a_server_that_hangs_is_waited_for_once(machine: Machine, silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float | None] = []
    settimeout = socket.socket.settimeout

    def hurry(line: socket.socket, seconds: float | None) -> None:
        """A hundredth of what is wanted, so that the test takes no seconds."""
        waits.append(seconds)
        settimeout(line, seconds and seconds / 100)

    monkeypatch.setattr(socket.socket, "settimeout", hurry)
    with app.connection_for_write(silent) as connection:
        wake_up(run_job, "t.job", connection=connection)
    assert set(waits) == {1, 2}  # to connect, and for an answer; never without an end
    del waits[:]
    wake_up(run_job, "t.job")
    assert waits == []


def test_after_a_failure_nobody_asks_for_a_while(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(args: tuple[str], **options: object) -> None:
        asked.append(args[0])
        raise OperationalError("connection refused")

    monkeypatch.setattr(run_job, "apply_async", refuse)
    wake_up(run_job, "first")
    machine.now += waking.PAUSE - 1
    wake_up(run_job, "second")
    machine.now += 2
    wake_up(run_job, "third")
    assert asked == ["first", "third"]


def test_a_broker_that_answers_is_asked_each_time(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **options: asked.append((args, options)))
    for name in ("first", "second"):
        wake_up(run_job, name, expires=60)
    assert asked == [((name,), {"retry": False, "expires": 60}) for name in ("first", "second")]
