"""What the database ended because of a deadlock is done again, twice at most, and nothing else is."""

from collections.abc import Callable

import pytest
from django.db import OperationalError

from crm.deadlocks import done_again, is_deadlock


class Ended(Exception):
    """The driver's error, with PostgreSQL's code."""

    def __init__(self, code: str) -> None:
        self.pgcode = code


def transaction(*codes: str) -> tuple[list[str], Callable[[], str]]:
    """A transaction that fails with these codes, one after the other, and then succeeds."""
    left, begun = list(codes), []

    def run() -> str:
        begun.append("begun")
        if left:
            raise OperationalError("failed") from Ended(left.pop(0))
        return "done"

    return begun, run


@pytest.mark.parametrize("deadlocks", [0, 1, 2])
def test_it_is_done_again_until_it_succeeds(deadlocks: int) -> None:
    begun, run = transaction(*["40P01"] * deadlocks)
    assert done_again(run) == "done"
    assert len(begun) == deadlocks + 1


def test_the_third_time_is_the_last() -> None:
    begun, run = transaction(*["40P01"] * 3)
    with pytest.raises(OperationalError) as error:
        done_again(run)
    assert is_deadlock(error.value)
    assert len(begun) == 3


def test_any_other_failure_is_told_at_once() -> None:
    begun, run = transaction("57014")
    with pytest.raises(OperationalError) as error:
        done_again(run)
    assert not is_deadlock(error.value)
    assert len(begun) == 1
