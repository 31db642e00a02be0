import crm.clock
import crm.migrating
import crm.records.search
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('advances', '0001_tables')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('customers', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Advance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='advance number')),
                    ('status', models.CharField(choices=[('applied', 'Applied for'), ('granted', 'Goods may leave'), ('expired', 'Expired'), ('revoked', 'Revoked'), ('settled', 'Paid'), ('broken', 'Promise broken'), ('withdrawn', 'Withdrawn')], default='applied', max_length=10, verbose_name='state')),
                    ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='advances', to='orders.order', verbose_name='order')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='advances', to='customers.customer', verbose_name='customer')),
                    ('route', models.CharField(choices=[('usual', 'Department manager, then finance'), ('general', 'General manager')], default='usual', max_length=10, verbose_name='who decides')),
                    ('ceiling', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='most that may leave unpaid')),
                    ('expires_on', models.DateField(verbose_name='goods may leave until')),
                    ('promised_on', models.DateField(verbose_name='promised payment date')),
                    ('situation', models.TextField(max_length=2000, verbose_name="the customer's situation")),
                    ('why', models.TextField(max_length=2000, verbose_name='why goods must leave before the money')),
                    ('order_total', models.DecimalField(decimal_places=2, max_digits=14, verbose_name="order's total with tax")),
                    ('paid_then', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='paid so far')),
                    ('left_then', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='goods shipped so far')),
                    ('applied_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='applied by')),
                    ('applied_at', models.DateTimeField(default=crm.clock.now, verbose_name='applied for at')),
                    ('granted_at', models.DateTimeField(blank=True, null=True, verbose_name='granted at')),
                    ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='first shipped at')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                    ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='paid at')),
                    ('broken_at', models.DateTimeField(blank=True, null=True, verbose_name='promise broken at')),
                    ('broken_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='missing when it was broken')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was withdrawn or revoked')),
                    ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='block lifted by')),
                    ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='block lifted at')),
                    ('lift_reason', models.CharField(blank=True, max_length=300, verbose_name='why the block was lifted')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'advance',
                    'verbose_name_plural': 'advances',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='advances_by_status'), models.Index(fields=['order', '-id'], name='advances_of_order'), models.Index(fields=['customer', '-id'], name='advances_of_customer'), models.Index(condition=models.Q(('status', 'granted')), fields=['expires_on'], name='advances_to_expire'), models.Index(fields=['promised_on', 'id'], name='advances_by_promise'), models.Index(fields=['granted_at'], name='advances_by_grant'), models.Index(condition=models.Q(('broken_at__isnull', False)), fields=['broken_at'], name='advances_broken'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_advance')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['applied', 'granted'])), fields=('order',), name='one_live_advance_per_order', violation_error_message='There is an advance for this order already.'), models.CheckConstraint(condition=models.Q(('ceiling__gt', 0)), name='advance_is_worth_something', violation_error_message='An advance is more than nothing.')],
                },
            ), migrations.CreateModel(
                name='AdvanceUse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('advance', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='advances.advance', verbose_name='advance')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='shipped beyond payment')),
                    ('paper_type', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ('paper_pk', models.BigIntegerField()),
                    ('reference', models.CharField(max_length=30, verbose_name='record number')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                ],
                options={
                    'verbose_name': 'use of an advance',
                    'verbose_name_plural': 'uses of advances',
                    'ordering': ['pk'],
                    'indexes': [models.Index(fields=['advance', 'id'], name='uses_of_advance')],
                },
            )],
        ),
    ]
