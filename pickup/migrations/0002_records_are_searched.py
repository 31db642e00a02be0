from typing import Any

import django.contrib.postgres.indexes
from django.db import migrations, models

import crm.records.search
from crm.records.search import index_of


def fill(apps: Any, schema_editor: Any) -> None:
    """Let the records that are there already be found as well."""
    rows = apps.get_model("pickup", "Record").objects.order_by("pk")
    read = rows.values_list(
        "pk", "number", "pickup__number", "pickup__order__number", "pickup__customer__name", "collector"
    )
    for pk, number, pickup, order, customer, collector in read.iterator(500):
        found = index_of(names=[customer], persons=[collector], codes=[number, pickup, order])
        rows.filter(pk=pk).update(search_terms=found.terms, search_text=found.text)


class Migration(migrations.Migration):
    dependencies = [
        ("pickup", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="record",
            name="search_terms",
            field=crm.records.search.TermsField(),
        ),
        migrations.AddField(
            model_name="record",
            name="search_text",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.AddIndex(
            model_name="record",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["search_terms"], name="search_record"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
