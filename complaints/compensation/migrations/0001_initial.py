import crm.clock
import crm.migrating
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('complaints', '0001_initial'),
        ('contracts', '0001_initial'),
        ('orders', '0003_taken_off'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='Agreement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='agreement number')),
                    ('status', models.CharField(choices=[('drafted', 'To be signed by us'), ('signed', 'To be sealed by us'), ('sealed', 'With the customer'), ('in_force', 'In force'), ('dropped', 'Withdrawn')], default='drafted', max_length=10, verbose_name='state')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='complaints.plan', verbose_name='handling plan')),
                    ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='orders.order', verbose_name='order')),
                    ('contract', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='contracts.contract', verbose_name='contract')),
                    ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='amount')),
                    ('text', models.TextField(verbose_name='text of the agreement')),
                    ('seller', models.CharField(max_length=200, verbose_name='seller')),
                    ('buyer', models.CharField(max_length=200, verbose_name='buyer')),
                    ('drafted_at', models.DateTimeField(default=crm.clock.now, verbose_name='drafted at')),
                    ('signed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by us')),
                    ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='time of signing')),
                    ('sealed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sealed by us')),
                    ('sealed_at', models.DateTimeField(blank=True, null=True, verbose_name='sealed at')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                    ('copy_at', models.DateTimeField(blank=True, null=True, verbose_name='signed copy handed in')),
                    ('his_name', models.CharField(blank=True, max_length=60, verbose_name='signed by the customer')),
                    ('his_day', models.DateField(blank=True, null=True, verbose_name='signed by the customer on')),
                    ('in_force_at', models.DateTimeField(blank=True, null=True, verbose_name='in force since')),
                    ('due_before', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='the order cost before')),
                    ('allowance', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreement', to='orders.allowance', verbose_name='allowance')),
                ],
                options={
                    'verbose_name': 'agreement on a compensation',
                    'verbose_name_plural': 'agreements on compensations',
                    'ordering': ['-pk'],
                    'abstract': False,
                    'indexes': [models.Index(fields=['status', '-id'], name='agreements_by_status'), models.Index(fields=['complaint', 'id'], name='agreements_of_complaint')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'dropped'), _negated=True), fields=('plan',), name='one_agreement_of_a_plan', violation_error_message='There is an agreement on this compensation already.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'in_force'), _negated=True), models.Q(('his_day__isnull', False), ('in_force_at__isnull', False)), _connector='OR'), name='agreement_in_force_is_signed')],
                },
            ), migrations.CreateModel(
                name='Discount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discounts', to='complaints.plan', verbose_name='handling plan')),
                    ('allowance', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='discount', to='orders.allowance', verbose_name='allowance')),
                    ('due_before', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='the order cost before')),
                ],
                options={
                    'verbose_name': 'discount after a complaint',
                    'verbose_name_plural': 'discounts after complaints',
                    'ordering': ['pk'],
                    'abstract': False,
                    'indexes': [models.Index(fields=['complaint', 'id'], name='discounts_of_complaint')],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='Replacement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='complaints.complaint', verbose_name='complaint')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='complaints.plan', verbose_name='handling plan')),
                    ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='replacement', to='orders.order', verbose_name='replacement order')),
                    ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                    ('made_at', models.DateTimeField(default=crm.clock.now, verbose_name='made')),
                ],
                options={
                    'verbose_name': 'replacement after a complaint',
                    'verbose_name_plural': 'replacements after complaints',
                    'ordering': ['pk'],
                    'abstract': False,
                    'indexes': [models.Index(fields=['complaint', 'id'], name='replacements_of_complaint')],
                    'constraints': [],
                },
            )],
        ),
    ]
