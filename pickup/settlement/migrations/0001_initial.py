import crm.clock
import crm.migrating
import crm.records.fields
import crm.records.search
import django.contrib.postgres.indexes
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('settlement', '0001_tables'), ('settlement', '0002_state_of_memos'), ('settlement', '0003_labels')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('catalog', '0001_initial'),
        ('customers', '0001_initial'),
        ('orders', '0001_initial'),
        ('pickup', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Statement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.order', verbose_name='order')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('number', models.CharField(max_length=34, unique=True, verbose_name='statement number')),
                    ('revision', models.PositiveSmallIntegerField(default=1, verbose_name='version of the statement')),
                    ('status', models.CharField(choices=[('draft', 'To be sent'), ('sent', 'Waits for an answer'), ('disputed', 'Disputed'), ('reopened', 'To be reconciled again'), ('reconciled', 'Reconciled'), ('invoiced', 'Invoiced'), ('replaced', 'Replaced by a newer version'), ('offset', 'Offset')], default='draft', max_length=10, verbose_name='state')),
                    ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='settlement.statement', verbose_name='replaces')),
                    ('why', models.CharField(blank=True, max_length=300, verbose_name='why this version')),
                    ('total', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='total with tax')),
                    ('tax', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='tax in it')),
                    ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                    ('made_at', models.DateTimeField(default=crm.clock.now, verbose_name='made')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                    ('answered_by', models.CharField(blank=True, max_length=60, verbose_name='signed by')),
                    ('answered_through', models.CharField(blank=True, choices=[('link', 'By his link'), ('paper', 'On signed paper')], max_length=10, verbose_name='how he answered')),
                    ('signed_on', models.DateField(blank=True, null=True, verbose_name='signed on')),
                    ('reconciled_at', models.DateTimeField(blank=True, null=True, verbose_name='reconciled')),
                    ('reopened', models.CharField(blank=True, max_length=300, verbose_name='why it is reconciled again')),
                ],
                options={
                    'verbose_name': 'statement',
                    'verbose_name_plural': 'statements',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='statements_by_status'), models.Index(fields=['total', 'id'], name='statements_by_total'), models.Index(fields=['made_at', 'id'], name='statements_by_made'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_statement')],
                },
            ), migrations.CreateModel(
                name='InvoiceMemo',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.order', verbose_name='order')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='memo number')),
                    ('status', models.CharField(choices=[('filled', 'To be checked by finance'), ('passed', 'To be invoiced'), ('issued', 'To be posted'), ('posted', 'Posted'), ('refused', 'Refused'), ('voided', 'Voided')], default='filled', max_length=10, verbose_name='state')),
                    ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memos', to='settlement.statement', verbose_name='statement')),
                    ('kind', models.CharField(choices=[('special', 'Special VAT invoice'), ('ordinary', 'Ordinary VAT invoice')], default='special', max_length=10, verbose_name='kind of invoice')),
                    ('title', models.CharField(max_length=120, verbose_name='invoice title')),
                    ('tax_number', crm.records.fields.EncryptedField(blank=True, companions=False, kind='licence', verbose_name='tax number')),
                    ('address', models.CharField(blank=True, max_length=200, verbose_name='registered address')),
                    ('phone', crm.records.fields.EncryptedField(blank=True, companions=False, kind='phone', verbose_name='phone')),
                    ('bank_name', models.CharField(blank=True, max_length=80, verbose_name='bank')),
                    ('bank_account', crm.records.fields.EncryptedField(blank=True, companions=False, kind='bank', verbose_name='bank account')),
                    ('remarks', models.CharField(blank=True, max_length=300, verbose_name='remarks on the invoice')),
                    ('post_to', models.CharField(blank=True, max_length=300, verbose_name='where to post it')),
                    ('total', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='total with tax')),
                    ('tax', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='tax in it')),
                    ('filled_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='filled in by')),
                    ('filled_at', models.DateTimeField(default=crm.clock.now, verbose_name='filled in')),
                    ('checked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                    ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='checked')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was refused or voided')),
                    ('issued_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
                    ('issued_on', models.DateField(blank=True, null=True, verbose_name='issued on')),
                    ('posted_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='posted by')),
                    ('posted_at', models.DateTimeField(blank=True, null=True, verbose_name='posted')),
                    ('posted_how', models.CharField(blank=True, choices=[('post', 'By post or courier'), ('mail', 'Electronically, by mail')], max_length=10, verbose_name='how it was posted')),
                    ('carrier', models.CharField(blank=True, max_length=60, verbose_name='carrier')),
                    ('tracking', models.CharField(blank=True, max_length=60, verbose_name='tracking number')),
                    ('tax_number_index', crm.records.fields.IndexColumn('tax_number')),
                    ('tax_number_tail', crm.records.fields.TailColumn('tax_number')),
                    ('phone_index', crm.records.fields.IndexColumn('phone')),
                    ('phone_tail', crm.records.fields.TailColumn('phone')),
                    ('bank_account_index', crm.records.fields.IndexColumn('bank_account')),
                    ('bank_account_tail', crm.records.fields.TailColumn('bank_account')),
                ],
                options={
                    'verbose_name': 'invoice memo',
                    'verbose_name_plural': 'invoice memos',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='memos_by_status'), models.Index(fields=['filled_at', 'id'], name='memos_by_filled'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_invoicememo')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'refused'), _negated=True), fields=('statement',), name='one_memo_of_a_statement', violation_error_message='This statement has an invoice memo already.'), models.CheckConstraint(condition=models.Q(('total__gt', 0)), name='memo_is_over_something')],
                },
            ), migrations.CreateModel(
                name='StatementLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('statement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='settlement.statement', verbose_name='statement')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ('counts', models.BooleanField(default=True)),
                    ('line', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stated', to='orders.line', verbose_name='line')),
                    ('record_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pickup.recordline', verbose_name='pickup record')),
                    ('delivery_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pickup.deliveryline', verbose_name='delivery')),
                    ('day', models.DateField(verbose_name='day')),
                    ('source', models.CharField(max_length=30, verbose_name='document')),
                    ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product', verbose_name='product')),
                    ('specification', models.CharField(blank=True, max_length=120, verbose_name='specification')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.unit', verbose_name='unit')),
                    ('base_quantity', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=14, verbose_name='quantity in base units')),
                    ('quantity', models.DecimalField(decimal_places=6, default=Decimal('0'), max_digits=18, verbose_name='quantity')),
                    ('price', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=12, verbose_name='unit price with tax')),
                    ('tax_rate', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='tax rate in percent')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount with tax')),
                    ('tax', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='tax')),
                    ('adjusts', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='adjusts line')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('answer', models.CharField(blank=True, choices=[('agreed', 'Agrees'), ('differs', 'Differs')], max_length=10, verbose_name="customer's answer")),
                    ('his_quantity', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="customer's quantity")),
                    ('his_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="customer's amount")),
                    ('his_words', models.CharField(blank=True, max_length=500, verbose_name="customer's comment")),
                    ('reply', models.CharField(blank=True, max_length=500, verbose_name='our answer')),
                    ('replied_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ],
                options={
                    'verbose_name': 'line of a statement',
                    'verbose_name_plural': 'lines of statements',
                    'ordering': ['statement', 'position'],
                    'indexes': [models.Index(fields=['line', 'counts'], name='stated_of_line')],
                    'constraints': [models.UniqueConstraint(fields=('statement', 'position'), name='statement_position_once'), models.UniqueConstraint(condition=models.Q(('counts', True)), fields=('record_line',), name='record_line_stated_once', violation_error_message='This line of a pickup record stands in a statement already.'), models.UniqueConstraint(condition=models.Q(('counts', True)), fields=('delivery_line',), name='delivery_line_stated_once', violation_error_message='This line of a delivery stands in a statement already.'), models.CheckConstraint(condition=models.Q(models.Q(('delivery_line__isnull', True), ('record_line__isnull', False)), models.Q(('delivery_line__isnull', False), ('record_line__isnull', True)), models.Q(('adjusts__isnull', False), ('delivery_line__isnull', True), ('record_line__isnull', True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='stated_from_one_source')],
                },
            ), migrations.CreateModel(
                name='IssuedInvoice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('memo', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='issued', to='settlement.invoicememo', verbose_name='invoice memo')),
                    ('number', models.CharField(error_messages={'unique': 'There is an invoice with this number already.'}, max_length=40, unique=True, verbose_name='invoice number')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount with tax')),
                    ('tax', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='tax in it')),
                ],
                options={
                    'verbose_name': 'issued invoice',
                    'verbose_name_plural': 'issued invoices',
                    'ordering': ['memo', 'pk'],
                    'indexes': [models.Index(fields=['memo'], name='issued_of_memo')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('tax__gte', 0)), name='issued_over_something')],
                },
            ), migrations.CreateModel(
                name='MemoLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('memo', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='settlement.invoicememo', verbose_name='invoice memo')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product', verbose_name='product')),
                    ('specification', models.CharField(blank=True, max_length=120, verbose_name='specification')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.unit', verbose_name='unit')),
                    ('quantity', models.DecimalField(decimal_places=6, max_digits=18, verbose_name='quantity')),
                    ('tax_rate', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='tax rate in percent')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount with tax')),
                    ('tax', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='tax')),
                ],
                options={
                    'verbose_name': 'line of an invoice memo',
                    'verbose_name_plural': 'lines of invoice memos',
                    'ordering': ['memo', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('memo', 'position'), name='memo_position_once')],
                },
            )],
        ),
    ]
