"""Movements are found by their time, as the daily report of contracts asks for them."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_tables")]

    operations = [
        migrations.AddIndex(
            model_name="movement",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="movements_by_time"),
        ),
    ]
