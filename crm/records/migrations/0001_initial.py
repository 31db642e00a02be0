import crm.clock
import crm.migrating
import crm.records.fields
import crm.records.models
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('records', '0001_tables'), ('records', '0005_timeline_notes')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Attachment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subject_type', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ('subject_pk', models.BigIntegerField()),
                    ('customer_id', models.BigIntegerField(null=True)),
                    ('kind', models.CharField(blank=True, max_length=30, verbose_name='kind')),
                    ('name', models.CharField(max_length=150, verbose_name='file name')),
                    ('content_type', models.CharField(max_length=100, verbose_name='content')),
                    ('size', models.PositiveIntegerField(verbose_name='file size')),
                    ('sha256', models.CharField(max_length=64)),
                    ('path', models.CharField(blank=True, max_length=60, null=True, unique=True)),
                    ('key', crm.records.fields.EncryptedField(companions=False, kind='text')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='added')),
                ],
                options={
                    'verbose_name': 'file',
                    'verbose_name_plural': 'files',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['subject_type', 'subject_pk', '-id'], name='files_of_subject'), models.Index(condition=models.Q(('customer_id__isnull', False)), fields=['customer_id', '-id'], name='files_of_customer')],
                },
            ), migrations.CreateModel(
                name='ActionLog',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(default=crm.clock.now)),
                    ('verb', models.CharField(max_length=80)),
                    ('actor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('on_behalf_of', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('subject_type', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ('subject_pk', models.BigIntegerField(null=True)),
                    ('customer_id', models.BigIntegerField(null=True)),
                    ('before', models.CharField(blank=True, max_length=30)),
                    ('after', models.CharField(blank=True, max_length=30)),
                    ('inputs', models.JSONField(default=dict)),
                    ('result_type', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ('result_pk', models.BigIntegerField(null=True)),
                    ('cause', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consequences', to='records.actionlog')),
                    ('door', models.CharField(choices=[('page', 'Page'), ('api', 'REST'), ('admin', 'Back office'), ('link', "Customer's link"), ('task', 'Background task'), ('command', 'Command'), ('import', 'Import')], max_length=10)),
                    ('token', models.BigIntegerField(null=True)),
                    ('link', models.BigIntegerField(null=True)),
                    ('address', models.CharField(blank=True, max_length=45)),
                    ('request_id', models.CharField(blank=True, max_length=36)),
                ],
                options={
                    'verbose_name': 'action',
                    'verbose_name_plural': 'action log',
                    'ordering': ['-id'],
                    'permissions': [('reveal', 'See phones, mail addresses and numbers in clear')],
                    'indexes': [models.Index(fields=['subject_type', 'subject_pk', '-id'], name='log_of_subject'), models.Index(condition=models.Q(('result_pk__isnull', False)), fields=['result_type', 'result_pk'], name='log_of_result'), models.Index(condition=models.Q(('customer_id__isnull', False)), fields=['customer_id', '-id'], name='log_of_customer'), models.Index(fields=['actor', '-id'], name='log_of_actor'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='log_by_time')],
                },
            ), migrations.CreateModel(
                name='SealedContent',
                fields=[
                    ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sealed', serialize=False, to='records.attachment')),
                    ('data', models.BinaryField()),
                ],
                options={
                    'verbose_name': 'content of a file',
                    'verbose_name_plural': 'contents of files',
                },
            ), migrations.CreateModel(
                name='FieldHistory',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(verbose_name='when')),
                    ('table_name', models.CharField(max_length=63, verbose_name='table')),
                    ('pk_value', models.BigIntegerField(null=True, verbose_name='record')),
                    ('customer_id', models.BigIntegerField(null=True, verbose_name='customer')),
                    ('op', models.CharField(choices=[('I', 'Added'), ('U', 'Changed'), ('D', 'Removed'), ('T', 'Emptied')], max_length=1, verbose_name='operation')),
                    ('by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('log', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.actionlog', verbose_name='action')),
                    ('db_user', models.CharField(blank=True, max_length=63, verbose_name='database account')),
                    ('version', models.IntegerField(null=True, verbose_name='version')),
                    ('before', models.JSONField(decoder=crm.records.models.ExactJSON, null=True, verbose_name='before')),
                    ('after', models.JSONField(decoder=crm.records.models.ExactJSON, null=True, verbose_name='after')),
                ],
                options={
                    'verbose_name': 'change',
                    'verbose_name_plural': 'field history',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['table_name', 'pk_value', '-id'], name='history_of_row'), models.Index(condition=models.Q(('customer_id__isnull', False)), fields=['customer_id', '-id'], name='history_of_customer'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='history_by_time')],
                },
            ), migrations.CreateModel(
                name='RequestKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scope', models.CharField(max_length=120)),
                    ('key', models.CharField(max_length=80)),
                    ('fingerprint', models.CharField(max_length=64)),
                    ('log_id', models.BigIntegerField()),
                    ('at', models.DateTimeField(db_index=True, default=crm.clock.now)),
                ],
                options={
                    'verbose_name': 'request key',
                    'verbose_name_plural': 'request keys',
                    'constraints': [models.UniqueConstraint(fields=('scope', 'key'), name='request_key_once')],
                },
            ), migrations.CreateModel(
                name='TimelineNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subject_type', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ('subject_pk', models.BigIntegerField()),
                    ('customer_id', models.BigIntegerField(null=True)),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('text', models.TextField(blank=True, max_length=2000, verbose_name='note')),
                    ('for_customer', models.BooleanField(default=False, verbose_name='the customer may read it')),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
                ],
                options={
                    'verbose_name': 'note',
                    'verbose_name_plural': 'notes',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['subject_type', 'subject_pk', '-at'], name='notes_of_subject'), models.Index(condition=models.Q(('customer_id__isnull', False)), fields=['customer_id', '-at'], name='notes_of_customer')],
                },
            )],
        ),
    ]
