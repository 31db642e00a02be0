"""Deadlocks: the database ends one of those who wait for each other, who does his transaction again."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError

CODE = "40P01"
ATTEMPTS = 3

Done = TypeVar("Done")


def is_deadlock(error: BaseException) -> bool:
    """Whether the database ended the transaction because it and another one waited for each other."""
    return getattr(error.__cause__, "pgcode", None) == CODE


def done_again(transaction: Callable[[], Done]) -> Done:
    """What `transaction` answers, a whole one that is in no other; after a deadlock it is done twice more at most."""
    for _attempt in range(1, ATTEMPTS):
        try:
            return transaction()
        except OperationalError as error:
            if not is_deadlock(error):
                raise
    return transaction()
