"""Records of which only is read what they are called by: a picker that answers while one types shows nothing else.

A model names the paths that its text and its `detail` read: `called_by = ("number", "customer__name", "project")`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models

from crm.fetching import tuples


def called_by(model: type[models.Model]) -> tuple[str, ...]:
    """The paths that text and `detail` of a record read; none where the model does not say so."""
    return getattr(model, "called_by", ())


def briefly(rows: models.QuerySet, most: int) -> list[Any]:
    """The first `most` of `rows` with what they are called by; whole where their model does not name it."""
    paths = called_by(rows.model)
    if not paths:
        return list(rows[:most])
    return [made(rows.model, pk, paths, values) for pk, *values in tuples(rows, paths, most)]


def made(model: Any, pk: Any, paths: Iterable[str], values: Sequence[Any]) -> Any:
    """The record of this key with these values; anything else of it is read when it is asked for.

    What stands behind a foreign key is a record of its own, without a key: it is only there to be named.
    """
    own = {model._meta.pk.attname: pk}
    others: dict[str, dict[str, Any]] = {}
    for path, value in zip(paths, values, strict=True):
        key, _behind, name = path.partition("__")
        if name:
            others.setdefault(key, {})[name] = value
        else:
            own[path] = value
    obj = _loaded(model, own)
    for key, fields in others.items():
        field = model._meta.get_field(key)
        field.set_cached_value(obj, _loaded(field.related_model, fields))
    return obj


def _loaded(model: Any, values: dict[str, Any]) -> Any:
    """A record as it comes from the database with these columns; Django wants them in the model's order."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db(DEFAULT_DB_ALIAS, names, [values[name] for name in names])
