"""What is the same for every record of a long piece of work, such as the department of finance, is asked once in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_known: ContextVar[dict[Callable[[], Any], Any] | None] = ContextVar("answers of a piece of work", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Inside the block functions that are marked with `once` answer what they answered first."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(function: Callable[[], Answer]) -> Callable[[], Answer]:
    """Mark a function without arguments: inside of `asked_once()` it is asked one time, elsewhere each time."""

    @wraps(function)
    def ask() -> Answer:
        known = _known.get()
        if known is None:
            return function()
        if function not in known:
            known[function] = function()
        answer: Answer = known[function]
        return answer

    return ask
