from django.db import migrations

MARK = """
    UPDATE satisfaction_invitation AS asked SET low_at = sheet.returned_at FROM satisfaction_sheet AS sheet
    WHERE sheet.invitation_id = asked.id AND sheet.returned_at >= now() - interval '90 days'
        AND asked.status IN ('partly', 'returned', 'blank')
        AND asked.complaint_id IS NULL AND asked.feedback_id IS NULL AND EXISTS (
            SELECT FROM satisfaction_answer AS answer
            WHERE answer.sheet_id = sheet.id AND answer.level = 'not_satisfied'
        )
"""


class Migration(migrations.Migration):
    """Low answers of the last ninety days, so long as the list had them, wait as those do that come from now on."""

    dependencies = [
        ('satisfaction', '0003_low_answers'),
    ]

    operations = [
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
