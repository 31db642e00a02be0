"""An index costs every write something: none is the beginning of another."""

import pytest
from django.apps import apps
from django.db import connection

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
