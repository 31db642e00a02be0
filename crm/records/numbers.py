"""Document numbers: one row per series, so that no number is ever given twice."""

from django.db import connection

from crm import clock


def next_number(prefix: str) -> str:
    """The next number of the series `prefix` in this year, as in `SO2026-000123`.

    The row is locked until the transaction ends; a rolled-back transaction leaves a gap or gives its number again.
    """
    year = clock.today().year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_series (key, last) VALUES (%s, 1)"
            " ON CONFLICT (key) DO UPDATE SET last = records_series.last + 1 RETURNING last",
            [f"{prefix}{year}"],
        )
        return f"{prefix}{year}-{cursor.fetchone()[0]:06d}"
