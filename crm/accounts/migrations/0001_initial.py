import crm.clock
import crm.migrating
import crm.records.fields
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_tables')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='RightsStamp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stamp', models.UUIDField()),
                ],
                options={
                    'verbose_name': 'stamp of rights',
                    'verbose_name_plural': 'stamp of rights',
                },
            ), migrations.CreateModel(
                name='SignInAttempt',
                fields=[
                    ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                    ('at', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), size=None)),
                    ('changed_at', models.DateTimeField(db_index=True, default=crm.clock.now)),
                ],
                options={
                    'verbose_name': 'failed sign-in',
                    'verbose_name_plural': 'failed sign-ins',
                },
            ), migrations.CreateModel(
                name='Role',
                fields=[
                ],
                options={
                    'verbose_name': 'role',
                    'verbose_name_plural': 'roles',
                    'proxy': True,
                    'indexes': [],
                    'constraints': [],
                },
                bases=('auth.group',),
                managers=[
                    ('objects', django.contrib.auth.models.GroupManager()),
                ],
            ), migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('username', models.CharField(max_length=60, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='user name')),
                    ('name', models.CharField(max_length=60, verbose_name='full name')),
                    ('name_en', models.CharField(blank=True, max_length=60, verbose_name='English name')),
                    ('title', models.CharField(blank=True, max_length=60, verbose_name='title')),
                    ('kind', models.CharField(choices=[('person', 'Person'), ('system', 'System')], default='person', max_length=10, verbose_name='kind')),
                    ('email', crm.records.fields.EncryptedField(blank=True, companions=False, kind='email', verbose_name='mail address')),
                    ('phone', crm.records.fields.EncryptedField(blank=True, companions=False, kind='phone', verbose_name='phone')),
                    ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='users', to='accounts.department', verbose_name='department')),
                    ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to=settings.AUTH_USER_MODEL, verbose_name='manager')),
                    ('language', models.CharField(blank=True, help_text='Empty: as the browser asks.', max_length=10, verbose_name='language')),
                    ('mail_notices', models.BooleanField(default=False, verbose_name='notices by mail too')),
                    ('is_staff', models.BooleanField(default=False, verbose_name='may enter the back office')),
                    ('is_active', models.BooleanField(default=True, verbose_name='active')),
                    ('date_joined', models.DateTimeField(default=crm.clock.now, verbose_name='since')),
                    ('version', models.PositiveIntegerField(default=0, editable=False)),
                    ('email_index', crm.records.fields.IndexColumn('email')),
                    ('email_tail', crm.records.fields.TailColumn('email')),
                    ('phone_index', crm.records.fields.IndexColumn('phone')),
                    ('phone_tail', crm.records.fields.TailColumn('phone')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'user',
                    'verbose_name_plural': 'users',
                    'ordering': ['username'],
                    'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('username'), name='user_name_once_in_any_case', violation_error_message='There is already a user of this name.')],
                },
            ), migrations.CreateModel(
                name='AppliedDefault',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(max_length=150)),
                    ('what', models.CharField(max_length=200)),
                ],
                options={
                    'verbose_name': 'applied default',
                    'verbose_name_plural': 'applied defaults',
                    'constraints': [models.UniqueConstraint(fields=('role', 'what'), name='applied_default_once')],
                },
            ), migrations.CreateModel(
                name='Department',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=30, unique=True, verbose_name='code')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.department', verbose_name='part of')),
                    ('head', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='head')),
                    ('version', models.PositiveIntegerField(default=0, editable=False)),
                ],
                options={
                    'verbose_name': 'department',
                    'verbose_name_plural': 'departments',
                    'ordering': ['code'],
                },
            ), migrations.CreateModel(
                name='Participant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subject_type', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
                    ('subject_pk', models.BigIntegerField()),
                    ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.department')),
                    ('why', models.CharField(max_length=60, verbose_name='why')),
                    ('until', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ],
                options={
                    'verbose_name': 'participant',
                    'verbose_name_plural': 'participants',
                    'constraints': [models.CheckConstraint(condition=models.Q(('user__isnull', True), ('department__isnull', True), _connector='XOR'), name='participant_is_user_or_department'), models.UniqueConstraint(fields=('subject_type', 'subject_pk', 'user', 'department'), name='participant_once', nulls_distinct=False)],
                },
            ), migrations.CreateModel(
                name='RoleReach',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reaches', to='auth.group', verbose_name='role')),
                    ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record')),
                    ('reach', models.CharField(choices=[('own', 'own'), ('department', "department's"), ('all', 'all')], max_length=12, verbose_name='reach')),
                ],
                options={
                    'verbose_name': 'reach of a role',
                    'verbose_name_plural': 'reaches of roles',
                    'constraints': [models.UniqueConstraint(fields=('role', 'model'), name='one_reach_per_role_and_model')],
                },
            ), migrations.CreateModel(
                name='UserSession',
                fields=[
                    ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                    ('session_data', models.TextField(verbose_name='session data')),
                    ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                    ('address', models.CharField(blank=True, max_length=45, verbose_name='address')),
                    ('device', models.CharField(blank=True, max_length=60, verbose_name='device')),
                    ('since', models.DateTimeField(default=crm.clock.now, verbose_name='since')),
                    ('last_seen', models.DateTimeField(default=crm.clock.now, verbose_name='last seen')),
                ],
                options={
                    'verbose_name': 'session',
                    'verbose_name_plural': 'sessions',
                    'abstract': False,
                },
            ), migrations.CreateModel(
                name='Absence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                    ('first_day', models.DateField(verbose_name='first day')),
                    ('last_day', models.DateField(verbose_name='last day')),
                    ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='standing_in', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                    ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended early')),
                    ('version', models.PositiveIntegerField(default=0, editable=False)),
                ],
                options={
                    'verbose_name': 'absence',
                    'verbose_name_plural': 'absences',
                    'ordering': ['-first_day'],
                    'indexes': [models.Index(fields=['user', 'last_day'], name='absence_of_user'), models.Index(fields=['last_day'], name='absence_by_last_day')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='absence_ends_after_it_begins', violation_error_message='The last day is before the first.'), models.CheckConstraint(condition=models.Q(('deputy', models.F('user')), _negated=True), name='absence_deputy_is_another', violation_error_message='Nobody can be his own deputy.')],
                },
            )],
        ),
    ]
