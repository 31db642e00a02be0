import crm.clock
import crm.migrating
import crm.records.search
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('coordination', '0001_tables'), ('coordination', '0002_search')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('orders', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='AgendaItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('meeting', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='coordination.ordermeeting', verbose_name='order meeting')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agenda_items', to='orders.order', verbose_name='order')),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('breached', 'a time limit is over'), ('late', 'wanted before today'), ('short', 'short of stock'), ('allocate', 'to be allocated'), ('accept', 'to be accepted'), ('problem', 'a problem was reported'), ('help', 'help was asked for'), ('joint', 'handled jointly'), ('added', 'added by hand'), ('postponed', 'left over from the last meeting')], max_length=10), default=list, size=None, verbose_name='why')),
                    ('topic', models.CharField(blank=True, max_length=300, verbose_name='topic')),
                    ('struck', models.BooleanField(default=False, verbose_name='struck off')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was struck off')),
                    ('settled', models.TextField(blank=True, max_length=2000, verbose_name='what was settled')),
                ],
                options={
                    'verbose_name': 'item of an agenda',
                    'verbose_name_plural': 'items of agendas',
                    'ordering': ['meeting', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('meeting', 'position'), name='agenda_position_once')],
                },
            ), migrations.CreateModel(
                name='OrderMeeting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                    ('status', models.CharField(choices=[('called', 'Convened'), ('filed', 'Minutes filed'), ('cancelled', 'Cancelled')], default='called', max_length=10, verbose_name='state')),
                    ('meets_at', models.DateTimeField(verbose_name='meets at')),
                    ('place', models.CharField(max_length=120, verbose_name='place')),
                    ('convener', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='convened by')),
                    ('called_at', models.DateTimeField(default=crm.clock.now, verbose_name='convened at')),
                    ('minutes', models.TextField(blank=True, max_length=5000, verbose_name='other matters')),
                    ('filed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='minutes by')),
                    ('filed_at', models.DateTimeField(blank=True, null=True, verbose_name='minutes filed at')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was moved or cancelled')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('departments', models.ManyToManyField(related_name='+', to='accounts.department', verbose_name='departments')),
                    ('invited', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited')),
                    ('present', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='present')),
                ],
                options={
                    'verbose_name': 'order meeting',
                    'verbose_name_plural': 'order meetings',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='order_meetings_by_status'), models.Index(fields=['meets_at', 'id'], name='order_meetings_by_time'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_ordermeeting')],
                },
            ), migrations.CreateModel(
                name='MeetingTask',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='coordination.ordermeeting', verbose_name='order meeting')),
                    ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='coordination.agendaitem', verbose_name='item of the agenda')),
                    ('status', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('dropped', 'Dropped')], default='open', max_length=10, verbose_name='state')),
                    ('what', models.CharField(max_length=300, verbose_name='what is to be done')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('outcome', models.CharField(blank=True, max_length=300, verbose_name='outcome')),
                ],
                options={
                    'verbose_name': 'task of a meeting',
                    'verbose_name_plural': 'tasks of meetings',
                    'ordering': ['due_on', 'pk'],
                    'indexes': [models.Index(fields=['owner', 'due_on'], name='meeting_tasks_of_owner'), models.Index(fields=['due_on', 'id'], name='meeting_tasks_by_day')],
                },
            ), migrations.CreateModel(
                name='HelpRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='helprequests', to='orders.order', verbose_name='order')),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                    ('status', models.CharField(choices=[('asked', 'Asked'), ('promised', 'Promised'), ('done', 'Done'), ('declined', 'Not possible'), ('withdrawn', 'Withdrawn')], default='asked', max_length=10, verbose_name='state')),
                    ('department', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('what', models.TextField(max_length=2000, verbose_name='what is asked for')),
                    ('needed_on', models.DateField(verbose_name='needed by')),
                    ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ('asked_at', models.DateTimeField(default=crm.clock.now, verbose_name='asked at')),
                    ('answer', models.CharField(blank=True, max_length=1000, verbose_name='answer')),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                    ('promised_on', models.DateField(blank=True, null=True, verbose_name='promised for')),
                    ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                ],
                options={
                    'verbose_name': 'help request',
                    'verbose_name_plural': 'help requests',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'indexes': [models.Index(fields=['status', '-id'], name='help_requests_by_status'), models.Index(fields=['order', '-id'], name='help_requests_of_order'), models.Index(fields=['department', '-id'], name='help_of_department'), models.Index(fields=['asked_by', '-id'], name='help_requests_of_asker'), models.Index(fields=['needed_on', 'id'], name='help_requests_by_day'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_helprequest')],
                },
            ), migrations.CreateModel(
                name='JointHandling',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='jointhandlings', to='orders.order', verbose_name='order')),
                    ('status', models.CharField(choices=[('running', 'Running'), ('ended', 'Ended')], default='running', max_length=10, verbose_name='state')),
                    ('purpose', models.CharField(max_length=300, verbose_name='what it is for')),
                    ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lead')),
                    ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='begun by')),
                    ('begun_at', models.DateTimeField(default=crm.clock.now, verbose_name='begun')),
                    ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                    ('result', models.TextField(blank=True, max_length=2000, verbose_name='result')),
                    ('departments', models.ManyToManyField(related_name='+', to='accounts.department', verbose_name='departments')),
                ],
                options={
                    'verbose_name': 'joint handling',
                    'verbose_name_plural': 'joint handlings',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'indexes': [models.Index(fields=['status', '-id'], name='joint_handlings_by_status'), models.Index(fields=['order', '-id'], name='joint_handlings_of_order')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('order',), name='one_joint_handling_per_order', violation_error_message='This order is handled jointly already.')],
                },
            )],
        ),
    ]
