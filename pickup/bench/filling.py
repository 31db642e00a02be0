"""Filling tables fast: rows by COPY beside one that the model made, and indexes built once they are there."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, models

CHUNK = 20000
NULL = "\\N"


@contextmanager
def without_triggers() -> Iterator[Any]:
    """A cursor for filling tables: no history of rows that nobody changed, and keys that are right need no check."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def without_indexes(*filled: type[models.Model]) -> Iterator[None]:
    """Let the tables be without their indexes, but for those of constraints, while they are filled.

    To build them afterwards takes a fraction of keeping them up with each of a million rows, and they are the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY(%s::text[]::regclass[])"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
            [[model._meta.db_table for model in filled]],
        )
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for _name, definition in found:
            cursor.execute(definition)
        cursor.execute("RESET maintenance_work_mem")


def copy(example: models.Model, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows that differ from `example` in these columns only; in all others they are as the model makes it."""
    model = type(example)
    table = model._meta.db_table
    example.pk = 0
    model._base_manager.bulk_create([example])
    own = [str(field.column) for field in model._meta.concrete_fields if not field.generated]
    others = [name for name in own if name not in columns]
    given, kept = ", ".join(columns), ", ".join(others)
    values = ", ".join([*(f"given.{name}" for name in columns), *(f"example.{name}" for name in others)])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE given AS SELECT {given} FROM {table} WITH NO DATA")  # noqa: S608
        waiting = iter(rows)
        while part := list(islice(waiting, CHUNK)):
            text = io.StringIO()
            csv.writer(text).writerows([_written(value) for value in row] for row in part)
            text.seek(0)
            cursor.copy_expert(f"COPY given ({given}) FROM STDIN (FORMAT csv, NULL '{NULL}')", text)
        cursor.execute(
            f"INSERT INTO {table} ({given}, {kept})"  # noqa: S608
            f" SELECT {values} FROM given, {table} example WHERE example.id = 0"
        )
        cursor.execute(f"DELETE FROM {table} WHERE id = 0")  # noqa: S608
        cursor.execute("DROP TABLE given")


def _written(value: Any) -> Any:
    """A value as COPY reads it; a list as an array."""
    if value is None:
        return NULL
    if isinstance(value, list):
        quoted = (each.replace("\\", "\\\\").replace('"', '\\"') for each in value)
        return "{" + ",".join(f'"{each}"' for each in quoted) + "}"
    return value


def go_on_counting(*counted: type[models.Model]) -> None:
    """Keys were given; the sequences go on after them."""
    with connection.cursor() as cursor:
        for model in counted:
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608


def settle() -> None:
    """Let the database write and count what was filled, so that it does not do so while something is measured."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
