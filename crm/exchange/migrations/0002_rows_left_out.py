"""A row may be none of the records that a file is imported for, and is left out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_tables")]

    operations = [
        migrations.AlterField(
            model_name="importrow",
            name="state",
            field=models.CharField(
                choices=[
                    ("good", "correct"),
                    ("bad", "with errors"),
                    ("same", "nothing new"),
                    ("skipped", "exists already"),
                    ("left", "left out"),
                    ("done", "imported"),
                    ("refused", "refused at the import"),
                    ("undone", "undone"),
                    ("kept", "could not be undone"),
                ],
                max_length=8,
            ),
        ),
    ]
