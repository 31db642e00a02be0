"""Changes in words: a column by the label of its field, a key by the name of its record, a choice by its label."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from crm.records.fields import EncryptedField
from crm.records.history import model_of_table
from crm.records.models import FieldHistory


def field_of_column(model: type[models.Model], column: str) -> models.Field | None:
    """The field that stands in `column`, or None where the model has it no longer."""
    return next((field for field in model._meta.concrete_fields if field.column == column), None)


class Namer:
    """The names of all records that some changes point to, fetched at once: one query for each kind of record."""

    def __init__(self, rows: Iterable[FieldHistory]) -> None:
        wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        for row in rows:
            model = model_of_table(row.table_name)
            for column in {**(row.before or {}), **(row.after or {})} if model else ():
                field = field_of_column(model, column)  # type: ignore[arg-type]
                if isinstance(field, models.ForeignKey):
                    keys = {(row.before or {}).get(column), (row.after or {}).get(column)}
                    wanted[field.related_model] |= keys - {None}
        self.names = {
            model: {pk: str(obj) for pk, obj in model._base_manager.in_bulk(keys).items()}
            for model, keys in wanted.items()
        }

    def name(self, model: type[models.Model], pk: Any) -> str:
        """The name of the record, or its number where it is gone."""
        return self.names.get(model, {}).get(pk) or f"#{pk}"


def lines_of(row: FieldHistory, model: type[models.Model], namer: Namer) -> list[dict[str, Any]]:
    """The changed fields of one row as `{"name", "label", "before", "after"}`, in the order of the model."""
    lines = []
    before, after = row.before or {}, row.after or {}
    for field in model._meta.concrete_fields:
        if field.column in after or field.column in before:
            lines.append(
                {
                    "name": field.name,
                    "label": field.verbose_name,
                    "before": in_words(field, before.get(field.column), namer),
                    "after": in_words(field, after.get(field.column), namer),
                }
            )
    return lines


def in_words(field: models.Field, value: Any, namer: Namer) -> str:
    """A value of history as people read it; '' for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(field, EncryptedField):
        return str(value)
    if isinstance(field, models.ForeignKey):
        return namer.name(field.related_model, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        base = getattr(field, "base_field", field)
        return ", ".join(in_words(base, each, namer) for each in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    try:
        read = field.to_python(value)
    except (ValidationError, TypeError, ValueError):
        return str(value)
    if isinstance(field, models.DateTimeField):
        return timezone.localtime(read).strftime("%Y-%m-%d %H:%M")
    if isinstance(read, Decimal):
        return f"{read:,f}" if field.decimal_places == 2 else f"{read.normalize():,f}"  # type: ignore[attr-defined]
    return str(formats.localize(read, use_l10n=None)) if not isinstance(read, (dict, str)) else str(read)
