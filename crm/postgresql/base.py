"""The database of settings.DATABASES: a connection that was used a moment ago is looked at, not asked whether it lives.

Django asks `SELECT 1` in every request before the first query of a kept connection. A server that stops, is killed or
ends the connection closes the socket, which can be seen at this end for nothing. What cannot be seen is a network that
went away in silence; so a connection that was idle for some seconds is asked as before.
"""

import select
import time

from django.db.backends.postgresql import base

FRESH = 5.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    health_check_enabled: bool
    health_check_done: bool
    used_at = float("-inf")  # by the machine's clock

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
