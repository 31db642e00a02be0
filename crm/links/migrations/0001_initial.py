import crm.clock
import crm.migrating
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('links', '0001_tables')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Link',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('active', 'Valid'), ('used', 'Used'), ('revoked', 'Revoked'), ('ended', 'Ended')], default='active', max_length=10, verbose_name='state')),
                    ('token_hash', models.CharField(max_length=64, unique=True)),
                    ('purpose', models.CharField(max_length=60, verbose_name='purpose')),
                    ('subject_type', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ('subject_pk', models.BigIntegerField()),
                    ('customer_id', models.BigIntegerField(null=True)),
                    ('contact_name', models.CharField(blank=True, max_length=120, verbose_name='made for')),
                    ('language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], max_length=10, verbose_name='language')),
                    ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                    ('made_at', models.DateTimeField(default=crm.clock.now, verbose_name='created at')),
                    ('expires_at', models.DateTimeField(verbose_name='valid until')),
                    ('revoked_at', models.DateTimeField(null=True, verbose_name='revoked at')),
                    ('opened_at', models.DateTimeField(null=True, verbose_name='first opened at')),
                    ('opens', models.PositiveIntegerField(default=0, verbose_name='times opened')),
                    ('used_at', models.DateTimeField(null=True, verbose_name='used at')),
                    ('used_verb', models.CharField(blank=True, max_length=80)),
                    ('used_key', models.CharField(blank=True, max_length=60)),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': "customer's link",
                    'verbose_name_plural': "customers' links",
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['subject_type', 'subject_pk', '-id'], name='links_of_subject'), models.Index(condition=models.Q(('customer_id__isnull', False)), fields=['customer_id', '-id'], name='links_of_customer'), models.Index(fields=['made_by', '-id'], name='links_of_user'), models.Index(fields=['expires_at'], name='links_by_expiry')],
                },
            )],
        ),
    ]
