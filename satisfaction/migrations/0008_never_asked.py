from django.db import migrations, models


class Migration(migrations.Migration):
    """How many were never asked is kept when a survey ends."""

    dependencies = [
        ('satisfaction', '0007_drafts_are_discarded'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='never_asked',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='never sent'),
        ),
    ]
