import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_tables"),
        ("orders", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JointSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0)),
                ("held_at", models.DateTimeField(default=crm.clock.now, verbose_name="held at")),
                ("topic", models.CharField(max_length=200, verbose_name="topic")),
                ("minutes", models.TextField(max_length=5000, verbose_name="minutes")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="minutes by",
                    ),
                ),
                (
                    "departments",
                    models.ManyToManyField(related_name="+", to="accounts.department", verbose_name="departments"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "joint session",
                "verbose_name_plural": "joint sessions",
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
    ]
