import crm.clock
import crm.deadlines.calendars
import crm.deadlines.models
import crm.migrating
import datetime
import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('deadlines', '0001_tables'), ('deadlines', '0003_rules_by_their_names')]

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
                name='BasisStamp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stamp', models.UUIDField(default=uuid.uuid4)),
                ],
                options={
                    'verbose_name': 'stamp of calendars and rules',
                    'verbose_name_plural': 'stamp of calendars and rules',
                },
            ), migrations.CreateModel(
                name='PeriodicRun',
                fields=[
                    ('name', models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name='job')),
                    ('next_at', models.DateTimeField(null=True, verbose_name='runs next')),
                    ('last_at', models.DateTimeField(null=True, verbose_name='last done')),
                    ('failed_at', models.DateTimeField(null=True, verbose_name='last failed')),
                    ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='failures since')),
                    ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ],
                options={
                    'verbose_name': 'periodic job',
                    'verbose_name_plural': 'periodic jobs',
                    'ordering': ['name'],
                },
            ), migrations.CreateModel(
                name='RuleVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rule', models.CharField(max_length=60, verbose_name='rule')),
                    ('tier', models.CharField(blank=True, help_text='Empty: every customer.', max_length=20, verbose_name='tier')),
                    ('valid_from', models.DateField(default=crm.clock.today, verbose_name='valid from')),
                    ('enabled', models.BooleanField(default=True, verbose_name='in force')),
                    ('amount', models.DecimalField(blank=True, decimal_places=2, help_text='Empty: as in the code.', max_digits=7, null=True, verbose_name='time limit')),
                    ('unit', models.CharField(blank=True, choices=[('wh', 'working hours'), ('wd', 'working days'), ('h', 'hours'), ('d', 'days')], max_length=2, verbose_name='unit')),
                    ('warn_amount', models.DecimalField(blank=True, decimal_places=2, help_text='Empty: as in the code.', max_digits=7, null=True, verbose_name='warn before')),
                    ('warn_unit', models.CharField(blank=True, choices=[('wh', 'working hours'), ('wd', 'working days'), ('h', 'hours'), ('d', 'days')], max_length=2, verbose_name='unit of the warning')),
                    ('escalate', models.BooleanField(default=True, help_text='A breach goes up the line of managers, a step each working day.', verbose_name='escalate')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                    ('at', models.DateTimeField(default=crm.clock.now, editable=False, verbose_name='changed at')),
                    ('remind_roles', models.ManyToManyField(blank=True, help_text='Roles that are told before the deadline, beside the responsible person.', related_name='+', to='auth.group', verbose_name='also reminded')),
                    ('breach_roles', models.ManyToManyField(blank=True, help_text='Roles that hear of a breach, beside the responsible person and his manager.', related_name='+', to='auth.group', verbose_name='also told of a breach')),
                ],
                options={
                    'verbose_name': 'value of a rule',
                    'verbose_name_plural': 'values of rules',
                    'ordering': ['rule', 'tier', '-valid_from'],
                    'constraints': [models.UniqueConstraint(fields=('rule', 'tier', 'valid_from'), name='rule_version_once_a_day', violation_error_message='This rule already has a value from that date on.'), models.CheckConstraint(condition=models.Q(('amount__isnull', True), models.Q(('amount__gt', 0), models.Q(('unit', ''), _negated=True)), _connector='OR'), name='rule_amount_is_positive_with_a_unit', violation_error_message='A time limit is a positive number with a unit.'), models.CheckConstraint(condition=models.Q(('warn_amount__isnull', True), models.Q(('warn_amount__gt', 0), models.Q(('warn_unit', ''), _negated=True)), _connector='OR'), name='rule_warning_is_positive_with_a_unit', violation_error_message='A warning is a positive number with a unit.')],
                },
            ), migrations.CreateModel(
                name='WorkCalendar',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('department', models.OneToOneField(blank=True, help_text='Empty: the calendar of the whole company. It holds for the departments below, too.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='work_calendar', to='accounts.department', verbose_name='department')),
                    ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ],
                options={
                    'verbose_name': 'working calendar',
                    'verbose_name_plural': 'working calendars',
                    'ordering': ['department', 'pk'],
                    'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('department__isnull', True)), name='one_company_calendar', violation_error_message='The company already has its calendar.')],
                },
            ), migrations.CreateModel(
                name='Deadline',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rule', models.CharField(choices=crm.deadlines.models.rule_choices, max_length=60, verbose_name='rule')),
                    ('subject_type', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
                    ('subject_pk', models.BigIntegerField(null=True)),
                    ('customer_id', models.BigIntegerField(null=True)),
                    ('responsible', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='responsible')),
                    ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('started_at', models.DateTimeField(verbose_name='started at')),
                    ('due_at', models.DateTimeField(verbose_name='due at')),
                    ('warn_at', models.DateTimeField(verbose_name='warns at')),
                    ('next_at', models.DateTimeField(null=True)),
                    ('step', models.PositiveSmallIntegerField(default=0)),
                    ('breached_at', models.DateTimeField(null=True)),
                    ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
                    ('outcome', models.CharField(blank=True, choices=[('met', 'met'), ('cancelled', 'no longer needed')], max_length=10, verbose_name='outcome')),
                    ('met_by', models.BigIntegerField(null=True)),
                    ('anchor', models.DateTimeField(null=True)),
                    ('calendar', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deadlines.workcalendar')),
                    ('calendar_version', models.PositiveIntegerField(default=0)),
                    ('rule_version', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deadlines.ruleversion')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                    ('unit', models.CharField(blank=True, choices=[('wh', 'working hours'), ('wd', 'working days'), ('h', 'hours'), ('d', 'days')], max_length=2)),
                    ('spans', models.JSONField(default=list)),
                    ('paused_at', models.DateTimeField(null=True)),
                    ('pauses', models.JSONField(default=list)),
                ],
                options={
                    'verbose_name': 'deadline',
                    'verbose_name_plural': 'deadlines',
                    'ordering': ['due_at', 'pk'],
                    'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True), ('next_at__isnull', False)), fields=['next_at'], name='deadlines_to_look_at'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['responsible', 'due_at'], name='deadlines_of_person'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['department', 'due_at'], name='deadlines_of_department'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at'], name='deadlines_open'), models.Index(condition=models.Q(('breached_at__isnull', True), ('closed_at__isnull', True)), fields=['due_at'], name='deadlines_to_breach'), models.Index(fields=['subject_type', 'subject_pk', 'due_at'], name='deadlines_of_subject'), models.Index(fields=['rule', 'due_at'], name='deadlines_of_rule'), models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['responsible', 'closed_at'], name='deadlines_done_by_person'), models.Index(condition=models.Q(('customer_id__isnull', False)), fields=['customer_id', 'due_at'], name='deadlines_of_customer')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('rule', 'subject_type', 'subject_pk'), name='one_open_deadline_per_rule_and_record', nulls_distinct=False)],
                },
            ), migrations.CreateModel(
                name='CalendarYear',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('calendar', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='years', to='deadlines.workcalendar', verbose_name='calendar')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                    ('announced', models.BooleanField(default=False, verbose_name='announced')),
                ],
                options={
                    'verbose_name': 'calendar year',
                    'verbose_name_plural': 'calendar years',
                    'ordering': ['calendar', 'year'],
                    'constraints': [models.UniqueConstraint(fields=('calendar', 'year'), name='calendar_year_once')],
                },
            ), migrations.CreateModel(
                name='CalendarDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('calendar', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='days', to='deadlines.workcalendar', verbose_name='calendar')),
                    ('date', models.DateField(verbose_name='date')),
                    ('working', models.BooleanField(verbose_name='working day')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=60, verbose_name='English name')),
                    ('hours', models.CharField(blank=True, help_text='For example 08:30-12:00, 13:30-15:00. Empty: those of an ordinary working day.', max_length=60, verbose_name='hours of this day')),
                    ('source', models.CharField(choices=[('official', 'official'), ('company', "company's own")], default='company', max_length=10, verbose_name='source')),
                ],
                options={
                    'verbose_name': 'special day',
                    'verbose_name_plural': 'special days',
                    'ordering': ['calendar', 'date'],
                    'constraints': [models.UniqueConstraint(fields=('calendar', 'date'), name='calendar_day_once', violation_error_message='This date is already in the calendar.')],
                },
            ), migrations.CreateModel(
                name='WorkInterval',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intervals', to='deadlines.workcalendar', verbose_name='calendar')),
                    ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                    ('start', models.TimeField(verbose_name='begins at')),
                    ('end', models.TimeField(help_text='00:00 is the midnight at which the day ends.', verbose_name='ends at')),
                ],
                options={
                    'verbose_name': 'working interval',
                    'verbose_name_plural': 'working intervals',
                    'ordering': ['calendar', 'weekday', 'start'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('end__gt', models.F('start')), ('end', datetime.time(0, 0)), _connector='OR'), name='work_interval_ends_after_it_begins', violation_error_message='The end is before the beginning.'), django.contrib.postgres.constraints.ExclusionConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], expressions=[(crm.deadlines.calendars.WeekStretch(), '&&')], name='work_intervals_do_not_overlap', violation_error_message='This overlaps another interval of the same weekday.')],
                },
            )],
        ),
    ]
