"""What takes a verb back: said once beside the verb, done through the gate with the values that field history kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.actions import Action
from crm.records.changes import field_of_column
from crm.records.fields import CompanionColumn, EncryptedField
from crm.records.models import FieldHistory
from crm.refusals import Forbidden, Refused

OPPOSITES: dict[str, "Opposite"] = {}


@dataclass(frozen=True)
class Opposite:
    """How a verb is taken back: `verb` is done to the same record with the former values of `restores`.

    Without `restores` it is an edit, and every field that was changed is restored. `follows` are fields that the verb
    sets by itself; they must be as before, too, or nothing is taken back. `also` is further input.
    """

    verb: Action
    restores: tuple[str, ...]
    follows: tuple[str, ...]
    also: Mapping[str, Any]


def opposite(
    of: Action,
    *,
    by: Action | None = None,
    restores: Iterable[str] = (),
    follows: Iterable[str] = (),
    also: Mapping[str, Any] | None = None,
) -> None:
    """Declare what takes `of` back: `by`, or the same verb with the former values. See Opposite for the words."""
    OPPOSITES[of.name] = Opposite(by or of, tuple(restores), tuple(follows), also or {})


def reachable(found: Opposite, status: str) -> set[str]:
    """The states in which the opposite leaves a record that is in `status`."""
    return set(found.verb.targets) or {status}


def cannot_return(found: Opposite, by: User, *, before: str, after: str, values: Mapping[str, Any]) -> Refused | None:
    """Why a record cannot be brought from the state `after` to `before` with these former values, or None.

    It needs no query, so that a preview can ask it of many records that nothing was done to yet.
    """
    if not by.has_perm(found.verb.name):
        return Forbidden(found.verb.name, found.verb.label)
    if before not in reachable(found, after):
        return Refused("no_way_back", _("No step leads back to the state that it had."))
    needed = [name for name in found.restores if found.verb.form.base_fields[name].required]
    empty: tuple[Any, ...] = (None, "", [])
    missing = [name for name in needed if values.get(name) in empty]
    if missing or (found.restores and all(values.get(name) in empty for name in found.restores)):
        return Refused("nothing_before", _("There was nothing before that could be restored."))
    return None


def former_values(model: type[models.Model], rows: Iterable[FieldHistory]) -> dict[str, Any]:
    """The values of the changed fields by name as they were before `rows`, the history of one record, oldest first.

    Raises Refused where an identifier was changed: of its former value only the tail is kept.
    """
    found: dict[str, Any] = {}
    for row in rows:
        for column, value in (row.before or {}).items():
            field = field_of_column(model, column)
            if field is None or field.name in found or isinstance(field, CompanionColumn):
                continue
            if isinstance(field, EncryptedField):
                raise Refused("sealed", _("Of the former value only the last characters are kept."))
            found[field.name] = field.to_python(value)
    return found


def inputs_of(found: Opposite, obj: Any, former: Mapping[str, Any]) -> dict[str, Any]:
    """What the opposite's form is given, by field: keys of records, and values as a form shows them."""
    names = found.restores or [name for name in former if name in found.verb.form.base_fields]
    values = {name: former[name] if name in former else getattr(obj, _attname(obj, name)) for name in names}
    fields = found.verb.form.base_fields
    return {**{name: fields[name].prepare_value(value) for name, value in values.items()}, **found.also}


def not_as_before(found: Opposite, obj: Any, former: Mapping[str, Any]) -> list[str]:
    """The fields that the opposite should have restored and has not: its inputs, what follows them, and the state."""
    names = {*found.restores, *found.follows} or {name for name in former if name in found.verb.form.base_fields}
    return [
        name
        for name in sorted(names | {"status"})
        if name in former and getattr(obj, _attname(obj, name)) != former[name]
    ]


def _attname(obj: models.Model, name: str) -> str:
    return obj._meta.get_field(name).attname  # type: ignore[union-attr]
