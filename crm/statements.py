"""SQL that is made once: what every verb asks and writes in the same way, but for the values.

Django makes the text of a query anew each time, which takes longer than the database needs to answer it by a key. For
the few queries that surround each verb, and for rows that are only ever added, the text is made once in a process; what
stands in it is still Django's or follows from the model, and so do the values on both ways. The database plans such a
query once in each connection.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import lru_cache
from inspect import signature
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, connections, models
from django.db.models import F
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery

from crm.postgresql import kept

MARK = 987_654_321  # where a key belongs among the values; the next one is marked by the number above it
LARGEST = 2**63 - 1  # a key beyond what the column holds would be compared as another kind of number, row by row


def partly(model: Any, **known: Any) -> Any:
    """A record of which these columns are known, by their names; the others are asked for when they are read."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in known]
    return model.from_db(connection.alias, names, [known[name] for name in names])


@models.Field.register_lookup
class AnyOf(models.Lookup):
    """`pk__any_of`: one of a list of values, which is one value of the query; `in` makes a text for each length."""

    lookup_name = "any_of"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, values = self.process_lhs(compiler, connection)
        listed, more = self.process_rhs(compiler, connection)
        return f"{column} = ANY({listed})", [*values, *more]


class Statement:
    """A query of which only keys change, as in `PARTS = Statement(lambda of: Part.objects.filter(whole=of))`.

    Calling it with the keys answers a list of what the queryset would give: records, or the values of `values_list`.
    A list of keys stands where the query says `pk__any_of`. Where something else than a key changes, such as a day,
    `marks` are values of the right kind, one for each argument, that occur nowhere else in the query. Raises TypeError
    for a query in which one of them does not stand as it was given, since its key would be left out, too; but for those
    in `spare`, which such a query may do without.
    """

    def __init__(
        self, make: Callable[..., models.QuerySet], marks: Sequence[Any] = (), spare: Sequence[Any] = ()
    ) -> None:
        self._make = make
        self._marks = marks or [MARK + number for number in range(len(signature(make).parameters))]
        self._spare = spare
        self._made: _Made | None = None

    def __call__(self, *keys: Any) -> list[Any]:
        made = self._made or self.prepare()
        values = [keys[each.number] if isinstance(each, _Key) else each for each in made.values]
        return [made.read(row) for row in kept(made.sql, made.kinds, values)]

    def prepare(self) -> "_Made":
        """Make the text now rather than when it is asked first."""
        self._made = _Made(
            self._make(*self._marks), {mark: _Key(number) for number, mark in enumerate(self._marks)}, self._spare
        )
        return self._made


class _Key:
    """The place of a key among the values of a statement."""

    def __init__(self, number: int) -> None:
        self.number = number


class _Made:
    """The text of a statement, its values, and how its rows are read."""

    def __init__(self, rows: models.QuerySet, marks: dict[Any, _Key], spare: Sequence[Any]) -> None:
        compiler: Any = rows.query.get_compiler(connection=connection)
        self.sql, values = compiler.as_sql()
        self.values = _marked(self.sql, values, marks, spare)
        self.kinds = ["unknown"] * len(self.values)  # so that the database takes them for what the columns are
        selected = [column for column, _sql, _alias in compiler.select]
        self.converters = list(compiler.get_converters(selected).items())
        self.model: Any = rows.model if not rows.query.values_select else None
        if self.model:
            own = compiler.klass_info["select_fields"]
            self.width = own[-1] + 1
            self.names = [column.target.attname for column in selected[: self.width]]
            self.related = get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg]

    def read(self, row: tuple[Any, ...]) -> Any:
        """The row as a record, or as a tuple of values."""
        if self.converters:
            values = list(row)
            for place, (converters, expression) in self.converters:
                for convert in converters:
                    values[place] = convert(values[place], expression, connection)
            row = tuple(values)
        if not self.model:
            return row
        record = self.model.from_db(connection.alias, self.names, row[: self.width])
        for each in self.related:
            each.populate(row, record)
        return record


def _marked(sql: str, values: Iterable[Any], marks: dict[Any, _Key], spare: Sequence[Any] = ()) -> list[Any]:
    """The values of a statement, with a key's place where its mark stands."""
    found = [marks.get(each, each) if isinstance(each, Hashable) else each for each in values]
    if lost := [mark for mark, key in marks.items() if key not in found and mark not in spare]:
        raise TypeError(f"{lost[0]!r} is a key of this statement, and not among its values: {sql}")
    return found


