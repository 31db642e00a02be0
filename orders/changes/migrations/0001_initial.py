import crm.clock
import crm.migrating
import crm.records.search
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('changes', '0001_tables'), ('changes', '0002_labels')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('catalog', '0001_initial'),
        ('customers', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='CustomerRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                    ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.order', verbose_name='order')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('open', 'To be answered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('ended', 'Ended with its order')], default='open', max_length=10, verbose_name='state')),
                    ('text', models.TextField(max_length=2000, verbose_name='what he asks for')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='who asked')),
                    ('channel', models.CharField(choices=[('phone', 'Phone'), ('mail', 'Mail'), ('sms', 'SMS'), ('wechat', 'WeChat'), ('visit', 'Visit'), ('meeting', 'Meeting'), ('link', 'By a link')], default='phone', max_length=10, verbose_name='channel')),
                    ('noted_at', models.DateTimeField(default=crm.clock.now, verbose_name='noted')),
                    ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who answers')),
                    ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer and reason')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                    ('told_how', models.CharField(blank=True, choices=[('phone', 'Phone'), ('mail', 'Mail'), ('sms', 'SMS'), ('wechat', 'WeChat'), ('visit', 'Visit'), ('meeting', 'Meeting'), ('link', 'By a link')], max_length=10, verbose_name='how he was told')),
                ],
                options={
                    'verbose_name': "customer's request",
                    'verbose_name_plural': "customers' requests",
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='customer_requests_by_status'), models.Index(fields=['order', '-id'], name='customer_requests_of_order'), models.Index(fields=['owner', '-id'], name='customer_requests_of_owner'), models.Index(fields=['noted_at', 'id'], name='customer_requests_by_time'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_customerrequest')],
                },
            ), migrations.CreateModel(
                name='Change',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                    ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.order', verbose_name='order')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('drafted', 'Drafted'), ('asked', 'Waits for an answer'), ('confirmed', 'Confirmed by the customer'), ('declined', 'Declined by the customer'), ('applied', 'Applied'), ('withdrawn', 'Withdrawn')], default='drafted', max_length=10, verbose_name='state')),
                    ('kind', models.CharField(choices=[('goods', 'Goods and quantities'), ('spec', 'Specification'), ('date', 'Date'), ('cancel', 'Cancelling')], max_length=10, verbose_name='what changes')),
                    ('wish', models.CharField(choices=[('customer', 'The customer'), ('ours', 'Us'), ('authority', 'An authority')], default='customer', max_length=10, verbose_name='initiated by')),
                    ('why', models.CharField(max_length=500, verbose_name='why')),
                    ('wanted_before', models.DateField(verbose_name='wanted on, before')),
                    ('wanted_on', models.DateField(blank=True, null=True, verbose_name='wanted on')),
                    ('total_before', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='total before')),
                    ('total', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='total with tax')),
                    ('shift_plan', models.BooleanField(default=False, verbose_name='move the plan along')),
                    ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='changes.customerrequest', verbose_name="customer's request")),
                    ('drafted_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drafted by')),
                    ('drafted_at', models.DateTimeField(default=crm.clock.now, verbose_name='drafted at')),
                    ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='sent to the customer')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                    ('confirmed_how', models.CharField(blank=True, choices=[('link', 'By his link'), ('paper', 'By a signed paper')], max_length=10, verbose_name='how he confirmed')),
                    ('answer', models.CharField(blank=True, max_length=1000, verbose_name='what the customer said')),
                    ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='applied at')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was withdrawn')),
                    ('departments', models.ManyToManyField(blank=True, related_name='+', to='accounts.department', verbose_name='departments concerned')),
                ],
                options={
                    'verbose_name': 'order change',
                    'verbose_name_plural': 'order changes',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='changes_by_status'), models.Index(fields=['order', '-id'], name='changes_of_order'), models.Index(fields=['drafted_by', '-id'], name='changes_of_drafter'), models.Index(fields=['drafted_at', 'id'], name='changes_by_time'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_change')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['drafted', 'asked', 'confirmed', 'declined'])), fields=('order',), name='one_open_change_per_order', violation_error_message='A change of this order is under way already.')],
                },
            ), migrations.CreateModel(
                name='Extension',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                    ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.order', verbose_name='order')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('planning', 'With production planning'), ('kept', 'The date is kept'), ('stays', 'The delay stays'), ('asked', 'Waits for an answer'), ('countered', 'The customer proposes another date'), ('declined', 'Declined by the customer'), ('agreed', 'Agreed'), ('withdrawn', 'Withdrawn')], default='planning', max_length=10, verbose_name='state')),
                    ('cause', models.CharField(choices=[('production', 'Production'), ('force', 'Force majeure'), ('regulation', 'Regulation'), ('other', 'Something else')], max_length=10, verbose_name='cause')),
                    ('what', models.CharField(max_length=500, verbose_name='what has happened')),
                    ('wanted_before', models.DateField(verbose_name='wanted on, before')),
                    ('reported_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reported by')),
                    ('reported_at', models.DateTimeField(default=crm.clock.now, verbose_name='reported')),
                    ('planner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='production planning')),
                    ('planning', models.CharField(blank=True, max_length=1000, verbose_name='what planning says')),
                    ('remedy', models.CharField(blank=True, max_length=1000, verbose_name='remedy')),
                    ('possible_on', models.DateField(blank=True, null=True, verbose_name='possible on')),
                    ('planned_at', models.DateTimeField(blank=True, null=True, verbose_name='answered by planning')),
                    ('new_on', models.DateField(blank=True, null=True, verbose_name='new date')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='sent to the customer')),
                    ('answer', models.CharField(blank=True, max_length=1000, verbose_name='what the customer said')),
                    ('proposed_on', models.DateField(blank=True, null=True, verbose_name='date that he proposes')),
                    ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                    ('agreed_how', models.CharField(blank=True, choices=[('link', 'By his link'), ('paper', 'By a signed paper')], max_length=10, verbose_name='how he agreed')),
                    ('shift_plan', models.BooleanField(default=True, verbose_name='move the plan along')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was withdrawn')),
                    ('departments', models.ManyToManyField(blank=True, related_name='+', to='accounts.department', verbose_name='departments concerned')),
                ],
                options={
                    'verbose_name': 'extension request',
                    'verbose_name_plural': 'extension requests',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='extensions_by_status'), models.Index(fields=['order', '-id'], name='extensions_of_order'), models.Index(fields=['reported_by', '-id'], name='extensions_of_reporter'), models.Index(fields=['reported_at', 'id'], name='extensions_by_time'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_extension')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['planning', 'stays', 'asked', 'countered', 'declined'])), fields=('order',), name='one_open_extension_per_order', violation_error_message='A delay of this order is being dealt with already.')],
                },
            ), migrations.CreateModel(
                name='Acknowledgement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.order', verbose_name='order')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('waiting', 'To be acknowledged'), ('acknowledged', 'Acknowledged')], default='waiting', max_length=12, verbose_name='state')),
                    ('change', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='changes.change', verbose_name='order change')),
                    ('extension', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='changes.extension', verbose_name='extension request')),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('told_at', models.DateTimeField(default=crm.clock.now, verbose_name='told')),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='acknowledged by')),
                    ('at', models.DateTimeField(blank=True, null=True, verbose_name='acknowledged at')),
                    ('remarks', models.CharField(blank=True, max_length=300, verbose_name='remarks')),
                ],
                options={
                    'verbose_name': 'acknowledgement',
                    'verbose_name_plural': 'acknowledgements',
                    'ordering': ['pk'],
                    'abstract': False,
                    'constraints': [models.UniqueConstraint(fields=('change', 'department'), name='change_acknowledged_once'), models.UniqueConstraint(fields=('extension', 'department'), name='extension_acknowledged_once'), models.CheckConstraint(condition=models.Q(models.Q(('change__isnull', False), ('extension__isnull', True)), models.Q(('change__isnull', True), ('extension__isnull', False)), _connector='OR'), name='acknowledgement_of_one_paper')],
                },
            ), migrations.CreateModel(
                name='ChangeLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('change', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='changes.change', verbose_name='order change')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product', verbose_name='product')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.unit', verbose_name='unit')),
                    ('factor', models.DecimalField(decimal_places=3, max_digits=12, verbose_name='base units in one')),
                    ('tax_rate', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='tax rate in percent')),
                    ('specification_before', models.CharField(blank=True, max_length=120, verbose_name='specification before')),
                    ('specification', models.CharField(blank=True, max_length=120, verbose_name='specification')),
                    ('quantity_before', models.DecimalField(decimal_places=3, max_digits=12, null=True, verbose_name='quantity before')),
                    ('quantity', models.DecimalField(decimal_places=3, max_digits=12, verbose_name='quantity')),
                    ('price_before', models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name='unit price before')),
                    ('price', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='unit price with tax')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount with tax')),
                    ('tax', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='tax')),
                ],
                options={
                    'verbose_name': 'line of an order change',
                    'verbose_name_plural': 'lines of order changes',
                    'ordering': ['change', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('change', 'position'), name='change_line_position_once'), models.CheckConstraint(condition=models.Q(('price__gte', 0), ('quantity__gte', 0)), name='change_line_is_not_negative', violation_error_message='Quantity and price of a line are not negative.')],
                },
            )],
        ),
    ]
