import crm.clock
import crm.migrating
import crm.records.fields
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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Incoming',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='reference number')),
                    ('status', models.CharField(choices=[('new', 'To be looked at'), ('complaint', 'Made into a complaint'), ('feedback', 'Made into feedback'), ('added', 'Added to a complaint'), ('aside', 'Set aside'), ('automatic', 'Automatic message')], default='new', max_length=10, verbose_name='state')),
                    ('channel', models.CharField(choices=[('mail', 'Mail'), ('web', 'Web form'), ('talk', 'Contact log')], max_length=10, verbose_name='how it came')),
                    ('received_at', models.DateTimeField(default=crm.clock.now, verbose_name='received')),
                    ('name', models.CharField(blank=True, max_length=120, verbose_name='sender')),
                    ('company', models.CharField(blank=True, max_length=120, verbose_name='company')),
                    ('phone', crm.records.fields.EncryptedField(blank=True, companions=False, kind='phone', verbose_name='phone')),
                    ('email', crm.records.fields.EncryptedField(blank=True, companions=False, kind='email', verbose_name='mail address')),
                    ('subject', models.CharField(blank=True, max_length=300, verbose_name='subject')),
                    ('text', crm.records.fields.EncryptedTextField(blank=True, companions=False, kind='text', verbose_name='text')),
                    ('category', models.CharField(blank=True, choices=[('quality', 'Quality of the goods'), ('shortage', 'Shortage'), ('packaging', 'Packaging'), ('appearance', 'Appearance'), ('structure', 'Structure'), ('delivery', 'Delivery'), ('service', 'Service'), ('price', 'Price'), ('payment', 'Payment and deductions'), ('market', 'Market'), ('promise', 'Broken promise')], max_length=12, verbose_name='category')),
                    ('said_number', models.CharField(blank=True, max_length=40, verbose_name='order or pickup as he says')),
                    ('language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                    ('automatic', models.CharField(blank=True, choices=[('loop', 'a mail of our own that came back'), ('bounce', 'a report that a mail was not delivered'), ('auto_reply', 'an automatic answer'), ('bulk', 'a circular'), ('subject', 'an automatic answer, by its subject'), ('no_sender', 'no sender is named')], max_length=10, verbose_name='automatic')),
                    ('damaged', models.BooleanField(default=False, verbose_name='partly unreadable')),
                    ('left_out', models.JSONField(blank=True, default=list, verbose_name='left out')),
                    ('message_id', models.CharField(blank=True, max_length=250, verbose_name='Message-ID')),
                    ('message_key', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                    ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer', verbose_name='customer')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact by his address')),
                    ('named', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.complaint', verbose_name='complaint that he names')),
                    ('complaint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incoming', to='complaints.complaint', verbose_name='complaint')),
                    ('entry', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contactentry', verbose_name='contact entry')),
                    ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it was set aside')),
                    ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='looked at by')),
                    ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='looked at')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('phone_index', crm.records.fields.IndexColumn('phone')),
                    ('phone_tail', crm.records.fields.TailColumn('phone')),
                    ('email_index', crm.records.fields.IndexColumn('email')),
                    ('email_tail', crm.records.fields.TailColumn('email')),
                ],
                options={
                    'verbose_name': 'incoming message',
                    'verbose_name_plural': 'incoming messages',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='incoming_by_status'), models.Index(fields=['owner', '-id'], name='incoming_of_owner'), models.Index(fields=['department', '-id'], name='incoming_of_department'), models.Index(fields=['received_at', 'id'], name='incoming_by_time'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_incoming')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'aside'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='set_aside_with_reason', violation_error_message='A message is set aside only with a reason.')],
                },
            ), migrations.CreateModel(
                name='PublicForm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('open', models.BooleanField(default=True, help_text='Closed, its address says whom to call instead; nothing is taken.', verbose_name='open')),
                    ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ],
                options={
                    'verbose_name': 'public complaint form',
                    'verbose_name_plural': 'public complaint form',
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_public_form', violation_error_message='There is one public form.')],
                    'indexes': [],
                },
            )],
        ),
    ]
