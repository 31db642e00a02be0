import crm.clock
import crm.exchange.models
import crm.migrating
import crm.records.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('exchange', '0001_tables'), ('exchange', '0002_rows_left_out')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Import',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('total', models.PositiveIntegerField(default=0, verbose_name='rows')),
                    ('done', models.PositiveIntegerField(default=0, verbose_name='done')),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('kind', models.CharField(choices=crm.exchange.models.importer_choices, max_length=60, verbose_name='list')),
                    ('status', models.CharField(choices=[('uploaded', 'Being read'), ('unusable', 'Cannot be used'), ('read', 'To be mapped'), ('mapped', 'To be checked'), ('checking', 'Being checked'), ('checked', 'Checked'), ('running', 'Being imported'), ('done', 'Imported'), ('undoing', 'Being undone'), ('undone', 'Undone')], default='uploaded', max_length=10, verbose_name='state')),
                    ('file_name', models.CharField(max_length=200, verbose_name='file')),
                    ('lines_name', models.CharField(blank=True, max_length=200, verbose_name='file of the lines')),
                    ('files', models.JSONField(default=dict)),
                    ('file_keys', crm.records.fields.EncryptedField(blank=True, companions=False, kind='text')),
                    ('tables', models.JSONField(default=dict)),
                    ('samples', crm.records.fields.EncryptedField(blank=True, companions=False, kind='text')),
                    ('mapping', models.JSONField(default=dict)),
                    ('options', models.JSONField(default=dict)),
                    ('mode', models.CharField(choices=[('good', 'The good rows; the others are reported'), ('all', 'All rows or none')], default='good', max_length=4, verbose_name='what is imported')),
                    ('counts', models.JSONField(default=dict)),
                    ('problem', models.CharField(blank=True, max_length=500, verbose_name='problem')),
                    ('language', models.CharField(blank=True, max_length=10)),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='uploaded')),
                    ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='imported at')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'import',
                    'verbose_name_plural': 'imports',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['by', '-id'], name='imports_of_user'), models.Index(condition=models.Q(('status__in', ['uploaded', 'checking', 'running', 'undoing'])), fields=['status', 'id'], name='imports_at_work'), models.Index(fields=['at'], name='imports_by_age')],
                },
            ), migrations.CreateModel(
                name='ImportRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='exchange.import')),
                    ('number', models.PositiveIntegerField()),
                    ('place', models.CharField(max_length=60)),
                    ('state', models.CharField(choices=[('good', 'correct'), ('bad', 'with errors'), ('same', 'nothing new'), ('skipped', 'exists already'), ('left', 'left out'), ('done', 'imported'), ('refused', 'refused at the import'), ('undone', 'undone'), ('kept', 'could not be undone')], max_length=8)),
                    ('creates', models.BooleanField(default=True)),
                    ('errors', models.JSONField(default=list)),
                    ('changed_pk', models.BigIntegerField(null=True)),
                    ('seen_version', models.PositiveIntegerField(null=True)),
                    ('result_pk', models.BigIntegerField(null=True)),
                    ('before', crm.records.fields.EncryptedField(blank=True, companions=False, kind='text')),
                ],
                options={
                    'verbose_name': 'row of an import',
                    'verbose_name_plural': 'rows of imports',
                    'ordering': ['number'],
                    'indexes': [models.Index(fields=['source', 'state', 'number'], name='import_rows_by_state')],
                    'constraints': [models.UniqueConstraint(fields=('source', 'number'), name='import_row_once')],
                },
            ), migrations.CreateModel(
                name='RememberedMapping',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60, verbose_name='list')),
                    ('shape', models.CharField(max_length=64)),
                    ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                    ('mapping', models.JSONField(default=dict)),
                    ('options', models.JSONField(default=dict)),
                    ('used_at', models.DateTimeField(default=crm.clock.now, verbose_name='last used')),
                ],
                options={
                    'verbose_name': 'remembered mapping',
                    'verbose_name_plural': 'remembered mappings',
                    'constraints': [models.UniqueConstraint(fields=('kind', 'shape', 'user'), name='one_mapping_per_shape', nulls_distinct=False)],
                },
            ), migrations.CreateModel(
                name='Export',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('total', models.PositiveIntegerField(default=0, verbose_name='rows')),
                    ('done', models.PositiveIntegerField(default=0, verbose_name='done')),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('listing', models.CharField(choices=crm.exchange.models.listing_choices, max_length=60, verbose_name='list')),
                    ('status', models.CharField(choices=[('writing', 'Being written'), ('done', 'Ready to download'), ('failed', 'Failed')], default='writing', max_length=8, verbose_name='state')),
                    ('query', crm.records.fields.EncryptedField(blank=True, companions=False, kind='text')),
                    ('columns', models.JSONField(default=list)),
                    ('format', models.CharField(choices=[('xlsx', 'Excel workbook'), ('csv', 'CSV')], default='xlsx', max_length=4, verbose_name='format')),
                    ('purpose', models.CharField(max_length=200, verbose_name='purpose')),
                    ('recipient', models.CharField(max_length=200, verbose_name='recipient')),
                    ('revealed', models.BooleanField(default=False, verbose_name='identifiers in clear')),
                    ('language', models.CharField(blank=True, max_length=10)),
                    ('file', models.CharField(blank=True, max_length=32)),
                    ('file_key', crm.records.fields.EncryptedField(blank=True, companions=False, kind='text')),
                    ('size', models.PositiveBigIntegerField(default=0, verbose_name='file size')),
                    ('problem', models.CharField(blank=True, max_length=500, verbose_name='problem')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='ordered')),
                    ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='written')),
                    ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='kept until')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'export',
                    'verbose_name_plural': 'exports',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['by', '-id'], name='exports_of_user'), models.Index(condition=models.Q(('status', 'writing')), fields=['id'], name='exports_at_work'), models.Index(fields=['at', 'id'], name='exports_by_age'), models.Index(condition=models.Q(('file', ''), _negated=True), fields=['expires_at'], name='exports_by_expiry')],
                },
            )],
        ),
    ]
