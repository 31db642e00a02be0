"""Payments are found by when they were entered, as the daily report of contracts asks for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_write_offs")]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["entered_at"], name="payments_by_entry"),
        ),
    ]
