"""To which records a user's rights reach: the one place that `visible_to` of every model is built from."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from crm import clock
from crm.accounts.models import Participant, RoleReach, User
from crm.accounts.rights import rights_of
from crm.postgresql import kept
from crm.statements import LARGEST, MARK, Statement, is_whole, one

Reach = RoleReach.Reach

# Whoever is away with the user as deputy, and whoever is away with one of those as deputy, and so on.
_COVERED = """
    WITH RECURSIVE away AS (
        SELECT user_id, deputy_id FROM accounts_absence
        WHERE first_day <= %s AND last_day >= %s AND (ended_at IS NULL OR ended_at > %s)
    ), covered AS (
        SELECT user_id FROM away WHERE deputy_id = %s
        UNION
        SELECT away.user_id FROM away JOIN covered ON away.deputy_id = covered.user_id
    )
    SELECT user_id FROM covered
"""

# The user's department, those of which he is the head, and all below them.
_DEPARTMENTS = """
    WITH RECURSIVE his AS (
        SELECT id FROM accounts_department WHERE id = %s OR head_id = %s
        UNION
        SELECT below.id FROM accounts_department below JOIN his ON below.parent_id = his.id
    )
    SELECT id FROM his
"""


def reach(user: User, model: type[models.Model]) -> str | None:
    """How far `user` sees rows of `model`: "own", "department", "all", or None for nothing but where he is involved.

    Superusers and system users see all; what they may do there is a question of permissions.
    """
    if not user.is_active:
        return None
    if user.is_superuser or user.is_system:
        return Reach.ALL
    return rights_of(user).reaches.get(ContentType.objects.get_for_model(model).pk)


def covered_by(user: User) -> RawSQL:
    """The people for whom `user` is deputy today, as a subquery: he sees what they own while they are away."""
    today = clock.today()
    return RawSQL(_COVERED, [today, today, clock.now(), user.pk])  # noqa: S611 - the text is ours


def covers(user: User, other: int) -> bool:
    """Whether `user` is deputy today for the one who has this key."""
    today = clock.today()
    kinds, values = ["date", "date", "timestamptz", "bigint", "bigint"], [today, today, clock.now(), user.pk, other]
    return bool(kept(f"SELECT 1 FROM ({_COVERED}) AS covered WHERE user_id = %s", kinds, values))  # noqa: S608


def covered_keys(user: User) -> list[int]:
    """The keys of everybody for whom `user` is deputy today."""
    today = clock.today()
    rows = kept(_COVERED, ["date", "date", "timestamptz", "bigint"], [today, today, clock.now(), user.pk])
    return [pk for (pk,) in rows]


def departments_of(user: User) -> RawSQL:
    """The departments whose records the reach "department" means, as a subquery."""
    return RawSQL(_DEPARTMENTS, [user.department_id, user.pk])  # noqa: S611 - the text is ours


def shares(user: User, model: Any) -> bool:
    """Whether what his department takes part in is for `user`: where `model` names a right for that, he needs it."""
    right: str | None = getattr(root_of(model), "shared_by", None)
    return right is None or user.has_perm(right)


def root_of(model: Any) -> Any:
    """The model whose scope decides what is seen of `model`: itself, or what it is seen through."""
    through = getattr(model, "seen_through", None)
    return root_of(model._meta.get_field(through).related_model) if through else model


def involved(user: User, model: type[models.Model], pk: str = "pk") -> Exists:
    """Whether `user`, somebody he stands in for, or his department takes part in the row; can be locked over."""
    mine = Q(user=user) | Q(user__in=covered_by(user))
    if user.department_id and shares(user, model):
        mine |= Q(department=user.department_id)
    return Exists(
        Participant.objects.filter(mine, subject_type=ContentType.objects.get_for_model(model), subject_pk=OuterRef(pk))
        .filter(Q(until__isnull=True) | Q(until__gt=clock.now()))
        .order_by()
    )


def scoped_models() -> list[type[models.Model]]:
    """The models for which a role has a reach of its own, in the order of the installed apps."""
    return [
        model for model in apps.get_models() if hasattr(model, "owned_by") and not getattr(model, "seen_through", None)
    ]


def may_open(user: User, model: Any) -> bool:
    """Whether single records of `model` are for `user`: whose lists are, or for whose roles the records have a reach.

    What is only seen through another record, or by everybody, is not opened by its number where its list is refused:
    who sees an order does not read its payments for that.
    """
    return user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}") or model in scoped_models()


def opens(user: User, model: Any, pk: int) -> bool:
    """Whether the record is for `user` where he sees it: as its kind is, or because he takes part in this very one.

    Who is asked to approve something may read it, whatever his role. Asked at every door: page, print, file and REST.
    """
    return may_open(user, model) or model._base_manager.filter(involved(user, model), pk=pk).exists()


def sees(user: User, record: Any) -> bool:
    """Whether the record is among those that `user` sees; one of a model without a scope is everybody's."""
    rows = type(record)._default_manager
    return not hasattr(rows, "visible_to") or rows.visible_to(user).filter(pk=record.pk).exists()


