import crm.clock
import crm.migrating
import django.contrib.postgres.indexes
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('stock', '0001_tables'), ('stock', '0002_movements_by_time')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('catalog', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Warehouse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=20, unique=True, verbose_name='code')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=60, verbose_name='English name')),
                    ('kind', models.CharField(choices=[('own', 'Own'), ('external', 'External'), ('ship', 'Ship')], default='own', max_length=10, verbose_name='kind')),
                    ('address', models.CharField(blank=True, max_length=300, verbose_name='address')),
                    ('map_url', models.URLField(blank=True, verbose_name='map link')),
                    ('phone', models.CharField(blank=True, max_length=40, verbose_name="counter's phone")),
                    ('counter', models.BooleanField(default=True, verbose_name='has a pickup counter')),
                    ('active', models.BooleanField(default=True, verbose_name='in use')),
                    ('clerks', models.ManyToManyField(blank=True, related_name='warehouses', to=settings.AUTH_USER_MODEL, verbose_name='clerks')),
                ],
                options={
                    'verbose_name': 'warehouse',
                    'verbose_name_plural': 'warehouses',
                    'ordering': ['code'],
                },
            ), migrations.CreateModel(
                name='Stock',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('warehouse', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='stock.warehouse', verbose_name='warehouse')),
                    ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='catalog.product', verbose_name='product')),
                    ('batch', models.CharField(blank=True, max_length=40, verbose_name='batch')),
                    ('quantity', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=14, verbose_name='in stock')),
                    ('reserved', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=14, verbose_name='reserved')),
                ],
                options={
                    'verbose_name': 'stock',
                    'verbose_name_plural': 'stock',
                    'ordering': ['warehouse', 'product', 'batch'],
                    'constraints': [models.UniqueConstraint(fields=('warehouse', 'product', 'batch'), name='stock_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='stock_is_not_negative', violation_error_message='There is not so much in stock.'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0), ('reserved__lte', models.F('quantity'))), name='reserved_stock_is_there', violation_error_message='More would be reserved than there is in stock.')],
                },
            ), migrations.CreateModel(
                name='Movement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('warehouse', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.warehouse', verbose_name='warehouse')),
                    ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='catalog.product', verbose_name='product')),
                    ('batch', models.CharField(blank=True, max_length=40, verbose_name='batch')),
                    ('quantity', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity')),
                    ('kind', models.CharField(choices=[('receipt', 'Receipt'), ('handover', 'Handover to a customer'), ('return', 'Handover taken back'), ('count', 'Stock count'), ('feed', 'From the ERP')], max_length=10, verbose_name='kind')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('reference', models.CharField(blank=True, max_length=60, verbose_name='document')),
                    ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='orders.line', verbose_name='line')),
                ],
                options={
                    'verbose_name': 'movement',
                    'verbose_name_plural': 'movements',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['warehouse', 'product', 'batch'], name='movements_of_stock'), models.Index(fields=['reference'], name='movements_of_document'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='movements_by_time')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('quantity', 0), _negated=True), name='movement_moves_something')],
                },
            ), migrations.CreateModel(
                name='Reservation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('line', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='orders.line', verbose_name='line')),
                    ('stock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='stock.stock', verbose_name='stock')),
                    ('quantity', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity')),
                ],
                options={
                    'verbose_name': 'reservation',
                    'verbose_name_plural': 'reservations',
                    'constraints': [models.UniqueConstraint(fields=('line', 'stock'), name='reservation_once'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='reservation_keeps_something')],
                },
            )],
        ),
    ]
