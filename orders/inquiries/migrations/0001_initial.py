import crm.clock
import crm.migrating
import crm.records.fields
import crm.records.search
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('inquiries', '0001_tables'), ('inquiries', '0002_priority')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('customers', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Inquiry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                    ('status', models.CharField(choices=[('open', 'To be answered'), ('passed', 'Passed on'), ('answered', 'Answered'), ('ordered', 'Ordered'), ('closed', 'Closed without intent')], default='open', max_length=10, verbose_name='state')),
                    ('channel', models.CharField(choices=[('phone', 'Phone'), ('mail', 'Mail'), ('fax', 'Fax'), ('web', 'Website'), ('chat', 'Online chat'), ('social', 'Social media'), ('walk_in', 'Walk-in'), ('fair', 'Fair')], default='phone', max_length=10, verbose_name='channel')),
                    ('urgent', models.BooleanField(default=False, verbose_name='urgent')),
                    ('priority', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='priority')),
                    ('received_at', models.DateTimeField(default=crm.clock.now, verbose_name='received')),
                    ('name', models.CharField(help_text='Company, or the person where there is none.', max_length=120, verbose_name='who asks')),
                    ('contact_name', models.CharField(blank=True, max_length=60, verbose_name='contact')),
                    ('phone', crm.records.fields.EncryptedField(blank=True, companions=False, kind='phone', verbose_name='phone')),
                    ('email', crm.records.fields.EncryptedField(blank=True, companions=False, kind='email', verbose_name='mail address')),
                    ('matter', models.TextField(max_length=5000, verbose_name='what is asked')),
                    ('customer', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='customers.customer', verbose_name='customer')),
                    ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
                    ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who answers')),
                    ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('answer', models.TextField(blank=True, max_length=5000, verbose_name='answer')),
                    ('reply', models.CharField(blank=True, choices=[('oral', 'Verbally'), ('mail', 'By mail from here'), ('written', 'In writing otherwise')], max_length=10, verbose_name='how it was answered')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                    ('called_back_at', models.DateTimeField(blank=True, null=True, verbose_name='called back')),
                    ('closing_reason', models.CharField(blank=True, max_length=300, verbose_name='why it was closed')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('phone_index', crm.records.fields.IndexColumn('phone')),
                    ('phone_tail', crm.records.fields.TailColumn('phone')),
                    ('email_index', crm.records.fields.IndexColumn('email')),
                    ('email_tail', crm.records.fields.TailColumn('email')),
                ],
                options={
                    'verbose_name': 'inquiry',
                    'verbose_name_plural': 'inquiries',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['received_at', 'id'], name='inquiries_by_received'), models.Index(fields=['priority', 'id'], name='inquiries_by_priority'), models.Index(fields=['owner', '-id'], name='inquiries_of_owner'), models.Index(fields=['status', '-id'], name='inquiries_by_status'), models.Index(fields=['customer', '-id'], name='inquiries_of_customer'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_inquiry')],
                },
            )],
        ),
    ]
