import crm.clock
import crm.migrating
import crm.records.search
import django.contrib.postgres.indexes
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('quotations', '0001_tables')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('catalog', '0001_initial'),
        ('customers', '0001_initial'),
        ('inquiries', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Quotation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='quotation number')),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Waits for an answer'), ('wishes', 'Changes wished'), ('accepted', 'Accepted in writing'), ('declined', 'Declined'), ('expired', 'Expired'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10, verbose_name='state')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='quotations', to='customers.customer', verbose_name='customer')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('inquiry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quotations', to='inquiries.inquiry', verbose_name='inquiry')),
                    ('sample', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quotations', to='quotations.sample', verbose_name='sample')),
                    ('project', models.CharField(blank=True, max_length=120, verbose_name='project')),
                    ('latest', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                    ('valid_until', models.DateField(verbose_name='valid until')),
                    ('total', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='total with tax')),
                    ('tax', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='tax in it')),
                    ('low_price', models.BooleanField(default=False, verbose_name='a price is below the lowest')),
                    ('made_at', models.DateTimeField(default=crm.clock.now, verbose_name='made')),
                    ('offered_at', models.DateTimeField(blank=True, null=True, verbose_name='first sent')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                    ('order', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quotation', to='orders.order', verbose_name='order')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was withdrawn')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'quotation',
                    'verbose_name_plural': 'quotations',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='quotations_by_status'), models.Index(fields=['owner', '-id'], name='quotations_of_owner'), models.Index(fields=['department', '-id'], name='quotations_of_department'), models.Index(fields=['customer', '-id'], name='quotations_of_customer'), models.Index(fields=['valid_until', 'id'], name='quotations_by_validity'), models.Index(fields=['total', 'id'], name='quotations_by_total'), models.Index(condition=models.Q(('offered_at__isnull', False)), fields=['offered_at'], name='quotations_by_sending'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_quotation')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('tax__gte', 0), ('total__gte', 0)), name='quotation_total_is_not_negative')],
                },
            ), migrations.CreateModel(
                name='QuotationVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('quotation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='quotations.quotation', verbose_name='quotation')),
                    ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                    ('outcome', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Waits for an answer'), ('wishes', 'Changes wished'), ('accepted', 'Accepted in writing'), ('declined', 'Declined'), ('expired', 'Expired'), ('withdrawn', 'Withdrawn'), ('superseded', 'Superseded')], default='draft', max_length=10, verbose_name='state')),
                    ('valid_until', models.DateField(verbose_name='valid until')),
                    ('payment_terms', models.CharField(choices=[('prepay', 'Payment before pickup'), ('cash', 'Cash on pickup'), ('credit', 'On account')], max_length=10, verbose_name='payment terms')),
                    ('payment_days', models.PositiveSmallIntegerField(default=0, verbose_name='days to pay')),
                    ('payment', models.CharField(blank=True, max_length=300, verbose_name='payment in words')),
                    ('delivery', models.CharField(blank=True, max_length=300, verbose_name='delivery time')),
                    ('remarks', models.TextField(blank=True, max_length=2000, verbose_name='remarks')),
                    ('total', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='total with tax')),
                    ('tax', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='tax in it')),
                    ('low_price', models.BooleanField(default=False, verbose_name='a price is below the lowest')),
                    ('price_reason', models.CharField(blank=True, max_length=300, verbose_name='why the low price was allowed')),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                    ('made_at', models.DateTimeField(default=crm.clock.now, verbose_name='made')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                    ('sent_to', models.CharField(blank=True, max_length=120, verbose_name='sent to')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                    ('answered_how', models.CharField(blank=True, choices=[('link', 'By his link'), ('paper', 'On paper'), ('told', 'Verbally')], max_length=10, verbose_name='how he answered')),
                    ('signed_by', models.CharField(blank=True, max_length=60, verbose_name='signed by')),
                    ('signed_on', models.DateField(blank=True, null=True, verbose_name='signed on')),
                    ('answer', models.TextField(blank=True, max_length=2000, verbose_name="customer's comment")),
                ],
                options={
                    'verbose_name': 'version of a quotation',
                    'verbose_name_plural': 'versions of quotations',
                    'ordering': ['quotation', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('quotation', 'number'), name='quotation_version_once')],
                },
            ), migrations.CreateModel(
                name='QuotationLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('quoted', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='quotations.quotationversion', verbose_name='version')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product', verbose_name='product')),
                    ('specification', models.CharField(blank=True, max_length=120, verbose_name='specification')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.unit', verbose_name='unit')),
                    ('quantity', models.DecimalField(decimal_places=3, max_digits=12, verbose_name='quantity')),
                    ('factor', models.DecimalField(decimal_places=3, max_digits=12, verbose_name='base units in one')),
                    ('price', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='unit price with tax')),
                    ('list_price', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='list price with tax')),
                    ('lowest', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='lowest price with tax')),
                    ('tax_rate', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='tax rate in percent')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount with tax')),
                    ('tax', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='tax')),
                ],
                options={
                    'verbose_name': 'line of a quotation',
                    'verbose_name_plural': 'lines of quotations',
                    'ordering': ['quoted', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('quoted', 'position'), name='quotation_line_position_once'), models.CheckConstraint(condition=models.Q(('factor__gt', 0), ('price__gte', 0), ('quantity__gt', 0)), name='quotation_line_offers_something', violation_error_message='A line needs a quantity above zero and a price that is not negative.')],
                },
            ), migrations.CreateModel(
                name='Sample',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='sample number')),
                    ('status', models.CharField(choices=[('requested', 'Requested'), ('making', 'Being made'), ('made', 'Sample made'), ('sent', 'On its way'), ('received', 'Received by the customer'), ('approved', 'Approved in writing'), ('declined', 'To be changed'), ('cancelled', 'Cancelled')], default='requested', max_length=10, verbose_name='state')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='customers.customer', verbose_name='customer')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='sample recipient')),
                    ('inquiry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='inquiries.inquiry', verbose_name='inquiry')),
                    ('place', models.CharField(blank=True, max_length=300, verbose_name='address that it goes to')),
                    ('expects', models.TextField(blank=True, max_length=2000, verbose_name='what the customer expects')),
                    ('wanted_on', models.DateField(verbose_name='wanted by')),
                    ('expected_on', models.DateField(blank=True, null=True, verbose_name='expected completion')),
                    ('round', models.PositiveSmallIntegerField(default=1, verbose_name='round')),
                    ('progress', models.TextField(blank=True, max_length=2000, verbose_name='last update to the customer')),
                    ('told_at', models.DateTimeField(default=crm.clock.now, verbose_name='customer last told')),
                    ('order', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sample', to='orders.order', verbose_name='order')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was cancelled')),
                    ('requested_at', models.DateTimeField(default=crm.clock.now, verbose_name='requested at')),
                    ('requested_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
                    ('maker', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who makes it')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'sample',
                    'verbose_name_plural': 'samples',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='samples_by_status'), models.Index(fields=['owner', '-id'], name='samples_of_owner'), models.Index(fields=['maker', '-id'], name='samples_of_maker'), models.Index(fields=['department', '-id'], name='samples_of_department'), models.Index(fields=['customer', '-id'], name='samples_of_customer'), models.Index(fields=['wanted_on', 'id'], name='samples_by_wanted'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_sample')],
                },
            ), migrations.CreateModel(
                name='SampleLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sample', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='quotations.sample', verbose_name='sample')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product', verbose_name='product')),
                    ('what', models.CharField(blank=True, max_length=120, verbose_name='goods in words')),
                    ('specification', models.CharField(blank=True, max_length=300, verbose_name='specification')),
                    ('quantity', models.DecimalField(decimal_places=3, max_digits=12, verbose_name='quantity')),
                    ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'goods of a sample',
                    'verbose_name_plural': 'goods of samples',
                    'ordering': ['sample', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('sample', 'position'), name='sample_line_position_once'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0), models.Q(('product__isnull', False), models.Q(('what', ''), _negated=True), _connector='OR')), name='sample_line_names_some_goods', violation_error_message='A line of a sample names goods, and a quantity above zero.')],
                },
            ), migrations.CreateModel(
                name='SampleRound',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sample', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rounds', to='quotations.sample', verbose_name='sample')),
                    ('number', models.PositiveSmallIntegerField(verbose_name='round')),
                    ('batch', models.CharField(max_length=60, verbose_name='batch')),
                    ('specification', models.TextField(max_length=2000, verbose_name='what exactly was made')),
                    ('goods', models.JSONField(blank=True, default=list, verbose_name='goods')),
                    ('made_at', models.DateTimeField(default=crm.clock.now, verbose_name='made')),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                    ('carrier', models.CharField(blank=True, max_length=60, verbose_name='carrier')),
                    ('tracking', models.CharField(blank=True, max_length=60, verbose_name='tracking number')),
                    ('sent_on', models.DateField(blank=True, null=True, verbose_name='sent on')),
                    ('sent_to', models.CharField(blank=True, max_length=120, verbose_name='sent to')),
                    ('received_on', models.DateField(blank=True, null=True, verbose_name='arrived on')),
                    ('outcome', models.CharField(choices=[('open', 'No answer yet'), ('approved', 'Approved in writing'), ('declined', 'To be changed')], default='open', max_length=10, verbose_name="customer's verdict")),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                    ('answered_how', models.CharField(blank=True, choices=[('link', 'By his link'), ('paper', 'On paper'), ('told', 'Verbally')], max_length=10, verbose_name='how he answered')),
                    ('signed_by', models.CharField(blank=True, max_length=60, verbose_name='signed by')),
                    ('signed_on', models.DateField(blank=True, null=True, verbose_name='signed on')),
                    ('changes', models.TextField(blank=True, max_length=2000, verbose_name='what is to be changed')),
                ],
                options={
                    'verbose_name': 'round of a sample',
                    'verbose_name_plural': 'rounds of samples',
                    'ordering': ['sample', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('sample', 'number'), name='sample_round_once')],
                },
            )],
        ),
    ]
