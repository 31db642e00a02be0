import crm.clock
import crm.migrating
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('applications', '0001_sent_forms')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('customers', '0001_initial'),
        ('inquiries', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        crm.migrating.Tables(
            models=[migrations.CreateModel(
                name='SentForm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('sent', 'Sent'), ('filled', 'Filled in')], default='sent', max_length=10, verbose_name='state')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sent_forms', to='customers.customer', verbose_name='customer')),
                    ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('inquiry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sent_forms', to='inquiries.inquiry', verbose_name='inquiry')),
                    ('applicant', models.ForeignKey(help_text='Who looks after the application once it is filled in.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='applied by')),
                    ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                    ('sent_at', models.DateTimeField(default=crm.clock.now, verbose_name='sent')),
                    ('filled_at', models.DateTimeField(blank=True, null=True, verbose_name='filled in')),
                    ('order', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sent_form', to='orders.order', verbose_name='order')),
                    ('content', models.JSONField(blank=True, default=dict, verbose_name='as it was sent')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'application form sent',
                    'verbose_name_plural': 'application forms sent',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['customer', '-id'], name='sent_forms_of_customer')],
                },
            )],
        ),
    ]
