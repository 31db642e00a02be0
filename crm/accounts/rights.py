"""What a user may do and how far he sees, by his own permissions and his roles', read in one query.

Whoever came with a session or a token brings the stamp of rights along, which is read with it: his rights are then kept
in this process for as long as the stamp stays, and a change counts at the next request.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from crm.accounts.models import RoleReach, User
from crm.accounts.roles import EVERYONE

WIDTH: dict[str | None, int] = {None: 0, RoleReach.Reach.OWN: 1, RoleReach.Reach.DEPARTMENT: 2, RoleReach.Reach.ALL: 3}


@dataclass(frozen=True)
class Rights:
    """The permissions by name, and the widest reach by the content type of a model, as they are under a stamp."""

    permissions: frozenset[str]
    reaches: dict[int, str]
    stamp: UUID | None = None


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
        ),
        (SELECT stamp FROM accounts_rightsstamp)
"""

MOST_KEPT = 2000  # users; with more of them the kept rights are read anew now and then
_kept: dict[tuple[int, bool], Rights] = {}


def rights_of(user: User) -> Rights:
    """The rights of `user`, kept at the object: found once per request, whatever a page wants to know."""
    known: Rights | None = getattr(user, "_rights", None)
    if known is None:
        stamp: UUID | None = getattr(user, "rights_stamp", None)
        kept = _kept.get((user.pk, user.is_system))
        if kept is not None and stamp is not None and kept.stamp == stamp:
            known = kept
        else:
            known = _read(user)
            if known.stamp is not None:
                if len(_kept) >= MOST_KEPT:
                    _kept.clear()
                _kept[user.pk, user.is_system] = known
        user._rights = known  # type: ignore[attr-defined]
    return known


def _read(user: User) -> Rights:
    """The rights as the database has them. Their stamp comes with them in one statement: none is newer than they are.

    Within a transaction that changed a role it is that transaction's own, which nobody else meets before the commit.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"user": user.pk, "everyone": "" if user.is_system else EVERYONE})
        permissions, found, stamp = cursor.fetchone()
    reaches: dict[int, str] = {}
    for each in found:
        model, reach = each.split(" ")
        reaches[int(model)] = max(reach, reaches.get(int(model)), key=lambda width: WIDTH[width])
    return Rights(frozenset(permissions), reaches, stamp)


def forget(user: User) -> None:
    """Read the rights of this object anew when they are asked for next."""
    user.__dict__.pop("_rights", None)
    user.__dict__.pop("rights_stamp", None)
