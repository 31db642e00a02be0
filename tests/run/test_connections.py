"""A kept connection is used again without a question, unless it ended or was idle."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import NotSupportedError, close_old_connections, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

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


def test_a_statement_is_planned_once_in_a_connection_and_again_in_the_next(kept: Any) -> None:
    other, _machine, _asked = kept
    sql, kinds = "SELECT %s || %s, %s + 1", ["text", "text", "bigint"]
    with CaptureQueriesContext(other) as queries:
        assert other.kept(sql, kinds, ["a'b", "%s", 2]) == [("a'b%s", 3)]
        assert other.kept(sql, kinds, ["c", "$1", 3]) == [("c$1", 4)]
    assert [each["sql"].split(" ")[0] for each in queries] == ["EXECUTE", "EXECUTE"]
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(generic_plans + custom_plans) FROM pg_prepared_statements")
        assert cursor.fetchone() == (1, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [request(other)])
    request(other)
    assert other.kept(sql, kinds, ["d", "e", 4]) == [("de", 5)]


def test_after_a_connection_grew_too_old_the_first_question_may_be_a_kept_one(kept: Any) -> None:
    other, _machine, _asked = kept
    assert other.kept("SELECT %s + 1", ["bigint"], [1]) == [(2,)]
    other.close()  # as Django does between two requests, when CONN_MAX_AGE is over
    assert other.kept("SELECT %s + 1", ["bigint"], [2]) == [(3,)]


def test_a_statement_that_was_planned_in_a_transaction_that_failed_is_kept_all_the_same(db: None) -> None:
    with pytest.raises(KeyError), transaction.atomic():
        assert connection.kept("SELECT %s * 7", ["bigint"], [6]) == [(42,)]  # type: ignore[attr-defined]
        raise KeyError
    assert connection.kept("SELECT %s * 7", ["bigint"], [7]) == [(49,)]  # type: ignore[attr-defined]


def test_behind_a_pool_of_transactions_nothing_is_kept(kept: Any) -> None:
    other, _machine, _asked = kept
    other.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
    with CaptureQueriesContext(other) as queries:
        assert other.kept("SELECT %s + 1", ["bigint"], [1]) == [(2,)]
    assert [each["sql"] for each in queries] == ["SELECT 1 + 1"]


def test_a_column_of_another_type_is_no_error(kept: Any) -> None:
    other, _machine, _asked = kept
    with other.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE changing AS SELECT 'a'::varchar(10) AS name")
        assert other.kept("SELECT name FROM changing", [], []) == [("a",)]
        cursor.execute("ALTER TABLE changing ALTER name TYPE varchar(20)")
        for _each in range(2):
            assert other.kept("SELECT name FROM changing", [], []) == [("a",)]


def test_within_a_transaction_it_costs_that_one_and_the_next_request_has_another_connection(db: None) -> None:
    first = request(connection)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE changing AS SELECT 'a'::varchar(10) AS name")
        assert connection.kept("SELECT name FROM changing", [], []) == [("a",)]  # type: ignore[attr-defined]
        cursor.execute("ALTER TABLE changing ALTER name TYPE varchar(20)")
    with pytest.raises(NotSupportedError), transaction.atomic():
        connection.kept("SELECT name FROM changing", [], [])  # type: ignore[attr-defined]
    assert request(connection) != first
    assert connection.statements == frozenset()  # type: ignore[attr-defined]


def test_a_percent_sign_is_written_as_in_every_query(kept: Any) -> None:
    other, _machine, _asked = kept
    for _each in range(2):
        assert other.kept("SELECT '5 %%' || %s, '%%s'", ["text"], ["!"]) == [("5 %!", "%s")]
        assert other.kept("SELECT '5 %%'", [], []) == [("5 %",)]


def test_a_connection_keeps_no_more_than_it_should(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    other, _machine, _asked = kept
    monkeypatch.setattr(base, "MOST_KEPT", 2)
    for number in (1, 2, 3, 3, 1):
        assert other.kept(f"SELECT {number}", [], []) == [(number,)]
    assert len(other.statements) == 2
