"""Document numbers: one sequence of the database per series and year, so that no number is given twice and none waits.

A number that was taken by a transaction which is rolled back is a gap; gaps are allowed, doubles never. A new year's
sequence is made by whoever takes its first number. Web and worker may not make one themselves (crm/records/grants.py),
so they ask a function that acts with its owner's rights.
"""

from typing import Any

from django.db import connection

from crm import clock
from crm.postgresql.functions import install_function

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
        cursor.execute("SELECT quote_literal(current_schema())")
        body = BODY.format(schema=cursor.fetchone()[0])
        install_function(cursor, FUNCTION, body, returns="bigint", takes={"series": "text"})
