import crm.clock
import crm.migrating
import crm.records.search
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('credit', '0001_tables'), ('credit', '0002_score_to_the_tenth')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('customers', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Weight',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('aspect', models.CharField(choices=[('operations', 'Operations'), ('finances', 'Finances'), ('payment', 'Payment record')], max_length=10, unique=True, verbose_name='aspect')),
                    ('weight', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='weight')),
                ],
                options={
                    'verbose_name': 'weight of an aspect',
                    'verbose_name_plural': 'weights of aspects',
                    'ordering': ['pk'],
                },
            ), migrations.CreateModel(
                name='Assessment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='assessment number')),
                    ('status', models.CharField(choices=[('proposed', 'To be decided'), ('in_force', 'In force'), ('replaced', 'Replaced'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=10, verbose_name='state')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='customers.customer', verbose_name='customer')),
                    ('operations_score', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)], verbose_name='operations, of 100')),
                    ('operations', models.TextField(max_length=2000, verbose_name='operations in words')),
                    ('finances_score', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)], verbose_name='finances, of 100')),
                    ('finances', models.TextField(max_length=2000, verbose_name='finances in words')),
                    ('payment_score', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)], verbose_name='payment record, of 100')),
                    ('payment', models.TextField(max_length=2000, verbose_name='payment record in words')),
                    ('operations_weight', models.PositiveSmallIntegerField(verbose_name='weight of operations')),
                    ('finances_weight', models.PositiveSmallIntegerField(verbose_name='weight of finances')),
                    ('payment_weight', models.PositiveSmallIntegerField(verbose_name='weight of the payment record')),
                    ('score', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='score')),
                    ('rating', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1, verbose_name='rating')),
                    ('policy_limit', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='limit of the rating')),
                    ('limit', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='credit limit')),
                    ('limit_reason', models.CharField(blank=True, max_length=300, verbose_name='why another limit')),
                    ('payment_terms', models.CharField(choices=[('prepay', 'Payment before pickup'), ('cash', 'Cash on pickup'), ('credit', 'On account')], max_length=10, verbose_name='payment terms')),
                    ('payment_days', models.PositiveSmallIntegerField(default=0, verbose_name='days to pay')),
                    ('valid_until', models.DateField(verbose_name='valid until')),
                    ('assessed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assessed by')),
                    ('assessed_at', models.DateTimeField(default=crm.clock.now, verbose_name='assessed')),
                    ('in_force_at', models.DateTimeField(blank=True, null=True, verbose_name='in force since')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was withdrawn')),
                ],
                options={
                    'verbose_name': 'credit assessment',
                    'verbose_name_plural': 'credit assessments',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'default_related_name': '%(model_name)ss',
                    'indexes': [models.Index(fields=['customer', '-id'], name='assessments_of_customer'), models.Index(fields=['status', '-id'], name='assessments_by_status'), models.Index(fields=['valid_until', 'id'], name='assessments_by_end'), models.Index(fields=['assessed_by', '-id'], name='assessments_of_assessor'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_assessment')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('customer',), name='one_proposed_assessment', violation_error_message='An assessment of this customer waits to be decided already.'), models.UniqueConstraint(condition=models.Q(('status', 'in_force')), fields=('customer',), name='one_assessment_in_force'), models.CheckConstraint(condition=models.Q(('finances_score__lte', 100), ('operations_score__lte', 100), ('payment_score__lte', 100)), name='assessment_scores_up_to_100'), models.CheckConstraint(condition=models.Q(('limit__gte', 0)), name='assessment_limit_is_not_negative'), models.CheckConstraint(condition=models.Q(('payment_terms', 'credit'), ('payment_days', 0), _connector='OR'), name='assessment_days_only_on_account', violation_error_message='Days to pay are for customers on account.'), models.CheckConstraint(condition=models.Q(('payment_terms', 'credit'), ('limit', 0), _connector='OR'), name='assessment_limit_only_on_account', violation_error_message='A limit is for customers on account.')],
                },
            ), migrations.CreateModel(
                name='RatingChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rating_changes', to='customers.customer', verbose_name='customer')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('why', models.CharField(choices=[('assessed', 'Assessed'), ('lowered', 'Lowered')], max_length=10, verbose_name='how')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('rating_before', models.CharField(blank=True, choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1, verbose_name='rating before')),
                    ('rating', models.CharField(blank=True, choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1, verbose_name='rating')),
                    ('limit_before', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='limit before')),
                    ('limit', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='limit')),
                    ('assessment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='credit.assessment', verbose_name='assessment')),
                ],
                options={
                    'verbose_name': 'change of rating',
                    'verbose_name_plural': 'changes of ratings',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'default_related_name': '%(model_name)ss',
                    'indexes': [models.Index(fields=['customer', '-id'], name='rating_changes_of_customer')],
                },
            ), migrations.CreateModel(
                name='RatingPolicy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rating', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1, unique=True, verbose_name='rating')),
                    ('from_score', models.PositiveSmallIntegerField(unique=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='from score')),
                    ('limit', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=14, verbose_name='credit limit')),
                    ('payment_terms', models.CharField(choices=[('prepay', 'Payment before pickup'), ('cash', 'Cash on pickup'), ('credit', 'On account')], max_length=10, verbose_name='payment terms')),
                    ('payment_days', models.PositiveSmallIntegerField(default=0, verbose_name='days to pay')),
                ],
                options={
                    'verbose_name': 'rating policy',
                    'verbose_name_plural': 'rating policies',
                    'ordering': ['rating'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('from_score__lte', 100)), name='policy_score_up_to_100'), models.CheckConstraint(condition=models.Q(('limit__gte', 0)), name='policy_limit_is_not_negative', violation_error_message='A limit is not negative.'), models.CheckConstraint(condition=models.Q(('payment_terms', 'credit'), ('payment_days', 0), _connector='OR'), name='policy_days_only_on_account', violation_error_message='Days to pay are for customers on account.'), models.CheckConstraint(condition=models.Q(('payment_terms', 'credit'), ('limit', 0), _connector='OR'), name='policy_limit_only_on_account', violation_error_message='A limit is for customers on account.')],
                },
            ), migrations.CreateModel(
                name='Standing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('customer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='standing', to='customers.customer', verbose_name='customer')),
                    ('rating', models.CharField(blank=True, choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1, verbose_name='rating')),
                    ('limit', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=14, verbose_name='credit limit')),
                    ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                    ('open_orders', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=14, verbose_name='open orders')),
                    ('owed', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=14, verbose_name='delivered and not paid')),
                    ('overdue', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=14, verbose_name='overdue')),
                    ('used', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=14, verbose_name='used')),
                    ('free', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=14, verbose_name='free')),
                    ('looked_at', models.DateTimeField(default=crm.clock.now, verbose_name='looked at')),
                ],
                options={
                    'verbose_name': 'credit standing',
                    'verbose_name_plural': 'credit standings',
                    'ordering': ['-used', '-pk'],
                    'abstract': False,
                    'default_related_name': '%(model_name)ss',
                    'indexes': [models.Index(fields=['limit', 'id'], name='standings_by_limit'), models.Index(fields=['used', 'id'], name='standings_by_used'), models.Index(fields=['free', 'id'], name='standings_by_free'), models.Index(fields=['overdue', 'id'], name='standings_by_overdue'), models.Index(fields=['rating', 'id'], name='standings_by_rating')],
                },
            ), migrations.CreateModel(
                name='Alert',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('open', 'To be dealt with'), ('settled', 'Dealt with')], default='open', max_length=10, verbose_name='state')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credit_alerts', to='customers.customer', verbose_name='customer')),
                    ('sign', models.CharField(choices=[('overdue', 'Overdue debt'), ('lowered', 'The rating fell'), ('unassessed', 'The assessment ran out'), ('nearly_used', 'The limit is nearly used up')], max_length=12, verbose_name='sign')),
                    ('rating', models.CharField(blank=True, choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1, verbose_name='rating')),
                    ('limit', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=14, verbose_name='credit limit')),
                    ('used', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=14, verbose_name='used')),
                    ('overdue', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=14, verbose_name='overdue')),
                    ('raised_at', models.DateTimeField(default=crm.clock.now, verbose_name='raised')),
                    ('done', models.CharField(blank=True, choices=[('suspended', 'Supply suspended'), ('dunned', 'Dunned'), ('otherwise', 'Dealt with otherwise'), ('gone', 'The sign is gone')], max_length=10, verbose_name='what was done')),
                    ('words', models.CharField(blank=True, max_length=300, verbose_name='in words')),
                    ('settled_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dealt with by')),
                    ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='dealt with at')),
                    ('gone_at', models.DateTimeField(blank=True, null=True, verbose_name='gone since')),
                ],
                options={
                    'verbose_name': 'credit alert',
                    'verbose_name_plural': 'credit alerts',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'default_related_name': 'credit_alerts',
                    'indexes': [models.Index(fields=['status', '-id'], name='credit_alerts_by_status'), models.Index(fields=['customer', '-id'], name='credit_alerts_of_customer')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('gone_at', None)), fields=('customer', 'sign'), name='sign_alerted_once')],
                },
            )],
        ),
    ]
