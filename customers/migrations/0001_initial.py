import crm.clock
import crm.migrating
import crm.records.fields
import crm.records.search
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('customers', '0001_tables'), ('customers', '0002_on_account')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('records', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Contact',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='customers.customer', verbose_name='customer')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('name', models.CharField(max_length=60, verbose_name='full name')),
                    ('title', models.CharField(blank=True, max_length=60, verbose_name='title')),
                    ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('buyer', 'Buyer'), ('finance', 'Finance'), ('sender', 'Sender'), ('recipient', 'Recipient'), ('collector', 'Collector')], max_length=10), blank=True, default=list, size=None, verbose_name='roles')),
                    ('mobile', crm.records.fields.EncryptedField(blank=True, companions=False, kind='phone', verbose_name='mobile')),
                    ('phone', crm.records.fields.EncryptedField(blank=True, companions=False, kind='phone', verbose_name='phone')),
                    ('email', crm.records.fields.EncryptedField(blank=True, companions=False, kind='email', verbose_name='mail address')),
                    ('wechat', crm.records.fields.EncryptedField(blank=True, companions=False, kind='wechat', verbose_name='WeChat')),
                    ('birthday', models.DateField(blank=True, null=True, verbose_name='birthday')),
                    ('preferred_channel', models.CharField(choices=[('phone', 'Phone'), ('mail', 'Mail'), ('sms', 'SMS'), ('wechat', 'WeChat'), ('visit', 'Visit'), ('meeting', 'Meeting'), ('link', 'By a link')], default='phone', max_length=10, verbose_name='preferred channel')),
                    ('language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                    ('main', models.BooleanField(default=False, verbose_name='main contact')),
                    ('active', models.BooleanField(default=True, verbose_name='still there')),
                    ('mobile_index', crm.records.fields.IndexColumn('mobile')),
                    ('mobile_tail', crm.records.fields.TailColumn('mobile')),
                    ('phone_index', crm.records.fields.IndexColumn('phone')),
                    ('phone_tail', crm.records.fields.TailColumn('phone')),
                    ('email_index', crm.records.fields.IndexColumn('email')),
                    ('email_tail', crm.records.fields.TailColumn('email')),
                    ('wechat_index', crm.records.fields.IndexColumn('wechat')),
                    ('wechat_tail', crm.records.fields.TailColumn('wechat')),
                ],
                options={
                    'verbose_name': 'contact',
                    'verbose_name_plural': 'contacts',
                    'abstract': False,
                    'default_related_name': '%(model_name)ss',
                    'constraints': [models.UniqueConstraint(condition=models.Q(('active', True), ('main', True)), fields=('customer',), name='one_main_contact', violation_error_message='The customer has a main contact already.')],
                },
            ), migrations.CreateModel(
                name='Customer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('code', models.CharField(error_messages={'unique': 'There is a customer with this number already.'}, max_length=30, unique=True, verbose_name='customer number')),
                    ('status', models.CharField(choices=[('potential', 'Potential'), ('new', 'Newly won'), ('active', 'Active'), ('dormant', 'Dormant'), ('lost', 'Lost')], default='potential', max_length=10, verbose_name='relation')),
                    ('kind', models.CharField(choices=[('company', 'Company'), ('person', 'Individual')], default='company', max_length=10, verbose_name='kind')),
                    ('tier', models.CharField(choices=[('vip', 'VIP'), ('key', 'Key customer'), ('regular', 'Regular'), ('potential', 'Potential customer')], default='regular', max_length=10, verbose_name='tier')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('short_name', models.CharField(blank=True, max_length=40, verbose_name='short name')),
                    ('name_en', models.CharField(blank=True, max_length=120, verbose_name='English name')),
                    ('licence', crm.records.fields.EncryptedField(blank=True, companions=False, kind='licence', verbose_name='social credit code')),
                    ('tax_number', crm.records.fields.EncryptedField(blank=True, companions=False, kind='licence', verbose_name='tax number')),
                    ('bank_account', crm.records.fields.EncryptedField(blank=True, companions=False, kind='bank', verbose_name='bank account')),
                    ('bank_name', models.CharField(blank=True, max_length=80, verbose_name='bank')),
                    ('region', models.CharField(blank=True, max_length=40, verbose_name='region')),
                    ('business_area', models.CharField(blank=True, max_length=40, verbose_name='business area')),
                    ('industry', models.CharField(blank=True, max_length=40, verbose_name='industry')),
                    ('size', models.CharField(blank=True, choices=[('', 'Unknown'), ('micro', 'Below 20 people'), ('small', '20 to 99 people'), ('medium', '100 to 499 people'), ('large', '500 people and more')], default='', max_length=10, verbose_name='size')),
                    ('source', models.CharField(blank=True, max_length=40, verbose_name='source')),
                    ('needs', models.TextField(blank=True, max_length=2000, verbose_name='business needs')),
                    ('usual_goods', models.CharField(blank=True, max_length=300, verbose_name='usual goods')),
                    ('remarks', models.TextField(blank=True, max_length=5000, verbose_name='remarks')),
                    ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('payment_terms', models.CharField(choices=[('prepay', 'Payment before pickup'), ('cash', 'Cash on pickup'), ('credit', 'On account')], default='prepay', max_length=10, verbose_name='payment terms')),
                    ('payment_days', models.PositiveSmallIntegerField(default=0, verbose_name='days to pay')),
                    ('supply_suspended', models.BooleanField(default=False, verbose_name='supply suspended')),
                    ('suspension_reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the suspension')),
                    ('verified_at', models.DateTimeField(default=crm.clock.now, verbose_name='last verified')),
                    ('verified_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by')),
                    ('created_at', models.DateTimeField(default=crm.clock.now, verbose_name='entered')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('licence_index', crm.records.fields.IndexColumn('licence')),
                    ('licence_tail', crm.records.fields.TailColumn('licence')),
                    ('tax_number_index', crm.records.fields.IndexColumn('tax_number')),
                    ('tax_number_tail', crm.records.fields.TailColumn('tax_number')),
                    ('bank_account_index', crm.records.fields.IndexColumn('bank_account')),
                    ('bank_account_tail', crm.records.fields.TailColumn('bank_account')),
                ],
                options={
                    'verbose_name': 'customer',
                    'verbose_name_plural': 'customers',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['owner', '-id'], name='customers_of_owner'), models.Index(fields=['department', '-id'], name='customers_of_department'), models.Index(fields=['name', 'id'], name='customers_by_name'), models.Index(fields=['verified_at', 'id'], name='customers_by_verified'), models.Index(condition=models.Q(('supply_suspended', True)), fields=['-id'], name='customers_suspended'), models.Index(condition=models.Q(('payment_terms', 'credit')), fields=['id'], name='customers_on_account'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_customer')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('supply_suspended', False), models.Q(('suspension_reason', ''), _negated=True), _connector='OR'), name='suspension_has_reason', violation_error_message='Supply is suspended only with a reason.'), models.CheckConstraint(condition=models.Q(('payment_terms', 'credit'), ('payment_days', 0), _connector='OR'), name='days_to_pay_only_on_account', violation_error_message='Days to pay are for customers on account.')],
                },
            ), migrations.CreateModel(
                name='ContactEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='customers.customer', verbose_name='customer')),
                    ('channel', models.CharField(choices=[('phone', 'Phone'), ('mail', 'Mail'), ('sms', 'SMS'), ('wechat', 'WeChat'), ('visit', 'Visit'), ('meeting', 'Meeting'), ('link', 'By a link')], default='phone', max_length=10, verbose_name='channel')),
                    ('direction', models.CharField(choices=[('out', 'We contacted him'), ('in', 'He contacted us')], default='out', max_length=3, verbose_name='direction')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('what', models.TextField(max_length=5000, verbose_name='what was said')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ],
                options={
                    'verbose_name': 'contact entry',
                    'verbose_name_plural': 'contact log',
                    'ordering': ['-at'],
                    'abstract': False,
                    'default_related_name': 'contact_entries',
                    'indexes': [models.Index(fields=['customer', '-at'], name='contact_log_of_customer'), models.Index(fields=['at', 'id'], name='contact_log_by_time')],
                },
            ), migrations.CreateModel(
                name='ChangeReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='customers.customer', verbose_name='customer')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('open', 'To be decided'), ('decided', 'Decided')], default='open', max_length=10, verbose_name='state')),
                    ('changed_on', models.DateField(default=crm.clock.today, verbose_name='day of the change')),
                    ('source', models.CharField(blank=True, max_length=200, verbose_name='learned from')),
                    ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reported by')),
                    ('reported_at', models.DateTimeField(default=crm.clock.now, verbose_name='reported')),
                    ('decision', models.CharField(blank=True, max_length=300, verbose_name='remarks on the decision')),
                ],
                options={
                    'verbose_name': 'reported change',
                    'verbose_name_plural': 'reported changes',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'default_related_name': '%(model_name)ss',
                    'indexes': [models.Index(fields=['status', '-id'], name='change_reports_by_status')],
                },
            ), migrations.CreateModel(
                name='Address',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='customers.customer', verbose_name='customer')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('kind', models.CharField(choices=[('registered', 'Registered office'), ('delivery', 'Place of delivery'), ('invoice', 'Place for invoices')], default='registered', max_length=12, verbose_name='kind')),
                    ('text', models.CharField(max_length=300, verbose_name='address')),
                    ('region', models.CharField(blank=True, max_length=40, verbose_name='region')),
                    ('postal_code', models.CharField(blank=True, max_length=12, verbose_name='postal code')),
                ],
                options={
                    'verbose_name': 'address',
                    'verbose_name_plural': 'addresses',
                    'abstract': False,
                    'default_related_name': 'addresses',
                },
            ), migrations.CreateModel(
                name='Document',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='customers.customer', verbose_name='customer')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('valid', 'Valid'), ('replaced', 'Replaced')], default='valid', max_length=10, verbose_name='state')),
                    ('kind', models.CharField(choices=[('licence', 'Business licence copy'), ('tax', 'Tax registration copy'), ('other', 'Other paper')], max_length=10, verbose_name='kind')),
                    ('title', models.CharField(blank=True, max_length=80, verbose_name='name')),
                    ('number', crm.records.fields.EncryptedField(blank=True, companions=False, kind='licence', verbose_name='number')),
                    ('expires_on', models.DateField(blank=True, null=True, verbose_name='valid until')),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name='file')),
                    ('number_index', crm.records.fields.IndexColumn('number')),
                    ('number_tail', crm.records.fields.TailColumn('number')),
                ],
                options={
                    'verbose_name': 'paper',
                    'verbose_name_plural': 'papers',
                    'abstract': False,
                    'default_related_name': '%(model_name)ss',
                },
            ), migrations.CreateModel(
                name='Note',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('open', 'To be entered'), ('entered', 'Entered'), ('dismissed', 'Dismissed')], default='open', max_length=10, verbose_name='state')),
                    ('source', models.CharField(choices=[('call', 'A call'), ('fair', 'A fair'), ('delivery', 'A delivery'), ('counter', 'The counter'), ('other', 'Elsewhere')], default='call', max_length=10, verbose_name='learned from')),
                    ('received_at', models.DateTimeField(default=crm.clock.now, verbose_name='received')),
                    ('name', models.CharField(max_length=120, verbose_name="customer's name")),
                    ('contact_name', models.CharField(blank=True, max_length=60, verbose_name='contact')),
                    ('phone', crm.records.fields.EncryptedField(blank=True, companions=False, kind='phone', verbose_name='phone')),
                    ('text', models.TextField(blank=True, max_length=2000, verbose_name='what was learned')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was dismissed')),
                    ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='customers.customer', verbose_name='customer')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('phone_index', crm.records.fields.IndexColumn('phone')),
                    ('phone_tail', crm.records.fields.TailColumn('phone')),
                ],
                options={
                    'verbose_name': 'customer information',
                    'verbose_name_plural': 'customer information received',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='notes_by_status')],
                },
            ), migrations.CreateModel(
                name='ReportedField',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('report', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='fields', to='customers.changereport')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.contact')),
                    ('field', models.CharField(max_length=40)),
                    ('old', crm.records.fields.EncryptedField(blank=True, companions=False, kind='text')),
                    ('new', crm.records.fields.EncryptedField(blank=True, companions=False, kind='text')),
                    ('accepted', models.BooleanField(null=True)),
                ],
                options={
                    'verbose_name': 'reported field',
                    'verbose_name_plural': 'reported fields',
                    'constraints': [models.UniqueConstraint(fields=('report', 'contact', 'field'), name='field_once_per_report', nulls_distinct=False)],
                },
            ), migrations.CreateModel(
                name='Task',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='customers.customer', verbose_name='customer')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('dropped', 'Dropped')], default='open', max_length=10, verbose_name='state')),
                    ('what', models.CharField(max_length=300, verbose_name='what is to be done')),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='customers.contactentry', verbose_name='contact entry')),
                    ('outcome', models.CharField(blank=True, max_length=300, verbose_name='outcome')),
                ],
                options={
                    'verbose_name': 'task',
                    'verbose_name_plural': 'tasks',
                    'ordering': ['due_on', 'pk'],
                    'abstract': False,
                    'default_related_name': '%(model_name)ss',
                    'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['owner', 'due_on'], name='open_tasks'), models.Index(fields=['due_on', 'id'], name='tasks_by_day')],
                },
            )],
        ),
    ]
