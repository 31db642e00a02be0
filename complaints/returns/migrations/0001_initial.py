import crm.clock
import crm.migrating
import crm.records.search
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('complaints', '0001_initial'),
        ('orders', '0003_taken_off'),
        ('pickup', '0002_returns'),
        ('records', '0001_initial'),
        ('stock', '0002_comeback'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='ReturnNotice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='return number')),
                    ('status', models.CharField(choices=[('draft', 'To be signed'), ('expected', 'Goods to come'), ('done', 'Finished'), ('cancelled', 'Cancelled')], default='draft', max_length=10, verbose_name='state')),
                    ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returnnotices', to='orders.order', verbose_name='order')),
                    ('record', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='returnnotices', to='pickup.record', verbose_name='pickup record')),
                    ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='returnnotices', to='pickup.delivery', verbose_name='delivery')),
                    ('warehouse', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.warehouse', verbose_name='comes back to')),
                    ('why', models.CharField(blank=True, max_length=500, verbose_name='why they come back')),
                    ('drafted_at', models.DateTimeField(default=crm.clock.now, verbose_name='drafted')),
                    ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                    ('written_at', models.DateTimeField(blank=True, null=True, verbose_name='notice written')),
                    ('mend', models.CharField(blank=True, max_length=500, verbose_name='what to correct')),
                    ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
                    ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='time of signing')),
                    ('phoned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ordered by telephone by')),
                    ('phoned_at', models.DateTimeField(blank=True, null=True, verbose_name='ordered by telephone')),
                    ('phoned_to', models.CharField(blank=True, max_length=60, verbose_name='who took the call')),
                    ('urgent', models.CharField(blank=True, max_length=300, verbose_name='why it is urgent')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it ended so')),
                ],
                options={
                    'verbose_name': 'return notice',
                    'verbose_name_plural': 'return notices',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'indexes': [models.Index(fields=['complaint', '-id'], name='returns_of_complaint'), models.Index(fields=['status', '-id'], name='returns_by_status'), models.Index(fields=['warehouse', 'status'], name='returns_of_warehouse'), models.Index(condition=models.Q(('phoned_at__isnull', False), ('signed_at', None)), fields=['-id'], name='returns_unsigned'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_returnnotice')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('delivery__isnull', True), ('record__isnull', False)), models.Q(('delivery__isnull', False), ('record__isnull', True)), _connector='OR'), name='return_of_one_paper'), models.CheckConstraint(condition=models.Q(('signed_by__isnull', True), models.Q(('signed_by', models.F('written_by')), _negated=True), _connector='OR'), name='return_signed_by_another', violation_error_message='Who wrote the notice does not sign it.')],
                },
            ), migrations.CreateModel(
                name='NoticeLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('notice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='returns.returnnotice', verbose_name='return notice')),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.line', verbose_name='line')),
                    ('batch', models.CharField(blank=True, max_length=40, verbose_name='batch')),
                    ('quantity', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity to come back')),
                    ('good', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=14, verbose_name='came back in good order')),
                    ('defective', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=14, verbose_name='came back defective')),
                ],
                options={
                    'verbose_name': 'line of a return notice',
                    'verbose_name_plural': 'lines of return notices',
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('notice', 'line', 'batch'), name='returned_line_once'), models.CheckConstraint(condition=models.Q(('defective__gte', 0), ('good__gte', 0), ('quantity__gt', 0), ('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('good'), '+', models.F('defective')))), name='no_more_returned_than_asked', violation_error_message='More would come back than the notice says.')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='ReturnReceipt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='receipt number')),
                    ('notice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='returns.returnnotice', verbose_name='return notice')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                    ('brought_by', models.CharField(max_length=60, verbose_name='brought by')),
                    ('vehicle', models.CharField(blank=True, max_length=20, verbose_name='vehicle')),
                    ('remarks', models.CharField(blank=True, max_length=300, verbose_name='remarks')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='taken off what is due')),
                    ('record', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='pickup.record', verbose_name='pickup record')),
                    ('delivery', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='pickup.delivery', verbose_name='delivery')),
                    ('customer_signature', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name="customer's signature")),
                    ('clerk_signature', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name="clerk's signature")),
                    ('paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name='signed receipt')),
                ],
                options={
                    'verbose_name': 'return receipt',
                    'verbose_name_plural': 'return receipts',
                    'ordering': ['pk'],
                    'indexes': [models.Index(fields=['notice', 'id'], name='receipts_of_return')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('delivery__isnull', True), ('record__isnull', False)), models.Q(('delivery__isnull', False), ('record__isnull', True)), _connector='OR'), name='receipt_of_one_paper')],
                },
            ), migrations.CreateModel(
                name='ReceiptLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('receipt', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='returns.returnreceipt', verbose_name='return receipt')),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='received', to='returns.noticeline', verbose_name='line of a return notice')),
                    ('good', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='in good order')),
                    ('defective', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='defective')),
                ],
                options={
                    'verbose_name': 'line of a return receipt',
                    'verbose_name_plural': 'lines of return receipts',
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('receipt', 'line'), name='receipt_line_once'), models.CheckConstraint(condition=models.Q(('defective__gte', 0), ('good__gte', 0), models.Q(('defective', 0), ('good', 0), _negated=True)), name='receipt_line_says_something')],
                    'indexes': [],
                },
            )],
        ),
    ]
