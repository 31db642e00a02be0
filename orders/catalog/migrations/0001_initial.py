import crm.clock
import crm.migrating
import crm.records.search
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('catalog', '0001_tables')]

    initial = True

    dependencies = [
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Unit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=12, unique=True, verbose_name='code')),
                    ('name', models.CharField(max_length=20, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=20, verbose_name='English name')),
                    ('decimals', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(3)], verbose_name='decimals')),
                ],
                options={
                    'verbose_name': 'unit',
                    'verbose_name_plural': 'units',
                    'ordering': ['code'],
                },
            ), migrations.CreateModel(
                name='Product',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('status', models.CharField(choices=[('on_sale', 'On sale'), ('discontinued', 'Discontinued')], default='on_sale', max_length=12, verbose_name='state')),
                    ('code', models.CharField(max_length=30, unique=True, verbose_name='product number')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=120, verbose_name='English name')),
                    ('specification', models.CharField(blank=True, max_length=120, verbose_name='specification')),
                    ('category', models.CharField(blank=True, max_length=60, verbose_name='category')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.unit', verbose_name='base unit')),
                    ('tax_rate', models.DecimalField(decimal_places=2, default=Decimal('13'), max_digits=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(99)], verbose_name='tax rate in percent')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'product',
                    'verbose_name_plural': 'products',
                    'ordering': ['code'],
                    'indexes': [models.Index(fields=['category', 'id'], name='products_of_category'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_product')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('tax_rate__gte', 0), ('tax_rate__lt', 100)), name='tax_rate_is_a_percentage')],
                },
            ), migrations.CreateModel(
                name='Packing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='packings', to='catalog.product', verbose_name='product')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.unit', verbose_name='unit')),
                    ('factor', models.DecimalField(decimal_places=3, max_digits=12, verbose_name='base units in one')),
                ],
                options={
                    'verbose_name': 'packing',
                    'verbose_name_plural': 'packings',
                    'constraints': [models.UniqueConstraint(fields=('product', 'unit'), name='packing_once'), models.CheckConstraint(condition=models.Q(('factor__gt', 0)), name='packing_holds_something', violation_error_message='A packing holds more than nothing.')],
                },
            ), migrations.CreateModel(
                name='Price',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='catalog.product', verbose_name='product')),
                    ('valid_from', models.DateField(default=crm.clock.today, verbose_name='valid from')),
                    ('price', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='price with tax')),
                    ('lowest', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='lowest price with tax')),
                ],
                options={
                    'verbose_name': 'price',
                    'verbose_name_plural': 'price list',
                    'ordering': ['-valid_from'],
                    'constraints': [models.UniqueConstraint(fields=('product', 'valid_from'), name='one_price_per_day'), models.CheckConstraint(condition=models.Q(('lowest__gte', 0), ('lowest__lte', models.F('price')), ('price__gte', 0)), name='lowest_price_is_not_above_the_price', violation_error_message='The lowest price must lie between zero and the price.')],
                },
            )],
        ),
    ]
