"""The database of settings.DATABASES: connections that are looked at rather than asked, and statements that are kept.

Django asks `SELECT 1` in every request before the first query of a kept connection. A server that stops, is killed or
ends the connection closes the socket, which can be seen at this end for nothing. What cannot be seen is a network that
went away in silence; so a connection that was idle for some seconds is asked as before.

What every request or page asks (whose session it is, what waits for him) the database would plan anew each time, which
takes it up to five times as long as answering. `kept` prepares such a statement once in each connection.
"""

import hashlib
import re
import select
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import NotSupportedError
from django.db.backends.postgresql import base

FRESH = 5.0  # seconds
MOST_KEPT = 250  # statements in one connection


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    health_check_enabled: bool
    health_check_done: bool
    statements: frozenset[str] = frozenset()  # the names of those that this connection keeps
    used_at = float("-inf")  # by the machine's clock

    def get_new_connection(self, conn_params: Any) -> Any:
        self.statements = frozenset()
        return super().get_new_connection(conn_params)

    def kept(self, sql: str, kinds: Sequence[str], values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows of the answer, none of a change without RETURNING; it is planned once in this connection.

        `kinds` are the types of the values. Behind a pool that gives every transaction another connection nothing can
        be kept: CRM_DB_TRANSACTION_POOL says so, which Django calls DISABLE_SERVER_SIDE_CURSORS.
        """
        name = name_of(sql)
        with self.cursor() as cursor:  # it may have to connect first, and a new connection knows no statements
            known = name in self.statements
            full = not known and len(self.statements) >= MOST_KEPT
            if full or self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
                cursor.execute(sql, values)
            else:
                if not known:
                    self._prepare(name, sql, kinds)
                try:
                    cursor.execute(f"EXECUTE {name} {_listed(['%s'] * len(kinds))}", values or None)
                except NotSupportedError:  # a migration gave a column another type meanwhile
                    if self.in_atomic_block:
                        self.close_at = 0.0  # this transaction is lost; the next request has another connection
                        raise
                    cursor.execute(f"DEALLOCATE {name}")
                    self.statements -= {name}
                    cursor.execute(sql, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
        return rows

    def _prepare(self, name: str, sql: str, kinds: Sequence[str]) -> None:
        numbers = iter(range(1, len(kinds) + 1))
        text = re.sub("%[s%]", lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", sql)
        # Beside Django's cursor: it belongs to the connection, not to the request that happens to be its first.
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} {_listed(kinds)} AS {text}")
        self.statements |= {name}

    def close_if_health_check_failed(self) -> None:
        if self.connection is None or not self.health_check_enabled or self.health_check_done:
            return
        now = time.monotonic()
        if now - self.used_at < FRESH and self._stands():
            self.health_check_done = True
        else:
            super().close_if_health_check_failed()
        self.used_at = now

    def _stands(self) -> bool:
        """Whether nothing came from the server that nobody asked for: a farewell, or the end of the connection."""
        if self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)


@lru_cache(maxsize=1000)
def name_of(sql: str) -> str:
    """What a kept statement is called in the database."""
    return f"kept_{hashlib.sha256(sql.encode()).hexdigest()[:16]}"


def _listed(words: Sequence[str]) -> str:
    return f"({', '.join(words)})" if words else ""
