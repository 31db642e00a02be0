"""Many rows like one, for tests of what the clock does to many."""

from collections.abc import Callable
from typing import Any


def copies(row: Any, times: int, **facts: Callable[[int], Any]) -> list[Any]:
    """So many more rows like this one, with what the functions make of their number; no verb is done."""
    made = []
    for each in range(times):
        copy = type(row).objects.get(pk=row.pk)
        copy.pk, copy._state.adding = None, True
        for name, value in facts.items():
            setattr(copy, name, value(each))
        copy.save()
        made.append(copy)
    return made
