import crm.clock
import crm.migrating
import crm.records.search
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from complaints.first_causes import make


def begin(apps, schema_editor):
    """Make the causes to begin with; the company makes its own of them in the back office."""
    make(apps.get_model("complaints", "Cause"))


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('catalog', '0001_initial'),
        ('customers', '0001_initial'),
        ('orders', '0001_initial'),
        ('pickup', '0001_initial'),
        ('records', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Cause',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=30, unique=True, verbose_name='code')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                    ('active', models.BooleanField(default=True, verbose_name='in use')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='complaints.cause', verbose_name='part of the cause')),
                ],
                options={
                    'verbose_name': 'cause of complaints',
                    'verbose_name_plural': 'causes of complaints',
                    'ordering': ['code'],
                },
            ), migrations.CreateModel(
                name='Complaint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='complaint number')),
                    ('status', models.CharField(choices=[('received', 'To be registered'), ('registered', 'To get a team'), ('investigating', 'Under investigation'), ('found', 'To be planned'), ('deciding', 'Plan being decided'), ('carrying_out', 'Measures under way'), ('carried_out', 'Measures done'), ('reported', 'Customer to be told'), ('told', 'Return visit due'), ('satisfied', 'Customer satisfied'), ('closed', 'Closed')], default='received', max_length=14, verbose_name='state')),
                    ('batch', models.CharField(blank=True, max_length=40, verbose_name='batch')),
                    ('quantity', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True, verbose_name='quantity concerned, in base units')),
                    ('channel', models.CharField(choices=[('counter', 'Pickup counter'), ('hotline', 'Hotline'), ('mail', 'Mail'), ('visit', 'Visit'), ('other', 'In another way')], max_length=10, verbose_name='how it came')),
                    ('category', models.CharField(choices=[('quality', 'Quality of the goods'), ('shortage', 'Shortage'), ('packaging', 'Packaging'), ('appearance', 'Appearance'), ('structure', 'Structure'), ('delivery', 'Delivery'), ('service', 'Service'), ('price', 'Price'), ('payment', 'Payment and deductions'), ('market', 'Market'), ('promise', 'Broken promise')], max_length=12, verbose_name='category')),
                    ('severity', models.CharField(choices=[('minor', 'Minor'), ('major', 'Major'), ('critical', 'Critical')], default='minor', max_length=10, verbose_name='severity')),
                    ('wish', models.CharField(blank=True, choices=[('explanation', 'An explanation'), ('return', 'Return of the goods'), ('replacement', 'Replacement'), ('compensation', 'Compensation'), ('discount', 'Discount'), ('apology', 'An apology')], max_length=12, verbose_name='what the customer wishes')),
                    ('content', models.TextField(max_length=4000, verbose_name='what he complains of')),
                    ('received_at', models.DateTimeField(default=crm.clock.now, verbose_name='received')),
                    ('registered_at', models.DateTimeField(blank=True, null=True, verbose_name='registered')),
                    ('team_at', models.DateTimeField(blank=True, null=True, verbose_name='team named')),
                    ('round', models.PositiveSmallIntegerField(default=1, verbose_name='round')),
                    ('round_at', models.DateTimeField(default=crm.clock.now, verbose_name='round begun')),
                    ('found_at', models.DateTimeField(blank=True, null=True, verbose_name='finding signed')),
                    ('plan_from', models.DateTimeField(blank=True, null=True, verbose_name='to be planned since')),
                    ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='plan approved')),
                    ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='measures done')),
                    ('result', models.TextField(blank=True, max_length=2000, verbose_name='result')),
                    ('reported_at', models.DateTimeField(blank=True, null=True, verbose_name='result reported')),
                    ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='customer told')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                    ('check_on', models.DateField(blank=True, null=True, verbose_name='effect checked on')),
                    ('effective', models.BooleanField(blank=True, null=True, verbose_name='the measures were effective')),
                    ('effect', models.TextField(blank=True, max_length=2000, verbose_name='effect')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('cause', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.cause', verbose_name='cause')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='customers.customer', verbose_name='customer')),
                    ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('effect_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='effect checked by')),
                    ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lead of the team')),
                    ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='orders.order', verbose_name='order')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('pickup', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='pickup.pickup', verbose_name='pickup')),
                    ('product', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product', verbose_name='product')),
                    ('received_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
                    ('registered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registered by')),
                    ('reported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='result reported by')),
                    ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='responsible department')),
                ],
                options={
                    'verbose_name': 'complaint',
                    'verbose_name_plural': 'complaints',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='complaints_by_status'), models.Index(fields=['owner', '-id'], name='complaints_of_owner'), models.Index(fields=['received_by', '-id'], name='complaints_of_receiver'), models.Index(fields=['department', '-id'], name='complaints_of_department'), models.Index(fields=['customer', '-id'], name='complaints_of_customer'), models.Index(fields=['product', '-id'], name='complaints_of_product'), models.Index(fields=['cause', '-id'], name='complaints_of_cause'), models.Index(condition=models.Q(('batch', ''), _negated=True), fields=['batch'], name='complaints_of_batch'), models.Index(fields=['received_at', 'id'], name='complaints_by_time'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_complaint')],
                },
            ), migrations.CreateModel(
                name='Evidence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('unjudged', 'Not judged yet'), ('accepted', 'Accepted as evidence'), ('doubtful', 'Doubtful'), ('rejected', 'Rejected as evidence')], default='unjudged', max_length=10, verbose_name='verdict')),
                    ('round', models.PositiveSmallIntegerField(default=1, verbose_name='round')),
                    ('what', models.TextField(max_length=2000, verbose_name='what it shows')),
                    ('source', models.CharField(choices=[('customer', 'The customer'), ('site', 'Seen on site'), ('test', 'Test report'), ('scale', 'Weighing'), ('papers', 'Papers of the order'), ('interview', 'Interview')], max_length=10, verbose_name='source')),
                    ('taken_by', models.CharField(max_length=60, verbose_name='taken by')),
                    ('taken_at', models.DateTimeField(default=crm.clock.now, verbose_name='taken at')),
                    ('added_at', models.DateTimeField(default=crm.clock.now, verbose_name='added')),
                    ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason of the verdict')),
                    ('judged_at', models.DateTimeField(blank=True, null=True, verbose_name='judged at')),
                    ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name='file')),
                    ('judged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='judged by')),
                ],
                options={
                    'verbose_name': 'evidence',
                    'verbose_name_plural': 'evidence',
                    'ordering': ['pk'],
                    'abstract': False,
                    'indexes': [models.Index(fields=['complaint', 'id'], name='evidence_of_complaint')],
                },
            ), migrations.CreateModel(
                name='Finding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                    ('facts', models.TextField(max_length=4000, verbose_name='facts')),
                    ('explanation', models.TextField(blank=True, max_length=2000, verbose_name='how it came about')),
                    ('fault', models.CharField(choices=[('ours', 'Ours'), ('shared', 'Shared'), ('customer', "The customer's"), ('others', "Somebody else's"), ('nobody', "Nobody's")], max_length=10, verbose_name='responsibility')),
                    ('signed_at', models.DateTimeField(default=crm.clock.now, verbose_name='time of signing')),
                    ('cause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.cause', verbose_name='cause')),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                    ('responsible', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='responsible department')),
                    ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
                ],
                options={
                    'verbose_name': 'finding',
                    'verbose_name_plural': 'findings',
                    'ordering': ['round'],
                    'abstract': False,
                    'constraints': [models.UniqueConstraint(fields=('complaint', 'round'), name='finding_once_a_round')],
                },
            ), migrations.CreateModel(
                name='FollowUp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                    ('satisfied', models.BooleanField(verbose_name='satisfied')),
                    ('channel', models.CharField(choices=[('phone', 'Phone'), ('mail', 'Mail'), ('sms', 'SMS'), ('wechat', 'WeChat'), ('visit', 'Visit'), ('meeting', 'Meeting'), ('link', 'By a link')], max_length=10, verbose_name='how')),
                    ('words', models.TextField(max_length=2000, verbose_name='what he said')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                ],
                options={
                    'verbose_name': 'return visit about a complaint',
                    'verbose_name_plural': 'return visits about complaints',
                    'ordering': ['round'],
                    'abstract': False,
                    'constraints': [models.UniqueConstraint(fields=('complaint', 'round'), name='return_visit_once_a_round')],
                },
            ), migrations.CreateModel(
                name='Opinion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                    ('column', models.CharField(choices=[('verifying', 'Verifying department'), ('production', 'Production department'), ('sales', 'Sales department')], max_length=10, verbose_name='column')),
                    ('text', models.TextField(max_length=2000, verbose_name='opinion')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='time of signing')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                ],
                options={
                    'verbose_name': 'opinion',
                    'verbose_name_plural': 'opinions',
                    'ordering': ['pk'],
                    'abstract': False,
                    'constraints': [models.UniqueConstraint(fields=('complaint', 'round', 'column'), name='opinion_once_a_round', violation_error_message='This opinion is signed already.')],
                },
            ), migrations.CreateModel(
                name='Plan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                    ('outcome', models.CharField(choices=[('no_fault', 'Not our fault'), ('return', 'Return of the goods'), ('compensation', 'Compensation'), ('replacement', 'Replacement'), ('discount', 'Discount'), ('apology', 'Apology')], max_length=12, verbose_name='outcome')),
                    ('solution', models.TextField(max_length=2000, verbose_name='solution')),
                    ('compensation', models.CharField(blank=True, max_length=500, verbose_name='compensation')),
                    ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='amount')),
                    ('written_at', models.DateTimeField(default=crm.clock.now, verbose_name='plan written')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent to the customer')),
                    ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                    ('agreed_how', models.CharField(blank=True, choices=[('phone', 'Phone'), ('mail', 'Mail'), ('sms', 'SMS'), ('wechat', 'WeChat'), ('visit', 'Visit'), ('meeting', 'Meeting'), ('link', 'By a link')], max_length=10, verbose_name='how he agreed')),
                    ('answer', models.TextField(blank=True, max_length=2000, verbose_name='what the customer said')),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='responsible person')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ],
                options={
                    'verbose_name': 'handling plan',
                    'verbose_name_plural': 'handling plans',
                    'ordering': ['round'],
                    'abstract': False,
                    'constraints': [models.UniqueConstraint(fields=('complaint', 'round'), name='plan_once_a_round'), models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gte', 0), _connector='OR'), name='compensation_is_not_negative')],
                },
            ), migrations.CreateModel(
                name='Measure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('open', 'Open'), ('done', 'Done')], default='open', max_length=10, verbose_name='state')),
                    ('kind', models.CharField(choices=[('remedy', 'Remedy'), ('improvement', 'Improvement')], max_length=12, verbose_name='kind')),
                    ('what', models.CharField(max_length=500, verbose_name='measure taken')),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('running', models.BooleanField(default=False, verbose_name='to be carried out')),
                    ('outcome', models.TextField(blank=True, max_length=2000, verbose_name='outcome')),
                    ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                    ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                    ('proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name='proof')),
                    ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='complaints.plan', verbose_name='handling plan')),
                ],
                options={
                    'verbose_name': 'measure taken',
                    'verbose_name_plural': 'measures taken',
                    'ordering': ['pk'],
                    'abstract': False,
                    'indexes': [models.Index(fields=['complaint', 'id'], name='measures_of_complaint')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'remedy'), ('plan__isnull', False)), models.Q(('kind', 'improvement'), ('plan__isnull', True)), _connector='OR'), name='remedies_stand_in_a_plan')],
                },
            ), migrations.CreateModel(
                name='TeamTask',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('open', 'Open'), ('done', 'Done')], default='open', max_length=10, verbose_name='state')),
                    ('what', models.CharField(max_length=500, verbose_name='task')),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('given_at', models.DateTimeField(default=crm.clock.now, verbose_name='task given')),
                    ('outcome', models.TextField(blank=True, max_length=2000, verbose_name='outcome')),
                    ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ],
                options={
                    'verbose_name': 'task of a team',
                    'verbose_name_plural': 'tasks of teams',
                    'ordering': ['pk'],
                    'abstract': False,
                    'indexes': [models.Index(fields=['complaint', 'id'], name='tasks_of_complaint')],
                },
            )],
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
