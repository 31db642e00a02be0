"""Each series goes on where its row stood: from here on its numbers come from a sequence (crm/records/numbers.py)."""

from django.db import migrations

# One more than the last number, because a sequence gives its start first.
SEQUENCES = """
DO $$
DECLARE
    series record;
BEGIN
    FOR series IN SELECT key, last FROM records_series LOOP
        EXECUTE format('CREATE SEQUENCE %I START %s', 'records_number_' || lower(series.key), series.last + 1);
    END LOOP;
END $$
"""

ROWS = """
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT relname FROM pg_class
        WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace AND starts_with(relname, 'records_number_')
    LOOP
        EXECUTE format(
            'INSERT INTO records_series (key, last) SELECT %L, last_value - (NOT is_called)::int FROM %I',
            upper(substr(name, length('records_number_') + 1)), name
        );
        EXECUTE format('DROP SEQUENCE %I', name);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0003_fewer_indexes'),
    ]

    operations = [
        migrations.RunSQL(SEQUENCES, ROWS),
        migrations.DeleteModel(name='Series'),
    ]
