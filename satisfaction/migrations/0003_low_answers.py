from django.db import migrations, models


class Migration(migrations.Migration):
    """A low answer waits for its owner until something is made of it."""

    dependencies = [
        ('satisfaction', '0002_room_to_write_anew'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='low_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='low answer since'),
        ),
    ]
