from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # a full table goes on being written while its index is made

    dependencies = [
        ("orders", "0002_informing_the_customer"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["status", "wanted_on", "id"],
                include=["total"],
                condition=~models.Q(status__in=["closed", "cancelled"]),
                name="orders_on_board",
            ),
        ),
    ]