class Change:
    """An UPDATE of which only keys change: `END = Change(lambda of: Part.objects.filter(whole=of), ended=True)`.

    Calling it with the keys answers how many rows were changed. `marks` are as in Statement; one of them may stand
    among the values that are written, too.
    """

    def __init__(self, make: Callable[..., models.QuerySet], marks: Sequence[Any] = (), **written: Any) -> None:
        self._make, self._written = make, written
        self._marks = marks or [MARK + number for number in range(len(signature(make).parameters))]
        self._made: tuple[str, list[Any]] | None = None

    def __call__(self, *keys: Any) -> int:
        sql, places = self._made or self._prepare()
        values = [keys[each.number] if isinstance(each, _Key) else each for each in places]
        return len(kept(sql, ["unknown"] * len(values), values))

    def _prepare(self) -> tuple[str, list[Any]]:
        query: Any = self._make(*self._marks).query.chain(UpdateQuery)
        query.add_update_values(self._written)
        sql, values = query.get_compiler(connection=connection).as_sql()
        sql = f"{sql} RETURNING {connection.ops.quote_name(query.get_meta().pk.column)}"
        self._made = sql, _marked(sql, values, {mark: _Key(number) for number, mark in enumerate(self._marks)})
        return self._made


def chosen(rows: models.QuerySet, pks: Iterable[int]) -> dict[int, Any]:
    """Those of `rows` that have these keys, by key; of rows without any condition by a statement."""
    pks = [pk for pk in pks if pk <= LARGEST]
    if not is_whole(rows):
        return rows.in_bulk(pks)
    return {row.pk: row for row in _by_keys(rows)(pks)}


def one(rows: models.QuerySet, pk: int | None) -> Any:
    """The one of `rows` that has this key, or None; of rows without any condition by a statement."""
    if pk is None or pk > LARGEST or not is_whole(rows):
        return rows.filter(pk=pk).first()
    return next(iter(_by_keys(rows, one=True)(pk)), None)


def related(row: models.Model, name: str) -> Any:
    """The record that a foreign key leads to; where it was not read yet it is read by a statement, and known then."""
    field: Any = row._meta.get_field(name)
    if not field.is_cached(row):
        found = one(field.related_model._base_manager.all(), getattr(row, field.attname))
        if found is not None:
            field.set_cached_value(row, found)
    return getattr(row, name)


def is_whole(rows: models.QuerySet) -> bool:
    """Whether these are all rows of the table, with nothing beside their columns and those of records they lead to."""
    query: Any = rows.query
    special = (query.where, query.annotations, query.extra, query.combinator, query.distinct, query.deferred_loading[0])
    fetched = rows._prefetch_related_lookups or query.values_select or query.is_sliced  # type: ignore[attr-defined]
    return not (any(special) or fetched or query.group_by is not None or query.select_for_update)


_of_tables: dict[tuple[type[models.Model], str, bool], Statement] = {}


def _by_keys(rows: models.QuerySet, *, one: bool = False) -> Statement:
    kind = (rows.model, repr(rows.query.select_related), one)
    if kind not in _of_tables:
        every = rows.order_by()
        # By a list the database would plan for as many as there are each time.
        by_key, by_keys = (lambda pk: every.filter(pk=pk)), (lambda pks: every.filter(pk__any_of=pks))
        _of_tables[kind] = Statement(by_key if one else by_keys)
    return _of_tables[kind]


def insert(rows: Sequence[models.Model], *, or_nothing: bool = False) -> int:
    """Add rows of one model as they are, and answer how many were added; the database's keys are not read back.

    With `or_nothing` a row that is there already stays, and the new one is left out.
    """
    if not rows:
        return 0
    sql, values = _insert(rows, or_nothing)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def insert_keyed(rows: Sequence[models.Model], *, or_nothing: bool = False) -> bool:
    """Add rows of one model, give each the key that the database made for it, and answer whether they were added.

    With `or_nothing` it is one row, which is left out where it is there already.
    """
    if or_nothing and len(rows) > 1:
        raise TypeError("of several rows some may be there already")
    if not rows:
        return True
    sql, values = _insert(rows, or_nothing)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {connection.ops.quote_name(str(rows[0]._meta.pk.column))}", values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=False):
        row.pk, row._state.adding, row._state.db = key, False, connection.alias
    return len(keys) == len(rows)


