"""Django's PostgreSQL, with a check of kept connections that costs no question to the database, and kept statements."""

from collections.abc import Sequence
from typing import Any


def kept(sql: str, kinds: Sequence[str] = (), values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows that a statement answers, which is planned once in each connection; see `DatabaseWrapper.kept`."""
    from django.db import connection

    rows: list[tuple[Any, ...]] = connection.kept(sql, kinds, values)  # type: ignore[attr-defined]
    return rows
