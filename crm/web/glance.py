"""What the frame around every page says of its reader, in one query: what waits for him, how many notices, where."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from crm import clock
from crm.accounts.models import Department, User
from crm.deadlines.models import A_WEEK, Deadline
from crm.outbox.models import Message
from crm.records.brief import made

ASKED = f"""
    SELECT 'waiting', subject_type_id, count(*), '', '' FROM {Deadline._meta.db_table}
    WHERE closed_at IS NULL AND due_at < %(until)s
        AND (responsible_id = %(user)s OR responsible_id IS NULL AND department_id = %(department)s)
    GROUP BY subject_type_id
    UNION ALL SELECT 'unread', NULL, count(*), '', '' FROM {Message._meta.db_table}
    WHERE recipient_id = %(user)s
        AND channel = '{Message.Channel.NOTICE.value}' AND status = '{Message.Status.UNREAD.value}'
    UNION ALL SELECT 'department', NULL, id, name, name_en FROM {Department._meta.db_table} WHERE id = %(department)s
"""  # noqa: S608


@dataclass(frozen=True)
class Glance:
    """How many deadlines wait for a user by the kind of record, and how many notices he has not read."""

    waiting: Mapping[int | None, int] = field(default_factory=dict)
    unread: int = 0

    @property
    def waiting_count(self) -> int:
        """All that waits."""
        return sum(self.waiting.values())


def glance(user: User) -> Glance:
    """Ask for it, and remember at the user the name of his department, which stands beside his own.

    It is asked for with every page, so its SQL is written here, once; a test holds it to what `waiting_for` and
    `unread_by` find.
    """
    found: dict[int | None, int] = {}
    number = 0
    facts = {"user": user.pk, "department": user.department_id, "until": clock.now() + A_WEEK}
    with connection.cursor() as cursor:
        cursor.execute(ASKED, facts)
        for what, kind, count, name, name_en in cursor.fetchall():
            if what == "waiting":
                found[kind] = count
            elif what == "unread":
                number = count
            else:
                user._state.fields_cache["department"] = made(Department, count, ("name", "name_en"), (name, name_en))
    return Glance(found, number)
