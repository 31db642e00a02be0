"""The steps of dunning to begin with; the company makes its own of them in the back office."""

from typing import Any

from django.db import migrations

from orders.payments.first_steps import make


def begin(apps: Any, schema_editor: Any) -> None:
    """Make the steps, where there are none yet."""
    make(apps.get_model("payments", "DunningStep"))


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_tables")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop, elidable=False)]
