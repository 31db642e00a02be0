"""Document numbers: one sequence of the database per series and year, so that no number is given twice and none waits.

A number that was taken by a transaction which is rolled back is a gap; gaps are allowed, doubles never. A new year's
sequence is made by whoever takes its first number. Web and worker may not make one themselves (crm/records/grants.py),
so they ask a function that acts with its owner's rights.
"""

import hashlib
from typing import Any

from django.db import connection

from crm import clock

FUNCTION = "records_next_number"

# Of two who take the first number at once, the second waits until the first one's sequence is there or rolled back.
BODY = """
DECLARE
    name text := 'records_number_' || lower(series);
    numbers regclass := to_regclass(format('%I.%I', {schema}, name));
BEGIN
    IF numbers IS NULL THEN
        IF series !~ '^[A-Z]{{1,8}}[0-9]{{4}}$' THEN
            RAISE EXCEPTION 'there is no series %', series;
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended(name, 0));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I.%I', {schema}, name);
        numbers := to_regclass(format('%I.%I', {schema}, name));
    END IF;
    RETURN nextval(numbers);
END
"""


def next_number(prefix: str) -> str:
    """The next number of the series `prefix` (capital letters) in this year, as in `SO2026-000123`."""
    year = clock.today().year
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {FUNCTION}(%s)", [f"{prefix}{year}"])
        return f"{prefix}{year}-{cursor.fetchone()[0]:06d}"


def install(**_: Any) -> None:
    """Bring the function up to date; called after every migrate. Nothing is touched where it fits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_literal(current_schema()), obj_description(to_regprocedure(%s), 'pg_proc')",
            [f"{FUNCTION}(text)"],
        )
        schema, present = cursor.fetchone()
        body = BODY.format(schema=schema)
        mark = hashlib.sha256(body.encode()).hexdigest()[:16]
        if present == mark:
            return
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {FUNCTION}(series text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER"
            f" SET search_path = pg_catalog, pg_temp AS $numbers${body}$numbers$"
        )
        cursor.execute(f"COMMENT ON FUNCTION {FUNCTION}(text) IS %s", [mark])
