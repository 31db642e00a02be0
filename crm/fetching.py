"""Rows of a queryset as tuples, for lists: what it filters and sorts by is Django's, what it selects is written here.

A name that stands behind a foreign key (`owner__name`) is a subquery of its own instead of a join: the database plans a
page of orders with four such names in a tenth of the time, which was more than finding the rows took. The text of the
columns is made once for each list, not in every request.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db import connection, models

from crm.postgresql import kept

Reading = tuple[str, dict[int, list[Callable[..., Any]]]]
Question = tuple[str, Any]  # SQL and its values


def joined(rows: models.QuerySet, names: Iterable[str]) -> models.QuerySet:
    """`rows` with the records that these foreign keys lead to; Django takes none named for all of them."""
    names = list(names)
    return rows.select_related(*names) if names else rows


def tuples(rows: models.QuerySet, paths: Sequence[str], most: int) -> list[tuple[Any, ...]]:
    """The first `most` of `rows`, each as its primary key and the values at `paths`.

    A path is a column of the model or of a record that foreign keys lead to. Anything else (annotations, aggregates,
    rows without duplicates) is left to Django and means the same.
    """
    return _read(rows, paths, most, None)[0]


def tuples_of(
    rows: models.QuerySet, paths: Sequence[str], first: int, *, counted: models.QuerySet | None, most: int
) -> tuple[list[tuple[Any, ...]], int | None]:
    """As `tuples`, and how many `counted` are there, up to `most`, by the same query.

    The number is None where it was not asked for, or could not be told by that query: for want of a row, or because
    Django made it.
    """
    counting = None if counted is None else _counting(counted.order_by(), most)
    return _read(rows, paths, first, counting)


def _read(
    rows: models.QuerySet, paths: Sequence[str], most: int, counting: Question | None
) -> tuple[list[tuple[Any, ...]], int | None]:
    wanted = rows.values_list("pk")[:most]
    model: Any = rows.model
    reading = None if _is_special(wanted.query) else _reading(model, tuple(paths))
    if reading is None:
        return list(rows.values_list("pk", *paths)[:most]), None
    columns, converters = reading
    try:
        sql, values = wanted.query.sql_with_params()
    except EmptyResultSet:
        return [], None
    only_key = _select(model, _column(model, model._meta.pk))
    if not sql.startswith(only_key):
        return list(rows.values_list("pk", *paths)[:most]), None
    if counting:
        columns, values = f"{columns}, ({counting[0]})", (*counting[1], *values)
    sql = _select(model, columns) + sql[len(only_key) :]
    if values:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
    else:
        found = kept(sql)  # how a list begins for whoever sees all of it
    count = None
    if counting and found:
        count = int(found[0][-1])
        found = [row[:-1] for row in found]
    return [_converted(row, converters) for row in found] if converters else found, count


def number(rows: models.QuerySet, most: int) -> int:
    """How many rows there are, counted up to `most`; what Django's `count()` answers for rows cut off there."""
    counting = _counting(rows, most)
    if counting is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(*counting)
        return int(cursor.fetchone()[0])


def _counting(rows: models.QuerySet, most: int) -> Question | None:
    try:
        sql, values = rows.values_list("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return None
    return f"SELECT count(*) FROM ({sql}) AS counted", values  # noqa: S608


def _is_special(query: Any) -> bool:
    return bool(query.distinct or query.combinator or query.group_by is not None or query.annotations or query.extra)


def _select(model: type[models.Model], columns: str) -> str:
    return f"SELECT {columns} FROM {_quoted(model._meta.db_table)}"  # noqa: S608


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _column(model: type[models.Model], field: Any) -> str:
    """The key's column as Django selects it, under the name by which it was asked for."""
    return f'{_quoted(model._meta.db_table)}.{_quoted(field.column)} AS "pk"'


@lru_cache(maxsize=500)
def _reading(model: Any, paths: tuple[str, ...]) -> Reading | None:
    """The columns as text, and what makes Python values of some of them; None where a path is not so plain."""
    columns, converters = [_column(model, model._meta.pk)], {}
    for index, path in enumerate(paths, 1):
        fields = _fields(model, path)
        if fields is None:
            return None
        columns.append(_text(model, fields))
        if makers := fields[-1].get_db_converters(connection):
            converters[index] = makers
    return ", ".join(columns), converters


def _fields(model: type[models.Model], path: str) -> list[Any] | None:
    """The fields along a path: foreign keys, and a column at its end. None for anything else."""
    fields: list[Any] = []
    for part in path.split("__"):
        try:
            field: Any = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if not getattr(field, "concrete", False) or field.many_to_many or field.model is not model:
            return None
        fields.append(field)
        model = field.related_model or model
    if any(not each.many_to_one and not each.one_to_one for each in fields[:-1]):
        return None
    return fields


def _text(model: type[models.Model], fields: Sequence[Any]) -> str:
    """The value at the end of these fields: a column, or a subquery by the foreign key before it."""
    text = f"{_quoted(model._meta.db_table)}.{_quoted(fields[0].column)}"
    for number, (key, field) in enumerate(pairwise(fields)):
        table, by = _quoted(key.related_model._meta.db_table), _quoted(key.target_field.column)
        text = f"(SELECT t{number}.{_quoted(field.column)} FROM {table} t{number} WHERE t{number}.{by} = {text})"  # noqa: S608
    return text


def _converted(row: tuple[Any, ...], converters: dict[int, list[Callable[..., Any]]]) -> tuple[Any, ...]:
    changed = list(row)
    for index, makers in converters.items():
        for make in makers:
            changed[index] = make(changed[index], None, connection)
    return tuple(changed)
