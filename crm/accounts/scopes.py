"""To which records a user's rights reach: the one place that `visible_to` of every model is built from."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q

from crm import clock
from crm.accounts.models import Participant, RoleReach, User

Reach = RoleReach.Reach
WIDTH = {None: 0, Reach.OWN: 1, Reach.DEPARTMENT: 2, Reach.ALL: 3}


def reach(user: User, model: type[models.Model]) -> str | None:
    """How far `user` sees rows of `model`: "own", "department", "all", or None for nothing but where he is involved.

    Superusers and system users see all; what they may do there is a question of permissions. The roles' reaches are
    read once per user object, that is once per request.
    """
    if not user.is_active:
        return None
    if user.is_superuser or user.is_system:
        return Reach.ALL
    reaches: dict[int, str] | None = getattr(user, "_reaches", None)
    if reaches is None:
        reaches = {}
        for model_id, found in RoleReach.objects.filter(role__user=user).values_list("model_id", "reach"):
            reaches[model_id] = max(found, reaches.get(model_id), key=lambda each: WIDTH[each])
        user._reaches = reaches  # type: ignore[attr-defined]
    return reaches.get(ContentType.objects.get_for_model(model).pk)


def involved(user: User, model: type[models.Model], pk: str = "pk") -> Exists:
    """Whether `user` or his department takes part in the row, as a condition that can be locked over."""
    mine = Q(user=user) | Q(department=user.department_id) if user.department_id else Q(user=user)
    return Exists(
        Participant.objects.filter(mine, subject_type=ContentType.objects.get_for_model(model), subject_pk=OuterRef(pk))
        .filter(Q(until__isnull=True) | Q(until__gt=clock.now()))
        .order_by()
    )


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows who may see which rows.

    A model names its own columns: `owned_by` are the columns that hold a user, `owned_by_department` the columns that
    hold a department, `seen_through` a foreign key whose target's scope decides instead. Only WHERE is added, so that
    the result can be locked.
    """

    def visible_to(self, user: User) -> "ScopedQuerySet":
        """The rows that `user` may see."""
        through = getattr(self.model, "seen_through", None)
        if through:
            field = self.model._meta.get_field(through)
            if reach(user, field.related_model) == Reach.ALL:
                return self
            return self.filter(**{f"{through}__in": field.related_model._default_manager.visible_to(user).values("pk")})
        width = reach(user, self.model)
        if width == Reach.ALL:
            return self
        seen = Q(involved(user, self.model))
        if width:
            for column in self.model.owned_by:
                seen |= Q(**{column: user.pk})
        if width == Reach.DEPARTMENT and user.department_id:
            for column in self.model.owned_by_department:
                seen |= Q(**{column: user.department_id})
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
