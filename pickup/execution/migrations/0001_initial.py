import crm.clock
import crm.migrating
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('execution', '0001_tables'), ('execution', '0002_labels')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Report',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                    ('kind', models.CharField(choices=[('daily', 'Daily contract execution report'), ('monthly', 'Monthly statistics of execution')], max_length=10, verbose_name='kind')),
                    ('status', models.CharField(choices=[('draft', 'To be issued'), ('issued', 'Issued')], default='draft', max_length=10, verbose_name='state')),
                    ('first', models.DateField(verbose_name='first day')),
                    ('last', models.DateField(verbose_name='last day')),
                    ('drafted_at', models.DateTimeField(default=crm.clock.now, verbose_name='drafted at')),
                    ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='issued at')),
                    ('issued_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='report issued by')),
                    ('remarks', models.CharField(blank=True, max_length=1000, verbose_name='remarks')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'execution report',
                    'verbose_name_plural': 'execution reports',
                    'ordering': ['-last', '-pk'],
                    'indexes': [models.Index(fields=['last', 'id'], name='execution_by_day'), models.Index(fields=['kind', 'status', '-last'], name='execution_by_kind')],
                    'constraints': [models.UniqueConstraint(fields=('kind', 'first'), name='execution_report_once', violation_error_message='This report is there already.'), models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='execution_report_has_days')],
                },
            ), migrations.CreateModel(
                name='Figures',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='execution.report', verbose_name='execution report')),
                    ('rows', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='rows')),
                    ('digest', models.CharField(max_length=64, verbose_name='hash')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                ],
                options={
                    'verbose_name': 'figures of a report',
                    'verbose_name_plural': 'figures of reports',
                },
            ), migrations.CreateModel(
                name='Correction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=40, unique=True, verbose_name='number')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='execution.report', verbose_name='execution report')),
                    ('reason', models.CharField(max_length=500, verbose_name='reason')),
                    ('rows', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='rows')),
                    ('digest', models.CharField(max_length=64, verbose_name='hash')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='corrected by')),
                ],
                options={
                    'verbose_name': 'correction of a report',
                    'verbose_name_plural': 'corrections of reports',
                    'ordering': ['pk'],
                },
            ), migrations.CreateModel(
                name='Subscription',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('active', 'Subscribed'), ('ended', 'Ended')], default='active', max_length=10, verbose_name='state')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                    ('kind', models.CharField(choices=[('daily', 'Daily contract execution report'), ('monthly', 'Monthly statistics of execution')], max_length=10, verbose_name='kind of report')),
                    ('since', models.DateTimeField(default=crm.clock.now, verbose_name='since')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'subscription',
                    'verbose_name_plural': 'subscriptions',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['user', '-id'], name='subscriptions_of_user'), models.Index(fields=['kind', 'status'], name='subscriptions_by_kind')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'active')), fields=('user', 'kind'), name='subscribed_once', violation_error_message='This report is subscribed to already.')],
                },
            )],
        ),
    ]
