"""Document numbers: none is given twice, nobody waits for another's transaction, and a new year begins by itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from crm import clock
from crm.records.numbers import next_number
from tests.races.conftest import at_once
from tests.world import MORNING

NEW_YEAR = datetime(2031, 1, 1, 2, tzinfo=UTC)


@pytest.mark.django_db
def test_each_series_and_each_year_counts_for_itself() -> None:
    with clock.at(MORNING):
        assert [next_number("SO"), next_number("SO"), next_number("PK")] == [
            "SO2026-000001",
            "SO2026-000002",
            "PK2026-000001",
        ]
    with clock.at(NEW_YEAR):
        assert next_number("SO") == "SO2031-000001"


@pytest.mark.django_db
def test_what_was_rolled_back_is_a_gap() -> None:
    with clock.at(MORNING):
        assert next_number("SO") == "SO2026-000001"
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert next_number("SO") == "SO2026-000002"
            raise ZeroDivisionError
        assert next_number("SO") == "SO2026-000003"


@pytest.mark.django_db
def test_only_names_of_series_become_sequences() -> None:
    with pytest.raises(InternalError, match="there is no series"), transaction.atomic():
        next_number('x"; DROP')


@pytest.mark.django_db(transaction=True)
def test_the_first_numbers_of_a_year_that_many_take_at_once_are_different_ones() -> None:
    def take() -> str:
        with clock.at(NEW_YEAR), transaction.atomic():
            return next_number("SO")

    assert sorted(at_once(*[take] * 8)) == [f"SO2031-{number:06d}" for number in range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_until_another_has_written_his_order() -> None:
    with clock.at(MORNING):
        first = next_number("SO")
    taken, go_on = Event(), Event()

    def slow() -> str:
        try:
            with clock.at(MORNING), transaction.atomic():
                number = next_number("SO")
                taken.set()
                assert go_on.wait(timeout=20)
                return number
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(slow)
        assert taken.wait(timeout=20)
        try:
            with clock.at(MORNING), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                mine = next_number("SO")
        finally:
            go_on.set()
        assert [first, other.result(timeout=20), mine] == ["SO2026-000001", "SO2026-000002", "SO2026-000003"]


@pytest.mark.django_db
def test_the_role_of_web_and_worker_takes_numbers_and_cannot_turn_them_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.APP_ROLE}")
        with clock.at(NEW_YEAR):
            assert next_number("SO") == "SO2031-000001"
            assert next_number("SO") == "SO2031-000002"
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("SELECT setval('records_number_so2031', 1)")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("CREATE SEQUENCE records_number_zz2031")
        cursor.execute("RESET ROLE")
