from django.db import migrations, models


class Migration(migrations.Migration):
    """The day of the last reminder is kept, so that the days between are kept also where no further one is planned."""

    dependencies = [
        ('satisfaction', '0004_low_answers_of_before'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='reminded_on',
            field=models.DateField(blank=True, null=True, verbose_name='last reminded on'),
        ),
    ]
