"""Who leads whom: the people below a user, the departments he leads, and the line above him."""

from django.db import connection

from crm.accounts.models import Department, User

LONGEST_LINE = 20  # a circle of managers ends here at the latest

BELOW = """
WITH RECURSIVE below (id, depth) AS (
    SELECT id, 1 FROM accounts_user WHERE manager_id = %s
    UNION
    SELECT lower.id, depth + 1 FROM accounts_user lower JOIN below ON lower.manager_id = below.id WHERE depth < %s
)
SELECT DISTINCT id FROM below
"""

LED = """
WITH RECURSIVE led (id) AS (
    SELECT id FROM accounts_department WHERE head_id = %s
    UNION
    SELECT part.id FROM accounts_department part JOIN led ON part.parent_id = led.id
)
SELECT id FROM led
"""


def people_of(user: User) -> frozenset[int]:
    """Keys of everybody whose manager, or manager's manager and so on, is `user`; asked once per user object."""
    return _once(user, "_people", BELOW, [user.pk, LONGEST_LINE])


def led_departments(user: User) -> frozenset[int]:
    """Keys of the departments whose head is `user`, with all that belong to them; asked once per user object."""
    return _once(user, "_led", LED, [user.pk])


def line_above(user: User | None, department: Department | None) -> list[User]:
    """Who hears of a breach, step by step: the managers upwards, then the heads of the departments upwards.

    Nobody stands in it twice, nor does the user himself, nor who has left.
    """
    line: list[User] = []
    seen = {user.pk} if user else set()

    def join(found: User | None) -> None:
        if found is not None and found.pk not in seen:
            seen.add(found.pk)
            if found.is_active:
                line.append(found)

    boss = user.manager if user else None
    for _level in range(LONGEST_LINE):
        if boss is None or boss.pk in seen:
            break
        join(boss)
        boss = boss.manager
    for _level in range(LONGEST_LINE):
        if department is None:
            break
        join(department.head)
        department = department.parent
    return line if line or user else last_resort()


def last_resort() -> list[User]:
    """Who hears of what belongs to nobody: the heads of the departments that are part of no other, else superusers."""
    people = User.objects.working()
    heads = people.filter(pk__in=Department.objects.filter(parent=None, head__isnull=False).values("head"))
    return list(heads.order_by("pk")) or list(people.filter(is_superuser=True).order_by("pk"))


def _once(user: User, name: str, query: str, values: list[int]) -> frozenset[int]:
    found = getattr(user, name, None)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            found = frozenset(row[0] for row in cursor.fetchall())
        setattr(user, name, found)
    return found
