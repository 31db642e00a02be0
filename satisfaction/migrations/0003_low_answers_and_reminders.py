from django.db import migrations, models


class Migration(migrations.Migration):
    """What waits for its owner, when he was reminded last, whom nobody asked, and drafts that were discarded."""

    dependencies = [
        ('satisfaction', '0002_room_to_write_anew'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='low_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='low answer since'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='reminded_on',
            field=models.DateField(blank=True, null=True, verbose_name='last reminded on'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='never_asked',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='never sent'),
        ),
        migrations.AlterField(
            model_name='edition',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('released', 'Released'), ('retired', 'Retired'), ('discarded', 'Discarded')], default='draft', max_length=10, verbose_name='state'),
        ),
    ]
