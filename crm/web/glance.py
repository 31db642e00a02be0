"""What the frame around every page says of its reader, in one query: what waits for him, how many notices, where."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from crm.accounts.models import Department, User
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.brief import made


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
    """Ask for it, and remember at the user the name of his department, which stands beside his own."""
    waiting = Deadline.objects.waiting_for(user).order_by().values_list("subject_type")
    unread = Message.objects.unread_by(user).order_by().values_list("pk")
    (by_kind, whose), (new, of_whom) = (rows.query.sql_with_params() for rows in (waiting, unread))
    text = (
        f"SELECT 'waiting', kind, count(*), '', '' FROM ({by_kind}) AS deadline (kind) GROUP BY kind"  # noqa: S608
        f" UNION ALL SELECT 'unread', NULL, count(*), '', '' FROM ({new}) AS notice"
        f" UNION ALL SELECT 'department', NULL, id, name, name_en FROM {Department._meta.db_table} WHERE id = %s"
    )
    found: dict[int | None, int] = {}
    number = 0
    with connection.cursor() as cursor:
        cursor.execute(text, [*whose, *of_whom, user.department_id])
        for what, kind, count, name, name_en in cursor.fetchall():
            if what == "waiting":
                found[kind] = count
            elif what == "unread":
                number = count
            else:
                user._state.fields_cache["department"] = made(Department, count, ("name", "name_en"), (name, name_en))
    return Glance(found, number)
