import crm.clock
import crm.migrating
import crm.records.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('web', '0001_tables')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='BulkRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('total', models.PositiveIntegerField(default=0, verbose_name='rows')),
                    ('done', models.PositiveIntegerField(default=0, verbose_name='done')),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('verb', models.CharField(max_length=80, verbose_name='action')),
                    ('inputs', crm.records.fields.EncryptedField(blank=True, companions=False, kind='text')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='begun')),
                    ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                    ('takes_back', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_back_by', to='web.bulkrun', verbose_name='bulk action that it takes back')),
                    ('log', models.BigIntegerField()),
                    ('language', models.CharField(blank=True, max_length=10)),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'bulk action',
                    'verbose_name_plural': 'bulk actions',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['by', '-id'], name='bulk_runs_of_user'), models.Index(condition=models.Q(('finished_at__isnull', True)), fields=['id'], name='bulk_runs_at_work'), models.Index(fields=['at'], name='bulk_runs_by_age')],
                },
            ), migrations.CreateModel(
                name='BulkRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='web.bulkrun')),
                    ('subject_pk', models.BigIntegerField()),
                    ('state', models.CharField(choices=[('waiting', 'waiting'), ('done', 'done'), ('refused', 'refused')], default='waiting', max_length=8)),
                    ('code', models.CharField(blank=True, max_length=60)),
                    ('sentence', models.CharField(blank=True, max_length=600)),
                    ('log', models.BigIntegerField(null=True)),
                ],
                options={
                    'verbose_name': 'record of a bulk action',
                    'verbose_name_plural': 'records of bulk actions',
                    'ordering': ['pk'],
                    'indexes': [models.Index(fields=['run', 'state', 'id'], name='bulk_rows_by_state')],
                    'constraints': [models.UniqueConstraint(fields=('run', 'subject_pk'), name='bulk_row_once')],
                },
            ), migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                    ('listing', models.CharField(max_length=40, verbose_name='list')),
                    ('name', models.CharField(max_length=40, verbose_name='name')),
                    ('query', models.CharField(blank=True, max_length=1000, verbose_name='filter')),
                    ('shared', models.BooleanField(default=False, verbose_name='for everyone')),
                    ('dropped', models.BooleanField(default=False, verbose_name='removed')),
                ],
                options={
                    'verbose_name': 'saved view',
                    'verbose_name_plural': 'saved views',
                    'constraints': [models.UniqueConstraint(fields=('user', 'listing', 'name'), name='saved_view_once', violation_error_message='You have a view of this name already.')],
                },
            )],
        ),
    ]
