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


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0003_fewer_indexes'),
    ]

    operations = [
        migrations.RunSQL(SEQUENCES, migrations.RunSQL.noop),
        migrations.DeleteModel(name='Series'),
    ]
