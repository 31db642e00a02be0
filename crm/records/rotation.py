"""Bringing every encrypted column under the newest key. It can be interrupted and begun again at any time."""

from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.db import connection, models, transaction

from crm.records import crypto
from crm.records.fields import EncryptedField


class Column(NamedTuple):
    """One encrypted column."""

    model: type[models.Model]
    field: EncryptedField

    @property
    def name(self) -> str:
        """`app.Model.field`."""
        return f"{self.model._meta.label}.{self.field.name}"


def encrypted_columns() -> list[Column]:
    """Every encrypted column of every model. Files need none: their keys stand in one of these columns."""
    return [
        Column(model, field)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedField)
    ]


def outdated(column: Column) -> int:
    """How many values of the column are not yet under the newest keys."""
    table, name = _names(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE {name} <> '' AND {name} NOT LIKE %s",  # noqa: S608 - our own names
            [f"{crypto.ring().prefix}:%"],
        )
        return cursor.fetchone()[0]


def rotate(column: Column, size: int = 500) -> Iterator[int]:
    """Encrypt the outdated values of a column anew, `size` rows in a transaction; yields how many are done.

    Rows are locked while they are rewritten, so that nobody's change is lost; the history sees no change, since
    the blind index stays (unless the index key itself is new). Raises crypto.WrongKey where an old key is missing.
    """
    table, name = _names(column)
    key = connection.ops.quote_name(str(column.model._meta.pk.column))
    last, done = None, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            beyond = "" if last is None else f"AND {key} > %s"
            cursor.execute(
                f"SELECT {key}, {name} FROM {table} WHERE {name} <> '' AND {name} NOT LIKE %s {beyond}"  # noqa: S608
                f" ORDER BY {key} LIMIT {size:d} FOR NO KEY UPDATE",
                [f"{crypto.ring().prefix}:%", *([] if last is None else [last])],
            )
            rows = cursor.fetchall()
            for pk, stored in rows:
                anew = column.field.get_db_prep_value(crypto.decrypt(stored), connection)
                cursor.execute(f"UPDATE {table} SET {name} = %s WHERE {key} = %s", [anew, pk])  # noqa: S608
        if not rows:
            return
        last, done = rows[-1][0], done + len(rows)
        yield done


def _names(column: Column) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(column.model._meta.db_table), quote(str(column.field.column))
