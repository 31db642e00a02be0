"""Indexes: each costs every write something, so none is the beginning of another; and no list is sorted without one."""

import pytest
from django.apps import apps
from django.db import connection, models

from crm.listing import LISTINGS

FOREIGN = {"auth", "admin", "contenttypes"}
FULL = """
SELECT c.relname, i.relname, x.indisunique, array_agg(coalesce(a.attname, '()') ORDER BY o)::text[]
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_am ON pg_am.oid = i.relam AND amname = 'btree'
CROSS JOIN unnest(x.indkey::int2[]) WITH ORDINALITY AS place (number, o)
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = number
WHERE x.indpred IS NULL AND c.relnamespace = current_schema()::regnamespace
GROUP BY 1, 2, 3
"""


@pytest.mark.django_db
def test_no_index_is_the_beginning_of_another() -> None:
    models = [model for model in apps.get_models() if model._meta.app_label not in FOREIGN]
    ours = {model._meta.db_table for model in models}  # Django makes the tables between two models as it likes
    with connection.cursor() as cursor:
        cursor.execute(FULL)
        rows = [row for row in cursor.fetchall() if row[0] in ours]
    assert len(rows) > len(ours)
    superfluous = [
        f"{table}: {name} is the beginning of {other}"
        for table, name, unique, columns in rows
        for other_table, other, _unique, longer in rows
        if table == other_table and not unique and len(columns) < len(longer) and longer[: len(columns)] == columns
    ]
    assert sorted(superfluous) == [], "say db_index=False, or leave the shorter index out"


@pytest.mark.parametrize("key", LISTINGS)
def test_whatever_a_list_is_sorted_by_has_an_index_and_a_value(key: str) -> None:
    listing = LISTINGS[key]
    paths = [column.path for column in listing.columns if column.sortable] + [listing.order.lstrip("-")]
    meta = listing.model._meta
    indexes = [each for each in meta.indexes if each.condition is None and each.fields_orders]
    first = {each.fields_orders[0][0] for each in indexes}
    first |= {each.name for each in meta.fields if each.unique or getattr(each, "db_index", False)}
    first |= {
        each.fields[0]
        for each in meta.constraints
        if isinstance(each, models.UniqueConstraint) and each.condition is None and each.fields
    }
    for path in paths:
        assert path in first | {"pk"}, f"{key} is sorted by {path}, which no index begins with"
        assert path == "pk" or not meta.get_field(path).null, f"{key} is sorted by {path}, which may be empty"


@pytest.mark.django_db
def test_the_database_has_every_index_and_constraint_that_the_models_declare() -> None:
    declared = {
        each.name: model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed
        for each in [*model._meta.indexes, *model._meta.constraints]
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
        there = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace")
        there |= {row[0] for row in cursor.fetchall()}
    assert len(declared) > 100
    assert {name: table for name, table in declared.items() if name not in there} == {}
