import crm.clock
import crm.migrating
import crm.records.fields
import crm.records.search
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('pickup', '0001_tables'), ('pickup', '0002_records_are_searched'), ('pickup', '0003_lines_of_deliveries')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('customers', '0001_initial'),
        ('orders', '0001_initial'),
        ('records', '0001_initial'),
        ('stock', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='delivery number')),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='orders.order', verbose_name='order')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='delivered at')),
                    ('place', models.CharField(max_length=300, verbose_name='place')),
                    ('receiver', models.CharField(max_length=60, verbose_name='received by')),
                    ('vehicle', models.CharField(blank=True, max_length=20, verbose_name='vehicle')),
                    ('prepared', models.JSONField(default=list, verbose_name='prepared')),
                    ('remarks', models.CharField(blank=True, max_length=300, verbose_name='remarks')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='delivered by')),
                ],
                options={
                    'verbose_name': 'delivery',
                    'verbose_name_plural': 'deliveries',
                    'ordering': ['-pk'],
                },
            ), migrations.CreateModel(
                name='Pickup',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='pickup number')),
                    ('status', models.CharField(choices=[('planned', 'To be notified'), ('notified', 'Notified'), ('confirmed', 'Confirmed'), ('arrived', 'At the counter'), ('handed_over', 'Handed over'), ('reversed', 'Taken back'), ('missed', 'Did not come'), ('cancelled', 'Cancelled')], default='planned', max_length=12, verbose_name='state')),
                    ('code', models.CharField(max_length=12, unique=True, verbose_name='pickup code')),
                    ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='orders.order', verbose_name='order')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='customers.customer', verbose_name='customer')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('warehouse', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='stock.warehouse', verbose_name='warehouse')),
                    ('window', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='pickup.window', verbose_name='window')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('notified_at', models.DateTimeField(blank=True, null=True, verbose_name='told')),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                    ('arrived_at', models.DateTimeField(blank=True, null=True, verbose_name='arrived')),
                    ('moves', models.PositiveSmallIntegerField(default=0, verbose_name='times moved')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('made_at', models.DateTimeField(default=crm.clock.now, verbose_name='made')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'pickup',
                    'verbose_name_plural': 'pickups',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['warehouse', 'window', 'status'], name='pickups_of_window'), models.Index(fields=['order', '-id'], name='pickups_of_order'), models.Index(fields=['customer', '-id'], name='pickups_of_customer'), models.Index(fields=['status', '-id'], name='pickups_by_status')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['planned', 'notified', 'confirmed', 'arrived'])), fields=('order',), name='one_expected_pickup', violation_error_message='This order has a pickup that is still expected.')],
                },
            ), migrations.CreateModel(
                name='Authority',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('valid', 'Valid'), ('revoked', 'Revoked')], default='valid', max_length=10, verbose_name='state')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='authorities', to='customers.customer', verbose_name='customer')),
                    ('pickup', models.ForeignKey(blank=True, help_text='Empty: a standing authority for every pickup.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='authorities', to='pickup.pickup', verbose_name='pickup')),
                    ('person', models.CharField(max_length=60, verbose_name='who may collect')),
                    ('id_number', crm.records.fields.EncryptedField(companions=False, kind='id_number', verbose_name='ID number')),
                    ('phone', crm.records.fields.EncryptedField(blank=True, companions=False, kind='phone', verbose_name='phone')),
                    ('vehicle', models.CharField(blank=True, max_length=20, verbose_name='vehicle')),
                    ('goods', models.CharField(blank=True, max_length=300, verbose_name='goods')),
                    ('valid_from', models.DateField(default=crm.clock.today, verbose_name='valid from')),
                    ('valid_until', models.DateField(verbose_name='valid until')),
                    ('paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name='paper')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('id_number_index', crm.records.fields.IndexColumn('id_number')),
                    ('id_number_tail', crm.records.fields.TailColumn('id_number')),
                    ('phone_index', crm.records.fields.IndexColumn('phone')),
                    ('phone_tail', crm.records.fields.TailColumn('phone')),
                ],
                options={
                    'verbose_name': 'letter of authority',
                    'verbose_name_plural': 'letters of authority',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['customer', 'valid_until'], name='authorities_of_customer')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__gte', models.F('valid_from'))), name='authority_ends_after_it_begins', violation_error_message='The authority ends before it begins.')],
                },
            ), migrations.CreateModel(
                name='Record',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='record number')),
                    ('kind', models.CharField(choices=[('handover', 'Handover'), ('reversal', 'Handover taken back')], default='handover', max_length=10, verbose_name='kind')),
                    ('pickup', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='pickup.pickup', verbose_name='pickup')),
                    ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='pickup.record', verbose_name='takes back')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                    ('collector', models.CharField(max_length=60, verbose_name='collected by')),
                    ('authority', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pickup.authority', verbose_name='letter of authority')),
                    ('identity', models.CharField(choices=[('id_compared', 'ID number compared'), ('id_seen', 'Identity card seen'), ('known', 'Known in person')], max_length=12, verbose_name='identity')),
                    ('vehicle', models.CharField(blank=True, max_length=20, verbose_name='vehicle')),
                    ('override', models.CharField(blank=True, max_length=300, verbose_name='overridden because')),
                    ('overridden', models.JSONField(default=list, verbose_name='what was overridden')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('objection', models.TextField(blank=True, max_length=2000, verbose_name='objection')),
                    ('customer_signature', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name="customer's signature")),
                    ('clerk_signature', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name="clerk's signature")),
                ],
                options={
                    'verbose_name': 'pickup record',
                    'verbose_name_plural': 'pickup records',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['at', 'id'], name='pickup_records_by_time'), models.Index(condition=models.Q(('override', ''), _negated=True), fields=['at', 'id'], name='pickup_records_overridden'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_record')],
                },
            ), migrations.CreateModel(
                name='RecordLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('record', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='pickup.record', verbose_name='pickup record')),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.line', verbose_name='line')),
                    ('due', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity due')),
                    ('quantity', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity handed over')),
                    ('difference', models.CharField(blank=True, max_length=300, verbose_name='difference')),
                ],
                options={
                    'verbose_name': 'line of a pickup record',
                    'verbose_name_plural': 'lines of pickup records',
                    'constraints': [models.UniqueConstraint(fields=('record', 'line'), name='record_line_once')],
                },
            ), migrations.CreateModel(
                name='Scan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('clerk', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                    ('typed', models.CharField(max_length=40, verbose_name='what was typed')),
                    ('pickup', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='pickup.pickup', verbose_name='pickup')),
                    ('colour', models.CharField(max_length=6, verbose_name='verdict')),
                    ('code', models.CharField(blank=True, max_length=30, verbose_name='reason')),
                ],
                options={
                    'verbose_name': 'scan',
                    'verbose_name_plural': 'scans',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['clerk', '-id'], name='scans_of_clerk'), models.Index(fields=['at'], name='scans_by_time')],
                },
            ), migrations.CreateModel(
                name='Window',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('warehouse', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='stock.warehouse', verbose_name='warehouse')),
                    ('starts_at', models.DateTimeField(verbose_name='from')),
                    ('ends_at', models.DateTimeField(verbose_name='until')),
                    ('capacity', models.PositiveSmallIntegerField(verbose_name='pickups at most')),
                    ('taken', models.PositiveSmallIntegerField(default=0, verbose_name='taken')),
                ],
                options={
                    'verbose_name': 'pickup window',
                    'verbose_name_plural': 'pickup windows',
                    'ordering': ['starts_at'],
                    'constraints': [models.UniqueConstraint(fields=('warehouse', 'starts_at'), name='window_once'), models.CheckConstraint(condition=models.Q(('taken__lte', models.F('capacity'))), name='window_has_room', violation_error_message='This window is full.')],
                },
            ), migrations.CreateModel(
                name='WindowPattern',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('warehouse', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='patterns', to='stock.warehouse', verbose_name='warehouse')),
                    ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                    ('start', models.TimeField(verbose_name='from')),
                    ('end', models.TimeField(verbose_name='until')),
                    ('capacity', models.PositiveSmallIntegerField(default=4, verbose_name='pickups at most')),
                ],
                options={
                    'verbose_name': 'pickup times',
                    'verbose_name_plural': 'pickup times',
                    'ordering': ['warehouse', 'weekday', 'start'],
                    'constraints': [models.UniqueConstraint(fields=('warehouse', 'weekday', 'start'), name='pattern_once'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='pattern_ends_after_it_begins', violation_error_message='The end must be after the beginning.')],
                },
            ), migrations.CreateModel(
                name='DeliveryLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('delivery', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='pickup.delivery', verbose_name='delivery')),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.line', verbose_name='line')),
                    ('quantity', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity handed over')),
                ],
                options={
                    'verbose_name': 'line of a delivery',
                    'verbose_name_plural': 'lines of deliveries',
                    'constraints': [models.UniqueConstraint(fields=('delivery', 'line'), name='delivery_line_once')],
                },
            )],
        ),
    ]
