"""Through which door an action came, and which action caused which: context for the log, never for a decision."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Door(models.TextChoices):
    PAGE = "page", _("Page")
    API = "api", _("REST")
    ADMIN = "admin", _("Back office")
    LINK = "link", _("Customer's link")
    TASK = "task", _("Background task")
    COMMAND = "command", _("Command")
    IMPORT = "import", _("Import")


@dataclass(frozen=True)
class Via:
    """The way in: door, and where known the token or link used, the network address and the request's id."""

    door: str = Door.COMMAND
    token: int | None = None
    link: int | None = None
    address: str = ""
    request_id: str = ""


_via: ContextVar[Via] = ContextVar("via", default=Via())  # noqa: B039 - frozen


@dataclass(frozen=True)
class Cause:
    """The action whose body is running: its log row and who does it."""

    log: int
    actor: int


_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


def current() -> Via:
    """How the running code was reached."""
    return _via.get()


def cause() -> int | None:
    """The log row of the action whose body is running, or None."""
    running = _cause.get()
    return None if running is None else running.log


def running() -> Cause | None:
    """The action whose body is running, or None."""
    return _cause.get()


def as_logged() -> dict[str, Any]:
    """The way in and the cause, by the names that the log's columns have."""
    return {**vars(current()), "cause_id": cause()}


@contextmanager
def through(via: Via) -> Iterator[None]:
    """Let everything in the block be logged as having come through `via`."""
    token = _via.set(via)
    try:
        yield
    finally:
        _via.reset(token)


@contextmanager
def caused_by(log_id: int, actor: int) -> Iterator[None]:
    """Let everything in the block be logged as a consequence of the action `log_id` of `actor`."""
    token = _cause.set(Cause(log_id, actor))
    try:
        yield
    finally:
        _cause.reset(token)
