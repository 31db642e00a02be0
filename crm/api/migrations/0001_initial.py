import crm.clock
import crm.migrating
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                    ('name', models.CharField(help_text='What uses it, as in “weighbridge at gate 2”.', max_length=60, verbose_name='name')),
                    ('prefix', models.CharField(max_length=16, verbose_name='begins with')),
                    ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                    ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), size=None, verbose_name='may')),
                    ('created_at', models.DateTimeField(default=crm.clock.now, verbose_name='since')),
                    ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='valid until')),
                    ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                    ('version', models.PositiveIntegerField(default=0, editable=False)),
                ],
                options={
                    'verbose_name': 'token',
                    'verbose_name_plural': 'tokens',
                    'ordering': ['-pk'],
                },
            )],
        ),
    ]
