"""For whom somebody may act: himself, whom he stands in for or leads, a department as its head; who has a right."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.roles import EVERYONE
from crm.accounts.scopes import covered_keys
from crm.refusals import Refused


def stands_for(user: User) -> frozenset[int]:
    """Keys of the user himself and of everybody whose deputy he is today; asked once a day per user object."""
    today = clock.today()
    known: tuple[object, frozenset[int]] | None = getattr(user, "_stands_for", None)
    if known is None or known[0] != today:
        known = (today, frozenset({user.pk, *covered_keys(user)}))
        user._stands_for = known  # type: ignore[attr-defined]
    return known[1]


def leads(by: User, user: User) -> bool:
    """Whether `by` is the manager of `user`, or the head of his department."""
    return user.manager_id == by.pk or (user.department is not None and user.department.head_id == by.pk)


def owns(record: Any, by: User) -> bool:
    """Whether somebody is the `owner` of a record, stands in for him, or leads him."""
    return record.owner_id in stands_for(by) or leads(by, record.owner)


def only_its_owner(record: Any, by: User) -> Refused | None:
    """Why somebody does not do what is the owner's of a record; None where he owns it, stands in or leads the owner."""
    if owns(record, by):
        return None
    return Refused(
        "not_owner",
        _("Only %(owner)s can do this.") % {"owner": record.owner},
        _("Who stands in for him or leads him can do it as well."),
    )


def speaks_for(by: User, department: Department) -> bool:
    """Whether somebody signs for a department: its head, who stands in for him, or where there is none its people."""
    if department.head_id in stands_for(by):
        return True
    return by.department_id == department.pk and (department.head is None or not department.head.is_active)


def belongs_to(by: User, department: Department) -> bool:
    """Whether somebody is of the department, or speaks for it."""
    return by.department_id == department.pk or speaks_for(by, department)


def speakers(departments: Iterable[Department]) -> list[User]:
    """Who is told for these departments: their heads, or everybody at work where there is none, or he has left."""
    departments = list(departments)
    own = Q(department__in=[each.pk for each in departments])
    without = own & (Q(department__head=None) | Q(department__head__is_active=False))
    heads = Q(pk__in=[each.head_id for each in departments if each.head_id])
    return list(User.objects.working().filter(heads | without).order_by("pk"))


def holders(name: str) -> QuerySet[User]:
    """Everybody at work who has the right `name`, as one query: by his own right, his roles', or everybody's."""
    app, _dot, codename = name.partition(".")
    right = Permission.objects.filter(content_type__app_label=app, codename=codename).values("pk")
    roles = Group.objects.filter(permissions__in=right)
    own = User.user_permissions.through.objects.filter(user=OuterRef("pk"), permission__in=right)
    his = User.groups.through.objects.filter(user=OuterRef("pk"), group__in=roles.values("pk"))
    named = Exists(roles.filter(name=EVERYONE)) | Exists(own) | Exists(his)
    return User.objects.working().filter(Q(is_superuser=True) | named)
