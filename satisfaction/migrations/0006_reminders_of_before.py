from django.conf import settings
from django.db import migrations

# Of those who still wait for an answer; the log knows of every reminder.
MARK = """
    UPDATE satisfaction_invitation AS asked SET reminded_on = (done.at AT TIME ZONE %(zone)s)::date
    FROM (
        SELECT subject_pk, max(at) AS at FROM records_actionlog
        WHERE verb = 'satisfaction.remind_invitation' GROUP BY subject_pk
    ) AS done
    WHERE done.subject_pk = asked.id AND asked.reminders > 0 AND asked.status = 'sent'
"""


class Migration(migrations.Migration):
    """Who was reminded before is not reminded again before the days between are over."""

    dependencies = [
        ('records', '0001_initial'),
        ('satisfaction', '0005_last_reminder'),
    ]

    operations = [
        migrations.RunSQL([(MARK, {"zone": settings.TIME_ZONE})], migrations.RunSQL.noop),
    ]