def hold(model: type[models.Model], pk: int) -> None:
    """Let nobody else change a row until the end of the transaction. Raises the model's DoesNotExist."""
    if model not in _holding:
        rows = model._base_manager.select_for_update(of=("self",), no_key=True).values_list("pk")
        _holding[model] = Statement(lambda pk: rows.filter(pk=pk))
    if not _holding[model](pk):
        raise model.DoesNotExist  # type: ignore[attr-defined]


_holding: dict[type[models.Model], Statement] = {}


def share(model: type[models.Model], pk: int) -> None:
    """Let nobody change a row until the end of the transaction, but others share it. Raises the model's DoesNotExist.

    Whoever shares a row must not change it himself: two who do would wait for each other.
    """
    quoted = connection.ops.quote_name
    sql = f"SELECT 1 FROM {quoted(model._meta.db_table)} WHERE {quoted(str(model._meta.pk.column))} = %s FOR SHARE"  # noqa: S608
    if not kept(sql, ["bigint"], [pk]):
        raise model.DoesNotExist  # type: ignore[attr-defined]


def take_over(record: models.Model, found: models.Model) -> None:
    """Let `record` be as `found`, the same one read just now; what it knew of others is forgotten.

    It is what `refresh_from_db` does with what it has read.
    """
    for field in record._meta.concrete_fields:
        if field.attname in found.__dict__:
            setattr(record, field.attname, found.__dict__[field.attname])
    record._state.fields_cache.clear()
    record._state.db = found._state.db
    record._prefetched_objects_cache = {}  # type: ignore[attr-defined]


PLAIN_SAVES: set[Any] = {models.Model.save}  # and those that do no more where the whole of a row is written


def update(row: models.Model, names: Collection[str] = ()) -> None:
    """Write a record that is there, or only the columns `names` of it, as its `save()` does.

    Where that does more than to write columns it is asked itself, as it is for a row that is gone.
    """
    plain = type(row).save in ({models.Model.save} if names else PLAIN_SAVES)
    if not (plain and _updated(row, names)):
        row.save(update_fields=names or None)


def _updated(row: models.Model, names: Collection[str]) -> bool:
    row._prepare_related_fields_for_save("update")  # type: ignore[attr-defined]
    here, values = connections[connection.alias], {}  # the connection itself, rather than a look at it for each value
    for field in _writable(type(row)):
        if field.attname in row.__dict__ and (not names or field.name in names):
            value = field.pre_save(row, False)
            if not hasattr(value, "resolve_expression"):
                values[field] = field.get_db_prep_save(value, here)
            elif not isinstance(value, F) or value.name != field.attname:  # type: ignore[attr-defined]
                return False  # else it stays what it is
    with connection.cursor() as cursor:
        cursor.execute(_change(type(row), tuple(values)), [*values.values(), row.pk])
        return bool(cursor.rowcount)


@lru_cache(maxsize=500)
def _change(model: type[models.Model], fields: tuple[Any, ...]) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
    key = quoted(str(model._meta.pk.column))
    return f"UPDATE {quoted(model._meta.db_table)} SET {columns} WHERE {key} = %s"  # noqa: S608


def _insert(rows: Sequence[models.Model], or_nothing: bool) -> tuple[str, list[Any]]:
    for row in rows:
        row._prepare_related_fields_for_save("insert")  # type: ignore[attr-defined]  # takes over keys given meanwhile
    sql, fields = _insertion(type(rows[0]), rows[0].pk is not None, len(rows), or_nothing)
    here = connections[connection.alias]
    return sql, [field.get_db_prep_save(field.pre_save(row, True), here) for row in rows for field in fields]


@lru_cache(maxsize=200)
def _insertion(model: type[models.Model], keyed: bool, number: int, or_nothing: bool) -> tuple[str, list[Any]]:
    fields = [*([model._meta.pk] if keyed else []), *_writable(model)]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    sql = f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES {', '.join([row] * number)}"  # noqa: S608
    return sql + (" ON CONFLICT DO NOTHING" if or_nothing else ""), fields


@lru_cache(maxsize=200)
def _writable(model: type[models.Model]) -> list[Any]:
    """The columns beside the key that are written from here, each as a value of its own."""
    fields = [field for field in model._meta.concrete_fields if not field.generated and not field.primary_key]
    special = [field for field in fields if hasattr(field, "get_placeholder")]
    plain = (models.BinaryField, ArrayField)  # both are plain here
    if wrong := [field.name for field in special if not isinstance(field, plain)]:
        raise TypeError(f"{model._meta.label} has columns that are not plain values: {', '.join(wrong)}")
    return fields
