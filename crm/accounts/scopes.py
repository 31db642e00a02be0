"""To which records a user's rights reach: the one place that `visible_to` of every model is built from."""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from crm import clock
from crm.accounts.models import Participant, RoleReach, User
from crm.accounts.rights import rights_of

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


def departments_of(user: User) -> RawSQL:
    """The departments whose records the reach "department" means, as a subquery."""
    return RawSQL(_DEPARTMENTS, [user.department_id, user.pk])  # noqa: S611 - the text is ours


def involved(user: User, model: type[models.Model], pk: str = "pk") -> Exists:
    """Whether `user`, somebody he stands in for, or his department takes part in the row; can be locked over."""
    mine = Q(user=user) | Q(user__in=covered_by(user))
    if user.department_id:
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


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows who may see which rows.

    A model names its own columns: `owned_by` are the columns that hold a user, `owned_by_department` the columns that
    hold a department, `seen_through` a foreign key whose target's scope decides instead. Only WHERE is added, so that
    the result can be locked.
    """

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
