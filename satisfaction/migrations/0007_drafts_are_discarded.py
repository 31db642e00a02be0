from django.db import migrations, models


class Migration(migrations.Migration):
    """A draft can be discarded."""

    dependencies = [
        ('satisfaction', '0006_reminders_of_before'),
    ]

    operations = [
        migrations.AlterField(
            model_name='edition',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('released', 'Released'), ('retired', 'Retired'), ('discarded', 'Discarded')], default='draft', max_length=10, verbose_name='state'),
        ),
    ]
