"""What a user may do and how far he sees, by his own permissions and his roles', read in one query."""

from dataclasses import dataclass

from django.db import connection

from crm.accounts.models import RoleReach, User
from crm.accounts.roles import EVERYONE

WIDTH: dict[str | None, int] = {None: 0, RoleReach.Reach.OWN: 1, RoleReach.Reach.DEPARTMENT: 2, RoleReach.Reach.ALL: 3}


@dataclass(frozen=True)
class Rights:
    """The permissions by name, and the widest reach by the content type of a model."""

    permissions: frozenset[str]
    reaches: dict[int, str]


# Each employee has the role `everyone` without being in it; system users have what is theirs by name only.
_HELD = """
    WITH held AS (
        SELECT group_id FROM accounts_user_groups WHERE user_id = %(user)s
        UNION
        SELECT id FROM auth_group WHERE name = %(everyone)s
    )
    SELECT
        ARRAY(
            SELECT app.app_label || '.' || permission.codename
            FROM auth_permission permission JOIN django_content_type app ON app.id = permission.content_type_id
            WHERE permission.id IN (
                SELECT permission_id FROM accounts_user_user_permissions WHERE user_id = %(user)s
                UNION ALL
                SELECT permission_id FROM auth_group_permissions WHERE group_id IN (SELECT group_id FROM held)
            )
        ),
        ARRAY(
            SELECT model_id || ' ' || reach FROM accounts_rolereach WHERE role_id IN (SELECT group_id FROM held)
        )
"""


def rights_of(user: User) -> Rights:
    """The rights of `user`, kept at the object: asked for once per request, whatever a page wants to know."""
    known: Rights | None = getattr(user, "_rights", None)
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute(_HELD, {"user": user.pk, "everyone": "" if user.is_system else EVERYONE})
            permissions, found = cursor.fetchone()
        reaches: dict[int, str] = {}
        for each in found:
            model, reach = each.split(" ")
            reaches[int(model)] = max(reach, reaches.get(int(model)), key=lambda width: WIDTH[width])
        known = Rights(frozenset(permissions), reaches)
        user._rights = known  # type: ignore[attr-defined]
    return known


def forget(user: User) -> None:
    """Read the rights of this object anew when they are asked for next."""
    user.__dict__.pop("_rights", None)
