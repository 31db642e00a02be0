"""What one user may do and see, and through which role: the answer to "why can she do this?"."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.accounts.models import RoleReach, User
from crm.accounts.right_labels import rights_by_app
from crm.accounts.rights import WIDTH
from crm.accounts.roles import EVERYONE, label_of
from crm.accounts.scopes import scoped_models


@dataclass(frozen=True)
class Held:
    """One right, or one reach, and where it comes from."""

    label: str
    through: str
    reach: str = ""


def roles_of(user: User) -> list[Group]:
    """The roles of `user`, the one that everybody has included."""
    if user.is_system:
        return list(user.groups.order_by("pk"))
    mine = Q(pk__in=user.groups.values("pk")) | Q(name=EVERYONE)
    return list(Group.objects.filter(mine).order_by("pk"))


def held_rights(user: User) -> list[tuple[str, list[Held]]]:
    """The rights of `user` by app, each with the roles through which he has it; without those that he has not."""
    sources: dict[int, list[str]] = defaultdict(list)
    roles = roles_of(user)
    pairs = Group.permissions.through.objects.filter(group__in=roles).order_by("group_id")
    for group, permission in pairs.values_list("group_id", "permission_id"):
        sources[permission].append(next(label_of(role.name) for role in roles if role.pk == group))
    for permission in Permission.objects.filter(user=user).values_list("pk", flat=True):
        sources[permission].append(_("given to this user alone"))
    everything = [_("superuser")] if user.is_superuser else []
    groups = []
    for app, rights in rights_by_app():
        held = [
            Held(right.label, ", ".join(found)) for right in rights if (found := everything or sources.get(right.pk))
        ]
        if held:
            groups.append((app, held))
    return groups


def held_reaches(user: User) -> list[Held]:
    """How far `user` sees each kind of record, and through which role; only the widest counts."""
    found: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    for row in RoleReach.objects.filter(role__in=roles_of(user)).select_related("role", "model"):
        found[row.model.model_class()].append((row.reach, label_of(row.role.name)))
    lines = []
    for model in scoped_models():
        if user.is_superuser or user.is_system:
            width, through = RoleReach.Reach.ALL.value, _("superuser") if user.is_superuser else _("system")
        else:
            width = max((each for each, _role in found[model]), key=lambda each: WIDTH[each], default="")
            through = ", ".join(role for each, role in found[model] if each == width)
        reach = str(RoleReach.Reach(width).label) if width else _("only where involved")
        lines.append(Held(capfirst(str(model._meta.verbose_name_plural)), through, reach))
    return lines
