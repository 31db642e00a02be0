import crm.migrating
import crm.records.search
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('complaints', '0001_initial'),
        ('customers', '0001_initial'),
        ('feedback', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Visit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='visit number')),
                    ('status', models.CharField(choices=[('planned', 'To be visited'), ('done', 'Visit recorded'), ('dropped', 'Not visited')], default='planned', max_length=10, verbose_name='state')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='customers.customer', verbose_name='customer')),
                    ('quarter', models.DateField(verbose_name='first day of the quarter')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('planned_on', models.DateField(verbose_name='planned for')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='times not reached')),
                    ('channel', models.CharField(blank=True, choices=[('phone', 'Phone'), ('mail', 'Mail'), ('sms', 'SMS'), ('wechat', 'WeChat'), ('visit', 'Visit'), ('meeting', 'Meeting'), ('link', 'By a link')], max_length=10, verbose_name='how')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='visited at')),
                    ('visited_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='visited by')),
                    ('level', models.CharField(blank=True, choices=[('very_satisfied', 'Very satisfied'), ('satisfied', 'Satisfied'), ('fair', 'Fairly satisfied'), ('not_satisfied', 'Not satisfied')], max_length=14, verbose_name='how satisfied he is')),
                    ('use', models.TextField(blank=True, max_length=2000, verbose_name='how he uses the goods')),
                    ('needs', models.TextField(blank=True, max_length=2000, verbose_name='what he needs')),
                    ('suggestions', models.TextField(blank=True, max_length=2000, verbose_name='suggestions')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('complaint', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visit', to='complaints.complaint', verbose_name='complaint')),
                    ('feedback', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visit', to='feedback.feedback', verbose_name='feedback')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'return visit',
                    'verbose_name_plural': 'return visits',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='visits_by_status'), models.Index(fields=['owner', 'planned_on'], name='visits_of_owner'), models.Index(fields=['department', '-id'], name='visits_of_department'), models.Index(fields=['planned_on', 'id'], name='visits_by_day'), models.Index(condition=models.Q(('done_at__isnull', False)), fields=['done_at'], name='visits_done'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_visit')],
                    'constraints': [models.UniqueConstraint(fields=('customer', 'quarter'), name='customer_visited_once_a_quarter', violation_error_message='The visit of this quarter is planned already.')],
                },
            )],
        ),
    ]
