import crm.approvals.chains
import crm.clock
import crm.migrating
import crm.records.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('approvals', '0001_tables'), ('approvals', '0004_parts_and_conditions')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='ApprovalRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                    ('status', models.CharField(choices=[('waiting', 'Waiting'), ('approved', 'Approved'), ('done', 'Carried out'), ('failed', 'Approved, not carried out'), ('sent_back', 'Sent back'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('void', 'Voided')], default='waiting', max_length=10, verbose_name='state')),
                    ('verb', models.CharField(choices=crm.approvals.chains.verb_choices, max_length=80, verbose_name='what is to be approved')),
                    ('subject_type', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ('subject_pk', models.BigIntegerField(null=True)),
                    ('customer_id', models.BigIntegerField(null=True)),
                    ('title', models.CharField(max_length=200, verbose_name='about')),
                    ('requester', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='amount')),
                    ('kind', models.CharField(blank=True, max_length=40, verbose_name='kind')),
                    ('question', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='request', to='approvals.question')),
                    ('inputs', crm.records.fields.EncryptedField(blank=True, companions=False, kind='text')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='step')),
                    ('asked_at', models.DateTimeField(default=crm.clock.now, verbose_name='asked at')),
                    ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
                    ('used_log', models.BigIntegerField(null=True)),
                    ('reason', models.CharField(blank=True, max_length=1000, verbose_name='reason')),
                    ('problem', models.CharField(blank=True, max_length=1000, verbose_name='why it was not carried out')),
                    ('changes', models.JSONField(default=list)),
                    ('previous', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.approvalrequest', verbose_name='asked before')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'request for approval',
                    'verbose_name_plural': 'requests for approval',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['subject_type', 'subject_pk', '-id'], name='requests_of_subject'), models.Index(condition=models.Q(('status__in', ['waiting', 'approved', 'failed'])), fields=['subject_type', 'subject_pk'], name='requests_live_of_subject'), models.Index(fields=['requester', '-id'], name='requests_of_user'), models.Index(fields=['department', '-id'], name='requests_of_department'), models.Index(fields=['status', '-id'], name='requests_by_state'), models.Index(fields=['asked_at'], name='requests_by_time')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'waiting'), ('subject_pk__isnull', False)), fields=('verb', 'subject_type', 'subject_pk'), name='one_waiting_request_per_verb_and_record', violation_error_message='This has been asked already and waits to be decided.')],
                },
            ), migrations.CreateModel(
                name='Chain',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('verb', models.CharField(choices=crm.approvals.chains.verb_choices, max_length=80, verbose_name='what is approved')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                    ('priority', models.PositiveSmallIntegerField(default=100, help_text='The smallest number that fits is taken.', verbose_name='priority')),
                    ('active', models.BooleanField(default=True, verbose_name='in force')),
                    ('amount_from', models.DecimalField(blank=True, decimal_places=2, help_text='This amount included.', max_digits=14, null=True, verbose_name='amount from')),
                    ('amount_to', models.DecimalField(blank=True, decimal_places=2, help_text='This amount excluded.', max_digits=14, null=True, verbose_name='amount below')),
                    ('department', models.ForeignKey(blank=True, help_text='With all that belong to it. Empty: every department.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('kind', models.CharField(blank=True, help_text='Empty: every kind.', max_length=40, verbose_name='kind')),
                    ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version')),
                ],
                options={
                    'verbose_name': 'chain of approval',
                    'verbose_name_plural': 'chains of approval',
                    'ordering': ['verb', 'priority', 'pk'],
                    'indexes': [models.Index(fields=['verb', 'priority'], name='chains_of_verb')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_from__isnull', True), ('amount_to__isnull', True), ('amount_to__gt', models.F('amount_from')), _connector='OR'), name='chain_amounts_are_a_range', violation_error_message='The upper amount is not above the lower one.')],
                },
            ), migrations.CreateModel(
                name='ChainStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('chain', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='approvals.chain', verbose_name='chain of approval')),
                    ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=60, verbose_name='English name')),
                    ('who', models.CharField(choices=[('users', 'Named people'), ('role', 'Everybody in a role'), ('role_here', 'A role within the department of the record'), ('head', "The head of the requester's department"), ('line', "The requester's manager, so many levels up")], default='line', max_length=10, verbose_name='who decides')),
                    ('role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group', verbose_name='role')),
                    ('levels', models.PositiveSmallIntegerField(default=1, verbose_name='levels up')),
                    ('mode', models.CharField(choices=[('all', 'All of them'), ('any', 'Any one of them'), ('sequence', 'One after the other')], default='any', max_length=10, verbose_name='how many')),
                    ('limit_amount', models.DecimalField(blank=True, decimal_places=2, help_text='Empty: as the rule approval.decide says.', max_digits=7, null=True, verbose_name='time limit')),
                    ('limit_unit', models.CharField(blank=True, choices=[('wh', 'working hours'), ('wd', 'working days'), ('h', 'hours'), ('d', 'days')], max_length=2, verbose_name='unit')),
                    ('opinion', models.BooleanField(default=False, verbose_name='opinion required')),
                    ('nobody', models.CharField(choices=[('administrators', 'The administrators decide'), ('skip', 'The step is left out'), ('refuse', 'The request cannot be made')], default='administrators', max_length=20, verbose_name='if nobody fits')),
                    ('own', models.CharField(choices=[('superior', 'His superior decides'), ('skip', 'He is left out if others remain, else his superior decides')], default='superior', max_length=10, verbose_name='if he is the requester')),
                    ('repeated', models.CharField(choices=[('skip', 'Counts as approved'), ('ask', 'He is asked again')], default='skip', max_length=10, verbose_name='if he agreed before')),
                    ('together', models.BooleanField(default=False, help_text='Both are asked at once; what follows waits for both.', verbose_name='at the same time as the step before')),
                    ('part', models.CharField(blank=True, help_text='Empty: everything. Otherwise only this part of the facts.', max_length=40, verbose_name='judges')),
                    ('users', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named people')),
                ],
                options={
                    'verbose_name': 'step',
                    'verbose_name_plural': 'steps',
                    'ordering': ['chain', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('chain', 'position'), name='chain_step_position_once', violation_error_message='Two steps have the same position.'), models.CheckConstraint(condition=models.Q(('limit_amount__isnull', True), models.Q(('limit_amount__gt', 0), models.Q(('limit_unit', ''), _negated=True)), _connector='OR'), name='chain_step_limit_has_a_unit', violation_error_message='A time limit is a positive number with a unit.')],
                },
            ), migrations.CreateModel(
                name='ChainVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('chain', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='approvals.chain')),
                    ('number', models.PositiveIntegerField(verbose_name='version')),
                    ('conditions', models.JSONField(default=dict)),
                    ('steps', models.JSONField(default=list)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='changed at')),
                ],
                options={
                    'verbose_name': 'version of a chain',
                    'verbose_name_plural': 'versions of chains',
                    'ordering': ['-number'],
                    'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='chain_version_once')],
                },
            ), migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='approvals.approvalrequest')),
                    ('task', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='approvals.task')),
                    ('what', models.CharField(choices=[('approved', 'approved'), ('rejected', 'turned down'), ('sent_back', 'sent back'), ('step_back', 'sent back to an earlier step'), ('delegated', 'delegated'), ('added', 'added a signer')], max_length=10)),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('on_behalf_of', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('whom', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('opinion', models.CharField(blank=True, max_length=1000)),
                    ('hash', models.CharField(max_length=64)),
                    ('door', models.CharField(choices=[('page', 'Page'), ('api', 'REST'), ('admin', 'Back office'), ('link', "Customer's link"), ('task', 'Background task'), ('command', 'Command'), ('import', 'Import')], max_length=10)),
                    ('log', models.BigIntegerField(null=True)),
                    ('at', models.DateTimeField(default=crm.clock.now)),
                ],
                options={
                    'verbose_name': 'decision',
                    'verbose_name_plural': 'decisions',
                    'ordering': ['pk'],
                },
            ), migrations.CreateModel(
                name='Question',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('verb', models.CharField(max_length=80)),
                    ('subject_type', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ('subject_pk', models.BigIntegerField(null=True)),
                    ('facts', models.JSONField(default=dict)),
                    ('wording', models.JSONField(default=list)),
                    ('hash', models.CharField(max_length=64)),
                    ('parts', models.JSONField(default=dict)),
                    ('chain', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.chainversion')),
                    ('steps', models.JSONField(default=list)),
                    ('at', models.DateTimeField(default=crm.clock.now)),
                ],
                options={
                    'verbose_name': 'question',
                    'verbose_name_plural': 'questions',
                },
            ), migrations.CreateModel(
                name='Task',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='approvals.approvalrequest', verbose_name='request')),
                    ('status', models.CharField(choices=[('pending', 'Not yet in turn'), ('waiting', 'Awaiting decision'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('sent_back', 'Sent back'), ('delegated', 'Delegated'), ('skipped', 'Left out'), ('closed', 'Not required')], default='waiting', max_length=10, verbose_name='state')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='step')),
                    ('part', models.CharField(blank=True, max_length=40, verbose_name='part')),
                    ('turn', models.PositiveIntegerField(default=0)),
                    ('approver', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who is asked')),
                    ('role', models.CharField(blank=True, max_length=150)),
                    ('added_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                    ('note', models.CharField(blank=True, max_length=30, verbose_name='note')),
                    ('carried', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.decision', verbose_name='earlier opinion')),
                    ('superseded', models.BooleanField(default=False)),
                    ('begun_at', models.DateTimeField(default=crm.clock.now, verbose_name='asked at')),
                    ('due_on', models.DateTimeField(null=True)),
                    ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                    ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'approval',
                    'verbose_name_plural': 'approvals',
                    'ordering': ['position', 'turn', 'pk'],
                    'indexes': [models.Index(fields=['approver', 'status', '-id'], name='tasks_of_approver'), models.Index(condition=models.Q(('decided_by__isnull', False)), fields=['decided_by', '-id'], name='tasks_decided_by'), models.Index(condition=models.Q(('status', 'waiting')), fields=['status'], name='tasks_waiting'), models.Index(fields=['begun_at', 'id'], name='approval_tasks_by_time')],
                },
            ), migrations.CreateModel(
                name='Condition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='approvals.approvalrequest', verbose_name='request')),
                    ('task', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.task', verbose_name='raised with')),
                    ('status', models.CharField(choices=[('open', 'Open'), ('met', 'Met'), ('waived', 'Waived')], default='open', max_length=10, verbose_name='state')),
                    ('text', models.CharField(max_length=1000, verbose_name='condition')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who meets it')),
                    ('due_on', models.DateField(verbose_name='until')),
                    ('raised_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='raised by')),
                    ('raised_at', models.DateTimeField(default=crm.clock.now, verbose_name='raised')),
                    ('proof', models.CharField(blank=True, max_length=1000, verbose_name='proof')),
                    ('closed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                    ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'condition',
                    'verbose_name_plural': 'conditions',
                    'ordering': ['pk'],
                },
            )],
        ),
    ]
