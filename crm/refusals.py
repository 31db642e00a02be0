"""Why something is not done: a stable code, a sentence, and what to do instead. Every door shows the same."""

from typing import Any

from django.apps import apps
from django.db import IntegrityError, models
from django.utils.translation import gettext as _


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
        now = obj.get_status_display()  # type: ignore[attr-defined]
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


def from_constraint(error: IntegrityError) -> Refused | None:
    """The sentence of the named constraint that the database refused, or None where it is none of ours."""
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    if not name:
        return None

    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return Refused(name, str(constraint.get_violation_error_message()))
    if diagnosis.sqlstate == "23505":
        return Refused("already_exists", _("There is already one with the same values."))
    return None
