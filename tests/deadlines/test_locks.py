"""Who holds a lock by name does a job alone, also where a pool gives each transaction another connection."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections

from crm.deadlines.locks import only_one

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[False, True], ids=["session", "pool"])
def pooled(request: pytest.FixtureRequest) -> Iterator[bool]:
    """With and without CRM_DB_TRANSACTION_POOL."""
    settings = connection.settings_dict
    before = settings["DISABLE_SERVER_SIDE_CURSORS"]
    settings["DISABLE_SERVER_SIDE_CURSORS"] = request.param
    yield request.param
    settings["DISABLE_SERVER_SIDE_CURSORS"] = before


def is_free(name: str) -> bool:
    """What another process finds."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
            return bool(cursor.fetchone()[0])
    finally:
        other.close()


def own_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_it_is_held_until_the_end_of_the_block(pooled: bool) -> None:
    with only_one("t.lock") as mine:
        assert mine
        assert not is_free("t.lock")
        assert is_free("t.other")
        assert own_locks() == (0 if pooled else 1)  # what a pool's session keeps would stay with whoever gets it next
    assert is_free("t.lock")


def test_a_failure_gives_it_back(pooled: bool) -> None:
    with pytest.raises(KeyError), only_one("t.lock"):
        raise KeyError
    assert is_free("t.lock")


def test_the_second_is_told_so_and_takes_nothing_away(pooled: bool) -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended('t.lock', 0))")
        with only_one("t.lock") as mine:
            assert not mine
        assert not is_free("t.lock")
    finally:
        other.close()
    assert is_free("t.lock")
