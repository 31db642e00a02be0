"""Why something is not done: a stable code, a sentence, and what to do instead. Every door shows the same."""

from collections.abc import Container
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models
from django.utils.translation import gettext as _

UNIQUE_VIOLATION = "23505"


class Refused(Exception):
    """A verb may not be done now. `status` is the HTTP status that the API answers with."""

    status = 409

    def __init__(self, code: str, sentence: str, remedy: str = "") -> None:
        super().__init__(code)
        self.code, self.sentence, self.remedy = code, str(sentence), str(remedy)

    def __str__(self) -> str:
        return " ".join(filter(None, [self.sentence, self.remedy]))


class Forbidden(Refused):
    """The actor has not the permission of the verb's name."""

    status = 403

    def __init__(self, verb: str, label: Any = "") -> None:
        super().__init__(
            "forbidden",
            _("You do not have the right to do this."),
            _("Ask an administrator for the right “%(verb)s”.") % {"verb": label or verb},
        )


class WrongState(Refused):
    """The object is in no state for this verb."""

    def __init__(self, obj: models.Model) -> None:
        now = obj.Status(obj.status).label  # type: ignore[attr-defined]  # Django's own display translates all states
        super().__init__("wrong_state", _("Not possible while it is “%(now)s”.") % {"now": now})


class Stale(Refused):
    """Somebody changed the object since the actor looked at it."""

    status = 412

    def __init__(self, version: int) -> None:
        super().__init__(
            "stale", _("Someone has changed this in the meantime."), _("Look at what is new, then do it again.")
        )
        self.version = version


class KeyReused(Refused):
    """An idempotency key came again with another request."""

    status = 422

    def __init__(self) -> None:
        super().__init__("key_reused", _("This request key was already used for another request."))


def only_the_system(obj: Any, by: Any) -> Refused | None:
    """The guard of verbs that follow from others: no person does them, whatever his rights."""
    return None if by.is_system else Refused("by_itself", _("This happens by itself."))


def only_the_customer(obj: Any, by: Any) -> Refused | None:
    """The guard of verbs that are the customer's own word: nobody gives it in his place, whatever his rights.

    A verb that no role has and the system user "links" does has this guard, or another one that asks it first.
    """
    if by.is_system:
        return None
    return Refused(
        "customers_word",
        _("Only the customer does this, under his link."),
        _("What he said or signed in another way is recorded as such."),
    )


def from_constraint(error: IntegrityError, inputs: Container[str] = ()) -> Refused | ValidationError | None:
    """What the constraint that the database refused says to the actor, or None where it is none of ours.

    `inputs` are the names of what the verb is asked with. A value of one of them that is taken is answered by field,
    as the form would have answered it a moment later; everything else is a Refused, with the constraint as its code.
    """
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    if not name:
        return None
    model, constraint = _declared(name)
    if model is None:
        model = next((each for each in apps.get_models() if each._meta.db_table == diagnosis.table_name), None)
    if diagnosis.sqlstate == UNIQUE_VIOLATION and model is not None:
        names = _columns(model, name) if constraint is None else _names(constraint)
        if len(names) == 1 and names[0] in inputs:
            return ValidationError({names[0]: _taken(model, constraint, names[0])})
    if constraint is not None:
        return Refused(name, str(constraint.get_violation_error_message()))
    if diagnosis.sqlstate == UNIQUE_VIOLATION:
        return Refused("already_exists", _("There is already one with the same values."))
    return None


def _declared(name: str) -> tuple[type[models.Model] | None, models.BaseConstraint | None]:
    """The constraint of that name among those of the models, with its model."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return model, constraint
    return None, None


def _names(constraint: models.BaseConstraint) -> list[str]:
    """The fields that a unique constraint is about, also inside of expressions such as `Upper("username")`."""
    if not isinstance(constraint, models.UniqueConstraint):
        return []
    if constraint.fields:
        return list(constraint.fields)
    expressions: Any = constraint.expressions
    return [getattr(part, "name", "") for each in expressions for part in each.flatten() if isinstance(part, models.F)]


def _columns(model: type[models.Model], name: str) -> list[str]:
    """The fields of a column's own unique constraint, which only the database knows by name."""
    with connection.cursor() as cursor:
        found: Any = connection.introspection.get_constraints(cursor, model._meta.db_table).get(name, {})
    by_column = {each.column: each.name for each in model._meta.fields}
    return [by_column[each] for each in found.get("columns", []) if each in by_column]


def _taken(model: type[models.Model], constraint: models.BaseConstraint | None, field: str) -> ValidationError:
    """The sentence of a value that another record has already: the constraint's own, else the field's."""
    if constraint is not None and constraint.violation_error_message != constraint.default_violation_error_message:
        return ValidationError(constraint.get_violation_error_message(), code="unique")
    return model().unique_error_message(model, (field,))
