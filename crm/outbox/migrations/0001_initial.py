import crm.clock
import crm.migrating
import crm.records.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='MessageTemplate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=60, verbose_name='message')),
                    ('channel', models.CharField(choices=[('mail', 'Mail'), ('notice', 'Notice'), ('call', 'Call')], max_length=10, verbose_name='channel')),
                    ('language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], max_length=10, verbose_name='language')),
                    ('subject', models.CharField(max_length=200, verbose_name='subject')),
                    ('body', models.TextField(verbose_name='text')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'wording',
                    'verbose_name_plural': 'wordings',
                    'ordering': ['key', 'channel', 'language'],
                    'constraints': [models.UniqueConstraint(fields=('key', 'channel', 'language'), name='one_wording_per_message', violation_error_message='There is already a wording of this message for this channel and language.')],
                },
            ), migrations.CreateModel(
                name='Message',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(choices=[('mail', 'Mail'), ('notice', 'Notice'), ('call', 'Call')], max_length=10, verbose_name='channel')),
                    ('status', models.CharField(choices=[('queued', 'Waiting to be sent'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Not delivered'), ('uncertain', 'Perhaps sent'), ('suppressed', 'Kept, test mode'), ('cancelled', 'Withdrawn'), ('open', 'To be called'), ('done', 'Called'), ('unread', 'Not read yet'), ('read', 'Read')], max_length=12, verbose_name='state')),
                    ('template', models.CharField(max_length=60, verbose_name='template')),
                    ('language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], max_length=10, verbose_name='language')),
                    ('recipient', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                    ('contact_name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                    ('email', crm.records.fields.EncryptedField(blank=True, companions=False, kind='email', verbose_name='mail address')),
                    ('phone', crm.records.fields.EncryptedField(blank=True, companions=False, kind='phone', verbose_name='phone')),
                    ('texts', crm.records.fields.EncryptedTextField(blank=True, companions=False, kind='text', verbose_name='text')),
                    ('path', models.CharField(blank=True, max_length=200)),
                    ('key', models.CharField(max_length=200, unique=True)),
                    ('subject_type', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ('subject_pk', models.BigIntegerField(null=True)),
                    ('customer_id', models.BigIntegerField(null=True)),
                    ('cause_id', models.BigIntegerField(null=True)),
                    ('message_id', models.CharField(blank=True, max_length=120, verbose_name='Message-ID')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                    ('next_at', models.DateTimeField(null=True, verbose_name='due at')),
                    ('last_error', models.CharField(blank=True, max_length=60)),
                    ('claimed_at', models.DateTimeField(null=True)),
                    ('claimed_by', models.CharField(blank=True, max_length=80)),
                    ('result', models.CharField(blank=True, choices=[('reached', 'Reached'), ('not_reached', 'Not reached'), ('refused', 'Refused to talk'), ('call_back', 'Wants to be called again')], max_length=12, verbose_name='result')),
                    ('note', models.TextField(blank=True, verbose_name='note')),
                    ('done_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='called by')),
                    ('queued_at', models.DateTimeField(default=crm.clock.now, verbose_name='created at')),
                    ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                    ('read_at', models.DateTimeField(null=True, verbose_name='read or called at')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('email_index', crm.records.fields.IndexColumn('email')),
                    ('email_tail', crm.records.fields.TailColumn('email')),
                    ('phone_index', crm.records.fields.IndexColumn('phone')),
                    ('phone_tail', crm.records.fields.TailColumn('phone')),
                ],
                options={
                    'verbose_name': 'message',
                    'verbose_name_plural': 'messages',
                    'ordering': ['-id'],
                    'indexes': [models.Index(condition=models.Q(('status', 'queued')), fields=['next_at'], name='outbox_due'), models.Index(condition=models.Q(('status', 'sending')), fields=['claimed_at'], name='outbox_claimed'), models.Index(condition=models.Q(('status__in', ['failed', 'uncertain'])), fields=['-id'], name='outbox_failed'), models.Index(condition=models.Q(('status', 'unread')), fields=['recipient'], name='outbox_unread'), models.Index(condition=models.Q(('channel', 'notice')), fields=['recipient', '-id'], name='outbox_notices'), models.Index(condition=models.Q(('status', 'open')), fields=['recipient', 'next_at', 'id'], name='outbox_calls'), models.Index(condition=models.Q(('recipient__isnull', False)), fields=['recipient', '-id'], name='outbox_of_user'), models.Index(fields=['subject_type', 'subject_pk', '-id'], name='outbox_of_subject'), models.Index(condition=models.Q(('customer_id__isnull', False)), fields=['customer_id', '-id'], name='outbox_of_customer'), django.contrib.postgres.indexes.BrinIndex(fields=['queued_at'], name='outbox_by_age')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('channel', 'mail'), ('status__in', ['queued', 'sending', 'sent', 'failed', 'uncertain', 'suppressed'])), models.Q(('channel', 'notice'), ('status__in', ['unread', 'read'])), models.Q(('channel', 'call'), ('status__in', ['open', 'done'])), ('status', 'cancelled'), _connector='OR'), name='message_state_of_its_channel'), models.CheckConstraint(condition=models.Q(('channel', 'mail'), ('recipient__isnull', False), _connector='OR'), name='message_has_its_user')],
                },
            )],
        ),
    ]
