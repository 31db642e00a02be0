"""A kept connection is used again without a question, unless it ended or was idle."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import close_old_connections, connection, connections

from crm.postgresql import base

pytestmark = pytest.mark.django_db(transaction=True)


class Machine:
    """A clock that stands until it is moved on."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A connection as a web server keeps it, between two requests, and the questions whether it lives."""
    machine = Machine()
    monkeypatch.setattr(base, "time", machine)
    other = connections.create_connection("default")
    other.settings_dict = {**other.settings_dict, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 60}
    asked: list[bool] = []

    def usable() -> bool:
        asked.append(True)
        return base.base.DatabaseWrapper.is_usable(other)

    monkeypatch.setattr(other, "is_usable", usable)
    request(other)
    yield other, machine, asked
    other.close()


def request(other: Any) -> int:
    """What a request does: the process of the database that served it."""
    other.close_if_unusable_or_obsolete()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_the_database_of_the_settings_is_ours() -> None:
    assert settings.DATABASES["default"]["ENGINE"] == "crm.postgresql"
    assert isinstance(connection._connections["default"], base.DatabaseWrapper)  # type: ignore[attr-defined]


def test_a_connection_in_use_is_not_asked(kept: Any) -> None:
    other, machine, asked = kept
    first = request(other)
    del asked[:]
    machine.now += base.FRESH - 1
    assert request(other) == first
    assert asked == []


def test_one_that_was_idle_is_asked(kept: Any) -> None:
    other, machine, asked = kept
    first = request(other)
    del asked[:]
    machine.now += base.FRESH + 1
    assert request(other) == first
    assert asked == [True]


def test_one_that_the_server_ended_is_made_anew(kept: Any) -> None:
    other, _machine, _asked = kept
    first = request(other)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
        assert cursor.fetchone()[0] is True
    assert request(other) != first
    close_old_connections()
