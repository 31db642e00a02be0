import crm.clock
import crm.migrating
import customers.tiers.models
import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


# Tier, place in queues, dedicated owner, days from one visit to the next. A discount is for the company to grant.
SERVICES = (
    ("vip", 2, True, 30),
    ("key", 1, True, 60),
    ("regular", 0, False, 90),
    ("potential", 0, False, 0),
)


def make(apps, schema_editor):
    Service = apps.get_model("tiers", "Service")
    for tier, priority, owner, days in SERVICES:
        Service.objects.create(tier=tier, priority=priority, dedicated_owner=owner, visit_days=days)


class Migration(migrations.Migration):

    replaces = [('tiers', '0001_tables'), ('tiers', '0002_services')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('customers', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Proposal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tier_proposals', to='customers.customer', verbose_name='customer')),
                    ('status', models.CharField(choices=[('open', 'To be decided'), ('accepted', 'Adopted'), ('overridden', 'Decided otherwise'), ('withdrawn', 'No longer proposed')], default='open', max_length=10, verbose_name='state')),
                    ('proposed_at', models.DateTimeField(default=crm.clock.now, verbose_name='proposed')),
                    ('before', models.CharField(choices=[('vip', 'VIP'), ('key', 'Key customer'), ('regular', 'Regular'), ('potential', 'Potential customer')], max_length=10, verbose_name='tier now')),
                    ('tier', models.CharField(choices=[('vip', 'VIP'), ('key', 'Key customer'), ('regular', 'Regular'), ('potential', 'Potential customer')], max_length=10, verbose_name='proposed tier')),
                    ('total', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='of a hundred')),
                    ('threshold', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='the tier begins at')),
                    ('measures', models.JSONField(default=list, verbose_name='measures')),
                    ('decided', models.CharField(blank=True, choices=[('vip', 'VIP'), ('key', 'Key customer'), ('regular', 'Regular'), ('potential', 'Potential customer')], max_length=10, verbose_name='decided tier')),
                    ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                    ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ],
                options={
                    'verbose_name': 'proposed tier',
                    'verbose_name_plural': 'proposed tiers',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'default_related_name': '%(model_name)ss',
                    'indexes': [models.Index(fields=['status', '-id'], name='tier_proposals_by_status'), models.Index(fields=['customer', '-id'], name='tier_proposals_of_customer'), models.Index(fields=['total', 'id'], name='tier_proposals_by_total')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('customer',), name='one_open_proposal_per_customer')],
                },
            ), migrations.CreateModel(
                name='Scheme',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(default=crm.clock.today, error_messages={'unique': 'A scheme begins on this day already.'}, unique=True, verbose_name='valid from')),
                    ('months', models.PositiveSmallIntegerField(default=12, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='months looked at')),
                    ('vip_from', models.DecimalField(decimal_places=2, default=Decimal('75'), max_digits=5, verbose_name='VIP from')),
                    ('key_from', models.DecimalField(decimal_places=2, default=Decimal('55'), max_digits=5, verbose_name='key customer from')),
                    ('regular_from', models.DecimalField(decimal_places=2, default=Decimal('20'), max_digits=5, verbose_name='regular from')),
                    ('rest_months', models.PositiveSmallIntegerField(default=6, help_text='For so long the same tier is not proposed again.', validators=[django.core.validators.MaxValueValidator(60)], verbose_name='months that an overridden proposal rests')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                    ('at', models.DateTimeField(default=crm.clock.now, editable=False, verbose_name='entered at')),
                ],
                options={
                    'verbose_name': 'scheme of tiers',
                    'verbose_name_plural': 'schemes of tiers',
                    'ordering': ['-valid_from'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('regular_from__gte', 0), ('vip_from__lte', 100), ('key_from__lt', models.F('vip_from')), ('regular_from__lt', models.F('key_from'))), name='tiers_begin_one_above_another', violation_error_message='The thresholds must rise from regular to key to VIP, between 0 and 100.')],
                },
            ), migrations.CreateModel(
                name='Score',
                fields=[
                    ('customer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='score', serialize=False, to='customers.customer', verbose_name='customer')),
                    ('at', models.DateTimeField(verbose_name='worked out')),
                    ('total', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='of a hundred')),
                    ('tier', models.CharField(choices=[('vip', 'VIP'), ('key', 'Key customer'), ('regular', 'Regular'), ('potential', 'Potential customer')], max_length=10, verbose_name='tier')),
                    ('measures', models.JSONField(default=list, verbose_name='measures')),
                    ('scheme', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiers.scheme', verbose_name='scheme of tiers')),
                ],
                options={
                    'verbose_name': 'score of a customer',
                    'verbose_name_plural': 'scores of customers',
                },
            ), migrations.CreateModel(
                name='Service',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('tier', models.CharField(choices=[('vip', 'VIP'), ('key', 'Key customer'), ('regular', 'Regular'), ('potential', 'Potential customer')], max_length=10, unique=True, verbose_name='tier')),
                    ('priority', models.PositiveSmallIntegerField(default=0, help_text='The greater goes first: orders and inquiries can be sorted by it.', validators=[django.core.validators.MaxValueValidator(9)], verbose_name='priority in queues')),
                    ('dedicated_owner', models.BooleanField(default=False, help_text="Where nobody is responsible, the customer's page says so.", verbose_name='dedicated owner')),
                    ('visit_days', models.PositiveSmallIntegerField(default=0, help_text='0: no visits are planned.', verbose_name='days from one visit to the next')),
                    ('discount', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='Off the list price where a line of an order names none; never below the lowest price.', max_digits=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(50)], verbose_name='discount in percent')),
                ],
                options={
                    'verbose_name': 'service of a tier',
                    'verbose_name_plural': 'services of tiers',
                    'ordering': ['-priority', 'tier'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('discount__gte', 0), ('discount__lte', 50)), name='discount_is_a_part_of_price')],
                },
            ), migrations.CreateModel(
                name='TierChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tier_changes', to='customers.customer', verbose_name='customer')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('before', models.CharField(choices=[('vip', 'VIP'), ('key', 'Key customer'), ('regular', 'Regular'), ('potential', 'Potential customer')], max_length=10, verbose_name='tier before')),
                    ('after', models.CharField(choices=[('vip', 'VIP'), ('key', 'Key customer'), ('regular', 'Regular'), ('potential', 'Potential customer')], max_length=10, verbose_name='tier after')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='tiers.proposal', verbose_name='proposed tier')),
                ],
                options={
                    'verbose_name': 'change of a tier',
                    'verbose_name_plural': 'changes of tiers',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'default_related_name': '%(model_name)ss',
                    'indexes': [models.Index(fields=['customer', '-id'], name='tier_changes_of_customer'), models.Index(fields=['at', 'id'], name='tier_changes_by_time')],
                },
            ), migrations.CreateModel(
                name='Weight',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scheme', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='weights', to='tiers.scheme', verbose_name='scheme of tiers')),
                    ('measure', models.CharField(choices=customers.tiers.models.measure_choices, max_length=20, verbose_name='measure')),
                    ('weight', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)], verbose_name='weight')),
                    ('one', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='1 point')),
                    ('two', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='2 points')),
                    ('three', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='3 points')),
                    ('four', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='4 points')),
                    ('five', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='5 points')),
                ],
                options={
                    'verbose_name': 'weight of a measure',
                    'verbose_name_plural': 'weights of measures',
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('scheme', 'measure'), name='measure_weighs_once')],
                },
            ), migrations.CreateModel(
                name='Judgement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='customers.customer', verbose_name='customer')),
                    ('potential', models.PositiveSmallIntegerField(choices=[(0, '0'), (1, '1'), (2, '2'), (3, '3'), (4, '4'), (5, '5')], help_text='0: none, 5: could buy very much more.', verbose_name='purchase potential')),
                    ('need', models.PositiveSmallIntegerField(choices=[(0, '0'), (1, '1'), (2, '2'), (3, '3'), (4, '4'), (5, '5')], help_text='0: none, 5: cannot do without it.', verbose_name='need for our service')),
                    ('reason', models.CharField(max_length=300, verbose_name='reason')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                ],
                options={
                    'verbose_name': 'judgement of a customer',
                    'verbose_name_plural': 'judgements of customers',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'default_related_name': '%(model_name)ss',
                    'indexes': [models.Index(fields=['customer', '-id'], name='judgements_of_customer')],
                },
            )],
        ),
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
