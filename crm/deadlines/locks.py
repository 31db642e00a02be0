"""Locks of the database that belong to no row: who holds one does a job that must not run twice at once."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Whether this process got the lock `name`; it is given back at the end, and by the server if the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            _release(name)


def _release(name: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
    except DatabaseError:
        log.warning("the lock %s is given back by ending the connection", name)
        connection.close()
