"""What a page says of its reader beside its own matter, in one query: what waits for him, his notices and views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm import clock
from crm.accounts.models import Department, User
from crm.deadlines.models import A_WEEK, Deadline
from crm.outbox.models import Message
from crm.postgresql import kept
from crm.records.brief import made
from crm.web.models import SavedView

ASKED = f"""
    SELECT 'waiting', subject_type_id, count(*), '', '' FROM {Deadline._meta.db_table}
    WHERE closed_at IS NULL AND due_at < %s
        AND (responsible_id = %s OR responsible_id IS NULL AND department_id = %s)
    GROUP BY subject_type_id
    UNION ALL SELECT 'unread', NULL, count(*), '', '' FROM {Message._meta.db_table}
    WHERE recipient_id = %s
        AND channel = '{Message.Channel.NOTICE.value}' AND status = '{Message.Status.UNREAD.value}'
    UNION ALL SELECT 'department', NULL, id, name, name_en FROM {Department._meta.db_table} WHERE id = %s
"""  # noqa: S608
VIEWS = f"""
    UNION ALL (
        SELECT 'view', id, CASE WHEN user_id = %s THEN 1 ELSE 0 END, name, query FROM {SavedView._meta.db_table}
        WHERE (user_id = %s OR shared) AND listing = %s AND NOT dropped ORDER BY name, id LIMIT 100
    )
"""  # noqa: S608


@dataclass(frozen=True)
class Glance:
    """How many deadlines wait for a user by the kind of record, how many notices he has not read, and his views.

    The views are those of one list, his own and those that colleagues share: key, name, filter, whether it is his own.
    """

    waiting: Mapping[int | None, int] = field(default_factory=dict)
    unread: int = 0
    views: Sequence[tuple[int, str, str, bool]] = ()

    @property
    def waiting_count(self) -> int:
        """All that waits."""
        return sum(self.waiting.values())


def glance(user: User, listing: str = "") -> Glance:
    """Ask for it, and remember at the user the name of his department, which stands beside his own.

    `listing` is the key of the list whose views are asked for. It is asked for with every page, so its SQL is written
    here, once; a test holds it to what `waiting_for` and `unread_by` find.
    """
    waiting: dict[int | None, int] = {}
    unread, views = 0, []
    sql, kinds = ASKED, ["timestamptz", "bigint", "bigint", "bigint", "bigint"]
    values = [clock.now() + A_WEEK, user.pk, user.department_id, user.pk, user.department_id]
    if listing:
        sql, kinds, values = ASKED + VIEWS, [*kinds, "bigint", "bigint", "text"], [*values, user.pk, user.pk, listing]
    for what, kind, number, name, more in kept(sql, kinds, values):
        if what == "waiting":
            waiting[kind] = number
        elif what == "unread":
            unread = number
        elif what == "view":
            views.append((kind, name, more, bool(number)))
        else:
            department = made(Department, number, ("name", "name_en"), (name, more))
            user._state.fields_cache["department"] = department
    return Glance(waiting, unread, views)
