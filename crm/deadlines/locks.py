"""Locks of the database that belong to no row: who holds one does a job that must not run twice at once."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

log = logging.getLogger(__name__)

TAKE = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
TAKE_FOR_A_TRANSACTION = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Whether this process got the lock `name`; it is given back at the end, and by the server if the process dies."""
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):  # as CRM_DB_TRANSACTION_POOL sets it
        with _behind_a_pool(name) as mine:
            yield mine
        return
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [name])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            _release(name)


@contextmanager
def _behind_a_pool(name: str) -> Iterator[bool]:
    """The same where each transaction may have another connection of the server, with whose session a lock would stay.

    A connection of its own holds the lock in a transaction that lasts as long as the job does.
    """
    holder = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute(TAKE_FOR_A_TRANSACTION, [name])
            mine = cursor.fetchone()[0]
        yield mine
    finally:
        holder.close()


def _release(name: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
    except DatabaseError:
        log.warning("the lock %s is given back by ending the connection", name)
        connection.close()
