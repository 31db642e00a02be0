import crm.clock
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
        ('catalog', '0001_initial'),
        ('complaints', '0001_initial'),
        ('customers', '0001_initial'),
        ('orders', '0003_taken_off'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Feedback',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='feedback number')),
                    ('status', models.CharField(choices=[('received', 'To be passed on'), ('passed', 'With the department'), ('answered', 'Answer to be told'), ('told', 'Promise being kept'), ('closed', 'Closed'), ('complaint', 'Became a complaint'), ('dropped', 'Entered by mistake')], default='received', max_length=10, verbose_name='state')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='feedbacks', to='customers.customer', verbose_name='customer')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feedbacks', to='orders.order', verbose_name='order')),
                    ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feedbacks', to='catalog.product', verbose_name='product')),
                    ('entry', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='customers.contactentry', verbose_name='contact entry')),
                    ('channel', models.CharField(choices=[('visit', 'Visit'), ('phone', 'Phone'), ('wechat', 'WeChat'), ('inspection', 'Inspection of the goods'), ('counter', 'Pickup counter'), ('hotline', 'Hotline'), ('mail', 'Mail'), ('web', 'Website'), ('other', 'In another way')], max_length=10, verbose_name='how it came')),
                    ('kind', models.CharField(choices=[('suggestion', 'Suggestion'), ('wish', 'Wish'), ('question', 'Question'), ('grumble', 'Grumble'), ('praise', 'Praise')], max_length=10, verbose_name='kind')),
                    ('about', models.CharField(choices=[('quality', 'Quality of the goods'), ('packaging', 'Packaging'), ('appearance', 'Appearance'), ('structure', 'Structure'), ('order', 'Ordering and papers'), ('delivery', 'Pickup and delivery'), ('price', 'Price'), ('service', 'Service'), ('staff', 'One of our people'), ('other', 'Something else')], max_length=10, verbose_name='what it is about')),
                    ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='whom it is about')),
                    ('content', models.TextField(max_length=4000, verbose_name='what he says')),
                    ('received_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
                    ('received_at', models.DateTimeField(default=crm.clock.now, verbose_name='received')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('concerned', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department concerned')),
                    ('addressee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named to answer')),
                    ('passed_at', models.DateTimeField(blank=True, null=True, verbose_name='passed on')),
                    ('returns', models.PositiveSmallIntegerField(default=0, verbose_name='times sent back')),
                    ('verdict', models.CharField(blank=True, choices=[('adopted', 'Adopted'), ('partly', 'Adopted in part'), ('declined', 'Not adopted'), ('explained', 'Explained')], max_length=10, verbose_name='verdict on it')),
                    ('solution', models.TextField(blank=True, max_length=2000, verbose_name='solution')),
                    ('reason', models.TextField(blank=True, max_length=1000, verbose_name='reason')),
                    ('promise', models.CharField(blank=True, max_length=500, verbose_name='what will be done')),
                    ('due_on', models.DateField(blank=True, null=True, verbose_name='to be done by')),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                    ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='customer told')),
                    ('told_how', models.CharField(blank=True, choices=[('phone', 'Phone'), ('mail', 'Mail'), ('sms', 'SMS'), ('wechat', 'WeChat'), ('visit', 'Visit'), ('meeting', 'Meeting'), ('link', 'By a link')], max_length=10, verbose_name='how he was told')),
                    ('reaction', models.TextField(blank=True, max_length=1000, verbose_name='what he said to it')),
                    ('outcome', models.TextField(blank=True, max_length=1000, verbose_name='how it was done')),
                    ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                    ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                    ('complaint', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='complaints.complaint', verbose_name='complaint')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'customer feedback',
                    'verbose_name_plural': 'customer feedback',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='feedback_by_status'), models.Index(fields=['owner', '-id'], name='feedback_of_owner'), models.Index(fields=['received_by', '-id'], name='feedback_of_receiver'), models.Index(fields=['department', '-id'], name='feedback_of_department'), models.Index(fields=['concerned', '-id'], name='feedback_of_concerned'), models.Index(fields=['customer', '-id'], name='feedback_of_customer'), models.Index(fields=['received_at', 'id'], name='feedback_by_time'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_feedback')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('verdict__in', ['partly', 'declined']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='feedback_declined_with_reason', violation_error_message='What is not adopted, or only in part, needs the reason.'), models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', True), ('promise', '')), models.Q(('due_on__isnull', False), models.Q(('promise', ''), _negated=True)), _connector='OR'), name='feedback_promise_has_day', violation_error_message='What will be done needs its day.')],
                },
            ), migrations.CreateModel(
                name='Passing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('feedback', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='passings', to='feedback.feedback', verbose_name='feedback')),
                    ('department', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='passed on')),
                    ('words', models.CharField(blank=True, max_length=500, verbose_name='what to look at')),
                    ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                    ('returned', models.BooleanField(default=False, verbose_name='sent back')),
                    ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ],
                options={
                    'verbose_name': 'passing on of feedback',
                    'verbose_name_plural': 'passings on of feedback',
                    'ordering': ['pk'],
                    'indexes': [models.Index(fields=['feedback', 'id'], name='passings_of_feedback'), models.Index(fields=['department', 'at'], name='passings_of_department')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('feedback',), name='feedback_with_one_department', violation_error_message='It is with a department already.')],
                },
            )],
        ),
    ]
