from django.conf import settings
from django.db import migrations

# Low answers of the last ninety days, so long as the list had them, wait as those do that come from now on.
LOW = """
    UPDATE satisfaction_invitation AS asked SET low_at = sheet.returned_at FROM satisfaction_sheet AS sheet
    WHERE sheet.invitation_id = asked.id AND sheet.returned_at >= now() - interval '90 days'
        AND asked.status IN ('partly', 'returned', 'blank')
        AND asked.complaint_id IS NULL AND asked.feedback_id IS NULL AND EXISTS (
            SELECT FROM satisfaction_answer AS answer
            WHERE answer.sheet_id = sheet.id AND answer.level = 'not_satisfied'
        )
"""

# Who was reminded before is not reminded again before the days between are over; the log knows of every reminder.
REMINDED = """
    UPDATE satisfaction_invitation AS asked SET reminded_on = (done.at AT TIME ZONE %(zone)s)::date
    FROM (
        SELECT subject_pk, max(at) AS at FROM records_actionlog
        WHERE verb = 'satisfaction.remind_invitation' GROUP BY subject_pk
    ) AS done
    WHERE done.subject_pk = asked.id AND asked.reminders > 0 AND asked.status = 'sent'
"""


class Migration(migrations.Migration):
    """Low answers and reminders of before are known as those of from now on."""

    dependencies = [
        ('records', '0001_initial'),
        ('satisfaction', '0003_low_answers_and_reminders'),
    ]

    operations = [
        migrations.RunSQL(LOW, migrations.RunSQL.noop),
        migrations.RunSQL([(REMINDED, {"zone": settings.TIME_ZONE})], migrations.RunSQL.noop),
    ]
