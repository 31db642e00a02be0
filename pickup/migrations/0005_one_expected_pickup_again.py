from django.db import migrations

# Taking the plain index off `order` (0003) took this one along: Django drops every index of the column that is none of
# Meta.indexes, and this one is of Meta.constraints.
AGAIN = """
CREATE UNIQUE INDEX IF NOT EXISTS one_expected_pickup ON pickup_pickup (order_id)
WHERE status IN ('planned', 'notified', 'confirmed', 'arrived')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('pickup', '0004_indexes_of_lists'),
    ]

    operations = [
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop, elidable=True),
    ]
