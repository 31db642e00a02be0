import crm.clock
import crm.migrating
import crm.records.fields
import crm.records.search
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from orders.payments.first_steps import make


def begin(apps, schema_editor):
    """Make the steps of dunning to begin with; the company makes its own of them in the back office."""
    make(apps.get_model("payments", "DunningStep"))


class Migration(migrations.Migration):

    replaces = [('payments', '0001_tables'), ('payments', '0002_first_steps'), ('payments', '0003_labels')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('customers', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='BankAccount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                    ('bank', models.CharField(blank=True, max_length=80, verbose_name='bank')),
                    ('number', crm.records.fields.EncryptedField(blank=True, companions=False, kind='bank', verbose_name='account number')),
                    ('active', models.BooleanField(default=True, verbose_name='in use')),
                    ('number_index', crm.records.fields.IndexColumn('number')),
                    ('number_tail', crm.records.fields.TailColumn('number')),
                ],
                options={
                    'verbose_name': 'own bank account',
                    'verbose_name_plural': 'own bank accounts',
                    'ordering': ['name'],
                },
            ), migrations.CreateModel(
                name='DunningStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('days', models.PositiveSmallIntegerField(unique=True, verbose_name='days overdue')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=60, verbose_name='English name')),
                    ('who', models.CharField(choices=[('owner', "The customer's owner"), ('finance', 'Finance')], default='owner', max_length=10, verbose_name='who does it')),
                    ('channel', models.CharField(choices=[('mail', 'Letter by mail'), ('call', 'Phone call'), ('letter', 'Printed letter (催款函)')], default='mail', max_length=10, verbose_name='way')),
                    ('text', models.TextField(max_length=4000, verbose_name='text')),
                    ('text_en', models.TextField(blank=True, max_length=4000, verbose_name='English text')),
                    ('suspends', models.BooleanField(default=False, verbose_name='proposes to suspend supply')),
                    ('active', models.BooleanField(default=True, verbose_name='in use')),
                ],
                options={
                    'verbose_name': 'dunning step',
                    'verbose_name_plural': 'dunning steps',
                    'ordering': ['days'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='dunning_begins_after_the_due_date', violation_error_message='Nobody is reminded before he is late.')],
                },
            ), migrations.CreateModel(
                name='Dunning',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                    ('status', models.CharField(choices=[('open', 'Being reminded'), ('ended', 'Paid')], default='open', max_length=10, verbose_name='state')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='dunnings', to='customers.customer', verbose_name='customer')),
                    ('step', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.dunningstep', verbose_name='next step')),
                    ('proposed_at', models.DateTimeField(blank=True, null=True, verbose_name='proposed')),
                    ('done_days', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='done up to days')),
                    ('promised_on', models.DateField(blank=True, null=True, verbose_name='promised to pay on')),
                    ('promised_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='amount promised')),
                    ('promised_by', models.CharField(blank=True, max_length=60, verbose_name='who promised')),
                    ('broken', models.PositiveSmallIntegerField(default=0, verbose_name='promises broken')),
                    ('opened_at', models.DateTimeField(default=crm.clock.now, verbose_name='opened')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                    ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'dunning',
                    'verbose_name_plural': 'dunning',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['customer', '-id'], name='dunnings_of_customer'), models.Index(fields=['opened_at', 'id'], name='dunnings_by_begin'), models.Index(fields=['owner', '-id'], name='dunnings_of_owner'), models.Index(fields=['department', '-id'], name='dunnings_of_department'), models.Index(condition=models.Q(('status', 'open')), fields=['-id'], name='dunnings_open'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_dunning')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('customer',), name='one_dunning_per_customer', violation_error_message='This customer is being reminded already.')],
                },
            ), migrations.CreateModel(
                name='Invoice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(error_messages={'unique': 'There is an invoice with this number already.'}, max_length=40, unique=True, verbose_name='invoice number')),
                    ('status', models.CharField(choices=[('open', 'To be paid'), ('paid', 'Paid'), ('cancelled', 'Voided'), ('credit', 'Credit note')], default='open', max_length=10, verbose_name='state')),
                    ('kind', models.CharField(choices=[('special', 'Special VAT invoice'), ('ordinary', 'Ordinary VAT invoice'), ('opening', 'Opening balance')], default='special', max_length=10, verbose_name='kind of invoice')),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='orders.order', verbose_name='order')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='customers.customer', verbose_name='customer')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount with tax')),
                    ('tax', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='tax in it')),
                    ('paid', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='paid of it')),
                    ('issued_on', models.DateField(default=crm.clock.today, verbose_name='issued on')),
                    ('due_on', models.DateField(verbose_name='to be paid by')),
                    ('posted_on', models.DateField(blank=True, null=True, verbose_name='posted on')),
                    ('reference', models.CharField(blank=True, max_length=60, verbose_name='reference')),
                    ('entered_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                    ('entered_at', models.DateTimeField(default=crm.clock.now, verbose_name='entered')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was voided')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'invoice',
                    'verbose_name_plural': 'invoices',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['due_on', 'id'], name='invoices_by_due'), models.Index(fields=['issued_on', 'id'], name='invoices_by_issue'), models.Index(fields=['amount', 'id'], name='invoices_by_amount'), models.Index(fields=['customer', '-id'], name='invoices_of_customer'), models.Index(condition=models.Q(('status', 'open')), fields=['customer', 'due_on'], include=('amount', 'paid'), name='invoices_open'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_invoice')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('tax__gte', 0), ('tax__lt', models.F('amount'))), name='invoice_is_over_something', violation_error_message='An invoice is over more than nothing, and its tax is a part of it.'), models.CheckConstraint(condition=models.Q(('paid__gte', 0), ('paid__lte', models.F('amount'))), name='invoice_is_paid_at_most_in_full'), models.CheckConstraint(condition=models.Q(models.Q(('paid__lt', models.F('amount')), ('status', 'open')), models.Q(('paid', models.F('amount')), ('status', 'paid')), models.Q(('paid', 0), ('status', 'cancelled')), _connector='OR'), name='invoice_state_says_what_is_paid')],
                },
            ), migrations.CreateModel(
                name='Payer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='payers', to='customers.customer', verbose_name='customer')),
                    ('name', models.CharField(blank=True, max_length=120, verbose_name='payer')),
                    ('account', crm.records.fields.EncryptedField(blank=True, companions=False, kind='bank', verbose_name="payer's account")),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='first seen')),
                    ('account_index', crm.records.fields.IndexColumn('account')),
                    ('account_tail', crm.records.fields.TailColumn('account')),
                ],
                options={
                    'verbose_name': 'known payer',
                    'verbose_name_plural': 'known payers',
                    'ordering': ['pk'],
                    'indexes': [models.Index(fields=['name'], name='payers_by_name')],
                    'constraints': [models.UniqueConstraint(fields=('customer', 'name', 'account_index'), name='payer_once', nulls_distinct=False)],
                },
            ), migrations.CreateModel(
                name='Receipt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                    ('status', models.CharField(choices=[('open', 'To be matched'), ('partly', 'Matched in part'), ('matched', 'Matched'), ('void', 'Voided')], default='open', max_length=10, verbose_name='state')),
                    ('account', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='payments.bankaccount', verbose_name='own account')),
                    ('customer', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='customers.customer', verbose_name='customer')),
                    ('received_on', models.DateField(default=crm.clock.today, verbose_name='received on')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                    ('matched', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='matched')),
                    ('refunded', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='paid back')),
                    ('method', models.CharField(choices=[('transfer', 'Bank transfer'), ('cash', 'Cash'), ('card', 'Card'), ('wechat', 'WeChat Pay'), ('alipay', 'Alipay')], default='transfer', max_length=10, verbose_name='method')),
                    ('payer_name', models.CharField(blank=True, max_length=120, verbose_name='payer')),
                    ('payer_account', crm.records.fields.EncryptedField(blank=True, companions=False, kind='bank', verbose_name="payer's account")),
                    ('payer_bank', models.CharField(blank=True, max_length=120, verbose_name="payer's bank")),
                    ('serial', models.CharField(blank=True, max_length=80, verbose_name="bank's serial number")),
                    ('remark', models.CharField(blank=True, max_length=500, verbose_name='purpose of the transfer')),
                    ('balance', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='balance of the account after it')),
                    ('identity', models.CharField(editable=False, max_length=64, verbose_name='what tells it from others')),
                    ('again', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='number of identical entries')),
                    ('entered_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                    ('entered_at', models.DateTimeField(default=crm.clock.now, verbose_name='entered')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason for voiding')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('payer_account_index', crm.records.fields.IndexColumn('payer_account')),
                    ('payer_account_tail', crm.records.fields.TailColumn('payer_account')),
                ],
                options={
                    'verbose_name': 'receipt',
                    'verbose_name_plural': 'receipts',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['received_on', 'id'], name='receipts_by_day'), models.Index(fields=['amount', 'id'], name='receipts_by_amount'), models.Index(fields=['customer', '-id'], name='receipts_of_customer'), models.Index(condition=models.Q(('status__in', ['open', 'partly'])), fields=['-id'], name='receipts_to_match'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_receipt')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('serial', ''), _negated=True), fields=('account', 'serial'), name='receipt_once_by_serial', nulls_distinct=False, violation_error_message='There is a receipt with this serial number of the bank already.'), models.UniqueConstraint(fields=('identity', 'again'), name='receipt_once_by_identity', violation_error_message='There is a receipt of the same day, amount, payer and purpose already.'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='receipt_is_positive', violation_error_message='A receipt is more than nothing.'), models.CheckConstraint(condition=models.Q(('amount__gte', django.db.models.expressions.CombinedExpression(models.F('matched'), '+', models.F('refunded'))), ('matched__gte', 0), ('refunded__gte', 0)), name='receipt_is_used_at_most_in_full', violation_error_message='More would be used of the receipt than came in.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'void'), _negated=True), models.Q(('matched', 0), ('refunded', 0)), _connector='OR'), name='receipt_that_is_void_is_not_used')],
                },
            ), migrations.CreateModel(
                name='Match',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='payments.receipt', verbose_name='receipt')),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='orders.order', verbose_name='order')),
                    ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='match', to='orders.payment', verbose_name='payment')),
                    ('taken_back_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
                    ('taken_back_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was taken back')),
                ],
                options={
                    'verbose_name': 'match',
                    'verbose_name_plural': 'matches',
                    'ordering': ['pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='match_is_over_something')],
                },
            ), migrations.CreateModel(
                name='Refund',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='payments.receipt', verbose_name='receipt')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('paid_on', models.DateField(default=crm.clock.today, verbose_name='paid back on')),
                    ('reference', models.CharField(max_length=60, verbose_name='reference of the transfer')),
                    ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ],
                options={
                    'verbose_name': 'refund',
                    'verbose_name_plural': 'refunds',
                    'ordering': ['pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_is_over_something')],
                },
            ), migrations.CreateModel(
                name='Reminder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('dunning', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='payments.dunning', verbose_name='dunning')),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                    ('step', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.dunningstep', verbose_name='step')),
                    ('channel', models.CharField(choices=[('mail', 'Letter by mail'), ('call', 'Phone call'), ('letter', 'Printed letter (催款函)')], max_length=10, verbose_name='way')),
                    ('contact', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('text', models.TextField(blank=True, max_length=4000, verbose_name='text')),
                    ('said', models.TextField(blank=True, max_length=2000, verbose_name='what was said')),
                    ('amount', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='overdue then')),
                    ('invoices', models.JSONField(blank=True, default=list, verbose_name='invoices then')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                ],
                options={
                    'verbose_name': 'reminder',
                    'verbose_name_plural': 'reminders',
                    'ordering': ['-pk'],
                },
            ), migrations.CreateModel(
                name='WriteOff',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='writeoffs', to='orders.order', verbose_name='order')),
                    ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='writeoff', to='orders.payment', verbose_name='payment')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                    ('reason', models.CharField(max_length=300, verbose_name='reason')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='written off')),
                ],
                options={
                    'verbose_name': 'write-off',
                    'verbose_name_plural': 'write-offs',
                    'ordering': ['-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='write_off_is_over_something')],
                },
            )],
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
