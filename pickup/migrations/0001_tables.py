"""Every table as it is by now, for a new database; one that has some of what this replaces goes on from there."""

import crm.clock
import crm.records.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):


    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('customers', '0001_tables'),
        ('orders', '0001_tables'),
        ('records', '0001_tables'),
        ('stock', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='delivery number')),
                ('at', models.DateTimeField(default=crm.clock.now, verbose_name='delivered at')),
                ('place', models.CharField(max_length=300, verbose_name='place')),
                ('receiver', models.CharField(max_length=60, verbose_name='received by')),
                ('vehicle', models.CharField(blank=True, max_length=20, verbose_name='vehicle')),
                ('prepared', models.JSONField(default=list, verbose_name='prepared')),
                ('remarks', models.CharField(blank=True, max_length=300, verbose_name='remarks')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='delivered by')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='orders.order', verbose_name='order')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Pickup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='pickup number')),
                ('status', models.CharField(choices=[('planned', 'To be told'), ('notified', 'Told'), ('confirmed', 'Confirmed'), ('arrived', 'At the counter'), ('handed_over', 'Handed over'), ('reversed', 'Taken back'), ('missed', 'Did not come'), ('cancelled', 'Cancelled')], default='planned', max_length=12, verbose_name='state')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='pickup code')),
                ('notified_at', models.DateTimeField(blank=True, null=True, verbose_name='told')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('arrived_at', models.DateTimeField(blank=True, null=True, verbose_name='arrived')),
                ('moves', models.PositiveSmallIntegerField(default=0, verbose_name='times moved')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('made_at', models.DateTimeField(default=crm.clock.now, verbose_name='made')),
                ('version', models.PositiveIntegerField(default=0)),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='customers.customer', verbose_name='customer')),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='orders.order', verbose_name='order')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('warehouse', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='stock.warehouse', verbose_name='warehouse')),
            ],
            options={
                'verbose_name': 'pickup',
                'verbose_name_plural': 'pickups',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Authority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('valid', 'Valid'), ('revoked', 'Revoked')], default='valid', max_length=10, verbose_name='state')),
                ('person', models.CharField(max_length=60, verbose_name='who may collect')),
                ('id_number', crm.records.fields.EncryptedField(companions=False, kind='id_number', verbose_name='ID number')),
                ('phone', crm.records.fields.EncryptedField(blank=True, companions=False, kind='phone', verbose_name='phone')),
                ('vehicle', models.CharField(blank=True, max_length=20, verbose_name='vehicle')),
                ('goods', models.CharField(blank=True, max_length=300, verbose_name='goods')),
                ('valid_from', models.DateField(default=crm.clock.today, verbose_name='valid from')),
                ('valid_until', models.DateField(verbose_name='valid until')),
                ('version', models.PositiveIntegerField(default=0)),
                ('id_number_index', crm.records.fields.IndexColumn('id_number')),
                ('id_number_tail', crm.records.fields.TailColumn('id_number')),
                ('phone_index', crm.records.fields.IndexColumn('phone')),
                ('phone_tail', crm.records.fields.TailColumn('phone')),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='authorities', to='customers.customer', verbose_name='customer')),
                ('paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name='paper')),
                ('pickup', models.ForeignKey(blank=True, help_text='Empty: a standing authority for every pickup.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='authorities', to='pickup.pickup', verbose_name='pickup')),
            ],
            options={
                'verbose_name': 'letter of authority',
                'verbose_name_plural': 'letters of authority',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['customer', 'valid_until'], name='authorities_of_customer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__gte', models.F('valid_from'))), name='authority_ends_after_it_begins', violation_error_message='The authority ends before it begins.')],
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='record number')),
                ('kind', models.CharField(choices=[('handover', 'Handover'), ('reversal', 'Handover taken back')], default='handover', max_length=10, verbose_name='kind')),
                ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                ('collector', models.CharField(max_length=60, verbose_name='collected by')),
                ('identity', models.CharField(choices=[('id_compared', 'ID number compared'), ('id_seen', 'Identity card seen'), ('known', 'Known in person')], max_length=12, verbose_name='identity')),
                ('vehicle', models.CharField(blank=True, max_length=20, verbose_name='vehicle')),
                ('override', models.CharField(blank=True, max_length=300, verbose_name='overridden because')),
                ('overridden', models.JSONField(default=list, verbose_name='what was overridden')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('objection', models.TextField(blank=True, max_length=2000, verbose_name='objection')),
                ('authority', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pickup.authority', verbose_name='letter of authority')),
                ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                ('clerk_signature', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name="clerk's signature")),
                ('customer_signature', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name="customer's signature")),
                ('pickup', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='pickup.pickup', verbose_name='pickup')),
                ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='pickup.record', verbose_name='takes back')),
            ],
            options={
                'verbose_name': 'pickup record',
                'verbose_name_plural': 'pickup records',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['at', 'id'], name='pickup_records_by_time'), models.Index(condition=models.Q(('override', ''), _negated=True), fields=['at', 'id'], name='pickup_records_overridden')],
            },
        ),
        migrations.CreateModel(
            name='RecordLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity due')),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity handed over')),
                ('difference', models.CharField(blank=True, max_length=300, verbose_name='difference')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.line', verbose_name='line')),
                ('record', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='pickup.record', verbose_name='pickup record')),
            ],
            options={
                'verbose_name': 'line of a pickup record',
                'verbose_name_plural': 'lines of pickup records',
                'constraints': [models.UniqueConstraint(fields=('record', 'line'), name='record_line_once')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                ('typed', models.CharField(max_length=40, verbose_name='what was typed')),
                ('colour', models.CharField(max_length=6, verbose_name='verdict')),
                ('code', models.CharField(blank=True, max_length=30, verbose_name='reason')),
                ('clerk', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                ('pickup', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='pickup.pickup', verbose_name='pickup')),
            ],
            options={
                'verbose_name': 'scan',
                'verbose_name_plural': 'scans',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['clerk', '-id'], name='scans_of_clerk'), models.Index(fields=['at'], name='scans_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(verbose_name='until')),
                ('capacity', models.PositiveSmallIntegerField(verbose_name='pickups at most')),
                ('taken', models.PositiveSmallIntegerField(default=0, verbose_name='taken')),
                ('warehouse', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='stock.warehouse', verbose_name='warehouse')),
            ],
            options={
                'verbose_name': 'pickup window',
                'verbose_name_plural': 'pickup windows',
                'ordering': ['starts_at'],
                'constraints': [models.UniqueConstraint(fields=('warehouse', 'starts_at'), name='window_once'), models.CheckConstraint(condition=models.Q(('taken__lte', models.F('capacity'))), name='window_has_room', violation_error_message='This window is full.')],
            },
        ),
        migrations.AddField(
            model_name='pickup',
            name='window',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='pickup.window', verbose_name='window'),
        ),
        migrations.CreateModel(
            name='WindowPattern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('start', models.TimeField(verbose_name='from')),
                ('end', models.TimeField(verbose_name='until')),
                ('capacity', models.PositiveSmallIntegerField(default=4, verbose_name='pickups at most')),
                ('warehouse', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='patterns', to='stock.warehouse', verbose_name='warehouse')),
            ],
            options={
                'verbose_name': 'pickup times',
                'verbose_name_plural': 'pickup times',
                'ordering': ['warehouse', 'weekday', 'start'],
                'constraints': [models.UniqueConstraint(fields=('warehouse', 'weekday', 'start'), name='pattern_once'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='pattern_ends_after_it_begins', violation_error_message='The end must be after the beginning.')],
            },
        ),
        migrations.AddIndex(
            model_name='pickup',
            index=models.Index(fields=['warehouse', 'window', 'status'], name='pickups_of_window'),
        ),
        migrations.AddIndex(
            model_name='pickup',
            index=models.Index(fields=['order', '-id'], name='pickups_of_order'),
        ),
        migrations.AddIndex(
            model_name='pickup',
            index=models.Index(fields=['customer', '-id'], name='pickups_of_customer'),
        ),
        migrations.AddIndex(
            model_name='pickup',
            index=models.Index(fields=['status', '-id'], name='pickups_by_status'),
        ),
        migrations.AddConstraint(
            model_name='pickup',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['planned', 'notified', 'confirmed', 'arrived'])), fields=('order',), name='one_expected_pickup', violation_error_message='This order has a pickup that is still expected.'),
        ),
    ]