Scope = Callable[[Any, User], Any]


def by_reach(visible_to: Scope) -> Scope:
    """Say of a `visible_to` that it asks nothing but how far the user sees, here and in what it stands on.

    Beside that his key, his department and the time may stand in what it answers, as values, and whether he `shares`
    what his department takes part in; nothing else of him.
    """
    visible_to.by_reach = True  # type: ignore[attr-defined]
    return visible_to


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows who may see which rows.

    A model names its own columns: `owned_by` are the columns that hold a user, `owned_by_department` the columns that
    hold a department, `seen_through` a foreign key whose target's scope decides instead, `shared_by` the right that
    somebody needs to see what only his department takes part in. Only WHERE is added, so that the result can be locked.
    """

    @by_reach
    def visible_to(self, user: User) -> "ScopedQuerySet":
        """The rows that `user` may see."""
        if not user.is_active:
            return self.none()
        through = getattr(self.model, "seen_through", None)
        if through:
            root: Any = self.model._meta.get_field(through).related_model
            if reach(user, root) == Reach.ALL:
                return self
            return self.filter(**{f"{through}__in": root._default_manager.visible_to(user).values("pk")})
        width = reach(user, self.model)
        if width == Reach.ALL:
            return self
        seen = Q(involved(user, self.model))
        if width:
            covered = covered_by(user)
            for column in self.model.owned_by:  # type: ignore[attr-defined]
                seen |= Q(**{column: user.pk}) | Q(**{f"{column}__in": covered})
        if width == Reach.DEPARTMENT:
            for column in self.model.owned_by_department:  # type: ignore[attr-defined]
                seen |= Q(**{f"{column}__in": departments_of(user)})
        return self.filter(seen)


# What stands in a scope of the user and of the time, in the places that are marked so in a statement.
WHO, WHERE, WHEN = MARK + 1, MARK + 2, datetime(1971, 2, 3, 4, 5, tzinfo=UTC)
with clock.at(WHEN):
    MARKS = (MARK, WHO, WHERE, WHEN, clock.today())

_seen: dict[Any, Statement | None] = {}
MOST_SCOPES = 1000


def seen(rows: models.QuerySet, user: User, pk: int | None, *, lock: bool = False) -> Any:
    """The record that has this key, if `user` may see it, or None: what `rows.visible_to(user)` answers.

    With `lock` it stays as it is until the end of the transaction. The SQL is made once for all who see equally far,
    where the scope is one `by_reach` and `rows` are all of a table; every other question is Django's.
    """
    if user.is_active and pk is not None and pk <= LARGEST and is_whole(rows) and _is_by_reach(rows):
        reaches = () if user.is_superuser or user.is_system else frozenset(rights_of(user).reaches.items())
        shared = user.department_id is not None and shares(user, rows.model)
        far = (user.is_superuser, user.is_system, user.department_id is not None, shared, reaches)
        kind = (rows.model, repr(rows.query.select_related), lock, far)
        if kind not in _seen:
            if len(_seen) >= MOST_SCOPES:
                _seen.clear()
            _seen[kind] = _statement(rows, user, lock)
        if statement := _seen[kind]:
            return next(iter(statement(pk, user.pk, user.department_id, clock.now(), clock.today())), None)
    scoped: Any = rows.visible_to(user)  # type: ignore[attr-defined]
    return one(locked(scoped) if lock else scoped, pk)


def locked(rows: models.QuerySet) -> models.QuerySet:
    """`rows`, of which nobody else can change one until the end of the transaction."""
    return rows.select_for_update(of=("self",), no_key=True)


def _is_by_reach(rows: Any) -> bool:
    through = getattr(rows.model, "seen_through", None)
    if type(rows).visible_to is not ScopedQuerySet.visible_to or not through:
        return getattr(type(rows).visible_to, "by_reach", False)
    return _is_by_reach(rows.model._meta.get_field(through).related_model._default_manager.all())


def _statement(rows: Any, user: User, lock: bool) -> Statement | None:
    """The question for everybody who sees as far as `user`: nothing in it is his own but what is marked."""
    anybody = copy(user)
    anybody.pk, anybody.department_id = WHO, user.department_id and WHERE

    def question(pk: int, *_marks: Any) -> models.QuerySet:
        with clock.at(WHEN):
            scoped = rows.order_by().visible_to(anybody).filter(pk=pk)
            return locked(scoped) if lock else scoped

    statement = Statement(question, MARKS, spare=MARKS[1:])
    try:
        statement.prepare()
    except EmptyResultSet:
        return None
    return statement


def involve(subject: models.Model, *, why: str, user: User | None = None, department=None, until=None) -> Participant:
    """Let a user or a department see `subject` from now on, `why` being shown beside the name."""
    row, _created = Participant.objects.update_or_create(
        subject_type=ContentType.objects.get_for_model(subject),
        subject_pk=subject.pk,
        user=user,
        department=department,
        defaults={"why": why, "until": until},
    )
    return row
