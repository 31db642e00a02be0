import crm.clock
import crm.migrating
import crm.records.search
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from satisfaction.first_form import make
from satisfaction.first_groups import make as make_groups


def begin(apps, schema_editor):
    """Make the form and the groups of remarks to begin with; the supervisor and the back office go on from them."""
    make(*(apps.get_model("satisfaction", name) for name in ("Questionnaire", "Edition", "Item", "Wording")))
    make_groups(apps.get_model("satisfaction", "RemarkGroup"))


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
                name='Questionnaire',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(error_messages={'unique': 'Another questionnaire has this code.'}, max_length=30, unique=True, verbose_name='form code')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('name_en', models.CharField(max_length=80, verbose_name='English name')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'questionnaire',
                    'verbose_name_plural': 'questionnaires',
                    'ordering': ['-pk'],
                    'indexes': [],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='Edition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('questionnaire', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='satisfaction.questionnaire', verbose_name='questionnaire')),
                    ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('released', 'Released'), ('retired', 'Retired')], default='draft', max_length=10, verbose_name='state')),
                    ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                    ('made_at', models.DateTimeField(default=crm.clock.now, verbose_name='begun')),
                    ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='released by')),
                    ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released at')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'edition of a questionnaire',
                    'verbose_name_plural': 'editions of questionnaires',
                    'ordering': ['-pk'],
                    'constraints': [models.UniqueConstraint(fields=('questionnaire', 'number'), name='edition_numbered_once'), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('questionnaire',), name='one_draft_of_a_questionnaire', violation_error_message='There is a draft already.'), models.UniqueConstraint(condition=models.Q(('status', 'released')), fields=('questionnaire',), name='one_released_edition', violation_error_message='Another edition is released already.')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='Item',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('questionnaire', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='satisfaction.questionnaire', verbose_name='questionnaire')),
                    ('code', models.SlugField(max_length=30, verbose_name='item code')),
                ],
                options={
                    'verbose_name': 'survey item',
                    'verbose_name_plural': 'survey items',
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('questionnaire', 'code'), name='item_once_in_a_questionnaire')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='Wording',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('edition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='wordings', to='satisfaction.edition', verbose_name='edition of a questionnaire')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wordings', to='satisfaction.item', verbose_name='survey item')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ('section', models.CharField(choices=[('quality', 'Quality of the goods'), ('delivery', 'Delivery and pickup'), ('sales', 'Sales service'), ('other', 'Other service')], max_length=10, verbose_name='section')),
                    ('text', models.CharField(max_length=200, verbose_name='text')),
                    ('text_en', models.CharField(max_length=200, verbose_name='English text')),
                ],
                options={
                    'verbose_name': 'wording of an item',
                    'verbose_name_plural': 'wordings of items',
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('edition', 'position'), name='one_item_at_a_position'), models.UniqueConstraint(fields=('edition', 'item'), name='item_once_in_an_edition')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='Campaign',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=30, unique=True, verbose_name='campaign number')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('status', models.CharField(choices=[('planned', 'Survey being planned'), ('running', 'Running'), ('ended', 'Ended, report open'), ('reported', 'Report closed'), ('dropped', 'Not carried out')], default='planned', max_length=10, verbose_name='state')),
                    ('kind', models.CharField(choices=[('annual', 'Yearly survey'), ('between', 'In between'), ('event', 'After an event')], max_length=10, verbose_name='kind')),
                    ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='satisfaction.edition', verbose_name='edition of a questionnaire')),
                    ('trigger', models.CharField(blank=True, choices=[('handover', 'Goods were handed over'), ('complaint', 'A complaint was closed'), ('visit', 'A return visit was recorded')], max_length=10, verbose_name='after which event')),
                    ('rest_days', models.PositiveSmallIntegerField(default=90, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(730)], verbose_name='days of rest for a contact')),
                    ('opens_on', models.DateField(verbose_name='begins on')),
                    ('until', models.DateField(verbose_name='answers until')),
                    ('anonymous', models.BooleanField(default=False, verbose_name='anonymous')),
                    ('step', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, verbose_name='step of the coefficients')),
                    ('remind_every', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='days between reminders')),
                    ('remind_most', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(10)], verbose_name='reminders at most')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('planned_at', models.DateTimeField(default=crm.clock.now, verbose_name='planned at')),
                    ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                    ('handed_out_at', models.DateTimeField(blank=True, null=True, verbose_name='report handed out')),
                    ('reported_at', models.DateTimeField(blank=True, null=True, verbose_name='report closed at')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'survey campaign',
                    'verbose_name_plural': 'survey campaigns',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['status', '-id'], name='campaigns_by_status'), models.Index(fields=['owner', '-id'], name='campaigns_of_owner'), models.Index(fields=['opens_on', 'id'], name='campaigns_by_day'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_campaign')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('opens_on'))), name='campaign_ends_after_it_begins', violation_error_message='It cannot end before it begins.'), models.CheckConstraint(condition=models.Q(('step__isnull', True), ('step__gt', 0), _connector='OR'), name='campaign_step_is_positive', violation_error_message='The step lies above 0.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'event'), models.Q(('trigger', ''), _negated=True)), models.Q(models.Q(('kind', 'event'), _negated=True), ('trigger', '')), _connector='OR'), name='event_campaign_has_its_event', violation_error_message='Say after which event it asks; other surveys have none.'), models.CheckConstraint(condition=models.Q(('anonymous', True), ('kind', 'event'), _negated=True), name='event_campaign_is_not_anonymous', violation_error_message='A survey after events is not anonymous: few answer on a day, and each would be known by it.')],
                },
            ), migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('search_terms', crm.records.search.TermsField()),
                    ('search_text', models.TextField(blank=True, default='', editable=False)),
                    ('number', models.CharField(max_length=40, unique=True, verbose_name='invitation number')),
                    ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='satisfaction.campaign', verbose_name='survey campaign')),
                    ('status', models.CharField(choices=[('to_send', 'To be sent'), ('sent', 'Sent'), ('partly', 'Partly answered'), ('returned', 'All items answered'), ('blank', 'Returned blank'), ('refused', 'Declined to answer'), ('left_out', 'Left out')], default='to_send', max_length=10, verbose_name='state')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='customers.customer', verbose_name='customer')),
                    ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact', verbose_name='contact')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('tier', models.CharField(choices=[('vip', 'VIP'), ('key', 'Key customer'), ('regular', 'Regular'), ('potential', 'Potential customer')], max_length=10, verbose_name='tier')),
                    ('region', models.CharField(blank=True, max_length=40, verbose_name='region')),
                    ('event', models.CharField(blank=True, max_length=40, verbose_name='event')),
                    ('way', models.CharField(blank=True, choices=[('mail', 'Mail'), ('sms', 'SMS'), ('paper', 'Printed sheet')], max_length=10, verbose_name='way of sending')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                    ('reminders', models.PositiveSmallIntegerField(default=0, verbose_name='reminders sent')),
                    ('remind_on', models.DateField(blank=True, null=True, verbose_name='next reminder')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('complaint', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to='complaints.complaint', verbose_name='complaint')),
                    ('feedback', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to='feedback.feedback', verbose_name='feedback')),
                    ('secret', models.CharField(blank=True, default='', editable=False, max_length=64)),
                    ('used', models.BooleanField(default=False, editable=False, verbose_name='answered anonymously')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'invitation to a survey',
                    'verbose_name_plural': 'invitations to surveys',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['campaign', 'status', '-id'], name='invitations_of_campaign'), models.Index(fields=['campaign', '-id'], name='invitations_by_campaign'), models.Index(fields=['status', '-id'], name='invitations_by_status'), models.Index(fields=['owner', '-id'], name='invitations_of_owner'), models.Index(fields=['department', '-id'], name='invitations_of_department'), models.Index(fields=['customer', '-id'], name='invitations_of_customer'), models.Index(condition=models.Q(('remind_on__isnull', False)), fields=['remind_on'], name='invitations_to_remind'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_terms'], name='search_invitation')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('secret', ''), _negated=True), fields=('secret',), name='invitation_has_its_own_secret'), models.UniqueConstraint(fields=('campaign', 'customer', 'event'), name='customer_asked_once_in_a_campaign', violation_error_message='This customer is asked already.'), models.UniqueConstraint(fields=('campaign', 'contact', 'event'), name='contact_asked_once_in_a_campaign', violation_error_message='This contact is asked already.')],
                },
            ), migrations.CreateModel(
                name='Correction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='satisfaction.campaign', verbose_name='survey campaign')),
                    ('reason', models.CharField(max_length=500, verbose_name='reason')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='at')),
                ],
                options={
                    'verbose_name': 'correction of coefficients',
                    'verbose_name_plural': 'corrections of coefficients',
                    'ordering': ['-pk'],
                    'indexes': [],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='Corrected',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('correction', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='satisfaction.correction', verbose_name='correction of coefficients')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='satisfaction.item', verbose_name='survey item')),
                    ('computed', models.DecimalField(decimal_places=6, max_digits=7, verbose_name='computed coefficient')),
                    ('value', models.DecimalField(decimal_places=6, max_digits=7, verbose_name='coefficient')),
                ],
                options={
                    'verbose_name': 'corrected coefficient',
                    'verbose_name_plural': 'corrected coefficients',
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('correction', 'item'), name='item_corrected_once'), models.CheckConstraint(condition=models.Q(('value__gt', 0), ('value__lte', 1)), name='coefficient_is_positive', violation_error_message='A coefficient lies above 0, and not above 1.')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='ReviewCopy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='satisfaction.campaign', verbose_name='survey campaign')),
                    ('edition', models.PositiveSmallIntegerField(verbose_name='edition')),
                    ('words', models.CharField(blank=True, max_length=1000, verbose_name='remarks to the management review')),
                    ('people', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='who got it')),
                    ('files', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='files')),
                    ('digest', models.CharField(max_length=64, verbose_name='hash')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed over by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='when')),
                ],
                options={
                    'verbose_name': 'copy for the management review',
                    'verbose_name_plural': 'copies for the management review',
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'edition'), name='copy_once_an_edition')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='Measure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='satisfaction.campaign', verbose_name='survey campaign')),
                    ('status', models.CharField(choices=[('open', 'Open'), ('done', 'Done')], default='open', max_length=10, verbose_name='state')),
                    ('kind', models.CharField(choices=[('corrective', 'Corrective'), ('preventive', 'Preventive')], max_length=10, verbose_name='kind')),
                    ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='satisfaction.item', verbose_name='survey item')),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                    ('what', models.CharField(max_length=500, verbose_name='measure taken')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                    ('entered_at', models.DateTimeField(default=crm.clock.now, verbose_name='entered at')),
                    ('outcome', models.TextField(blank=True, max_length=2000, verbose_name='outcome')),
                    ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                    ('for_customers', models.CharField(blank=True, max_length=300, verbose_name='told to customers')),
                    ('for_customers_en', models.CharField(blank=True, max_length=300, verbose_name='told to customers in English')),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'measure after a survey',
                    'verbose_name_plural': 'measures after surveys',
                    'ordering': ['pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('for_customers', ''), ('for_customers_en', '')), models.Q(models.Q(('for_customers', ''), _negated=True), models.Q(('for_customers_en', ''), _negated=True), ('status', 'done')), _connector='OR'), name='customers_are_told_what_is_done', violation_error_message='Customers are told in both languages what is done.')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='Sheet',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='satisfaction.campaign', verbose_name='survey campaign')),
                    ('invitation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sheet', to='satisfaction.invitation', verbose_name='invitation to a survey')),
                    ('counted', models.BooleanField(default=True, verbose_name='counted in the scores')),
                    ('late', models.BooleanField(default=False, verbose_name='late')),
                    ('way', models.CharField(choices=[('link', 'By the link'), ('paper', 'On paper'), ('phone', 'By telephone')], default='link', max_length=10, verbose_name='how it came back')),
                    ('returned_at', models.DateTimeField(null=True, verbose_name='returned at')),
                    ('changed_at', models.DateTimeField(null=True, verbose_name='changed at')),
                    ('keyed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='keyed in by')),
                    ('remarks', models.TextField(blank=True, max_length=2000, verbose_name='remarks')),
                ],
                options={
                    'verbose_name': 'returned sheet',
                    'verbose_name_plural': 'returned sheets',
                    'ordering': ['pk'],
                    'indexes': [models.Index(fields=['campaign', 'counted'], name='sheets_of_campaign')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('invitation__isnull', False), models.Q(('changed_at__isnull', True), ('keyed_by__isnull', True), ('returned_at__isnull', True), ('way', 'link')), _connector='OR'), name='anonymous_sheet_tells_nothing'), models.CheckConstraint(condition=models.Q(('way', 'link'), ('keyed_by__isnull', False), _connector='OR'), name='keyed_in_sheet_says_by_whom')],
                },
            ), migrations.CreateModel(
                name='Unsent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('invitation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='unsent', to='satisfaction.invitation', verbose_name='invitation to a survey')),
                    ('answers', models.JSONField(default=list, verbose_name='answers')),
                    ('remarks', models.TextField(blank=True, max_length=2000, verbose_name='remarks')),
                    ('at', models.PositiveSmallIntegerField(default=0, verbose_name='question he looked at')),
                    ('begun_at', models.DateTimeField(verbose_name='begun')),
                    ('saved_at', models.DateTimeField(verbose_name='saved at')),
                ],
                options={
                    'verbose_name': 'answers not sent yet',
                    'verbose_name_plural': 'answers not sent yet',
                    'indexes': [],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='Answer',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('sheet', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='satisfaction.sheet', verbose_name='returned sheet')),
                    ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='satisfaction.item', verbose_name='survey item')),
                    ('level', models.CharField(blank=True, choices=[('very_satisfied', 'Very satisfied'), ('satisfied', 'Satisfied'), ('fair', 'Fairly satisfied'), ('not_satisfied', 'Not satisfied')], max_length=14, verbose_name='answer')),
                    ('matters', models.BooleanField(default=False, verbose_name='matters most')),
                ],
                options={
                    'verbose_name': 'answer to an item',
                    'verbose_name_plural': 'answers to items',
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('sheet', 'item'), name='item_answered_once'), models.CheckConstraint(condition=models.Q(models.Q(('level', ''), _negated=True), ('matters', True), _connector='OR'), name='answer_says_something')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='RemarkGroup',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=30, unique=True, verbose_name='code')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('name_en', models.CharField(max_length=80, verbose_name='English name')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                    ('active', models.BooleanField(default=True, verbose_name='in use')),
                ],
                options={
                    'verbose_name': 'group of remarks',
                    'verbose_name_plural': 'groups of remarks',
                    'ordering': ['position', 'code'],
                    'indexes': [],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='GroupedRemark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sheet', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='groupings', to='satisfaction.sheet', verbose_name='returned sheet')),
                    ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='satisfaction.remarkgroup', verbose_name='group of remarks')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('at', models.DateTimeField(default=crm.clock.now, verbose_name='at')),
                ],
                options={
                    'verbose_name': 'remark in a group',
                    'verbose_name_plural': 'remarks in groups',
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('sheet', 'group'), name='remark_once_in_a_group')],
                    'indexes': [],
                },
            )],
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
