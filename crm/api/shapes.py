"""What a form's fields look like in JSON: their schema for OpenAPI and for clients, and the check of what was sent.

A form would turn anything into text; a JSON body says what it means, so a list where a text belongs is refused.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from crm.forms import LinesField

NUMBER = re.compile(r"([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?)?")  # nothing at all is a blank
Schema = dict[str, Any]
Faults = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Shape:
    """How one kind of form field looks in JSON."""

    schema: Callable[[Any], Schema]
    fits: Callable[[Any], bool]
    expected: Any


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    """Digits as JSON has them, also within a text; Python would read `1_0` and digits of other scripts as numbers."""
    if isinstance(value, str):
        return NUMBER.fullmatch(value.strip()) is not None
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _day(value: Any) -> bool:
    return isinstance(value, str) and value.isascii()


def _whole(value: Any) -> bool:
    return _number(value) and (not isinstance(value, Decimal) or value == value.to_integral_value())


def _key(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _record(value: Any) -> bool:
    return _key(value) and not (isinstance(value, str) and value.isdecimal() and not value.isascii())


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _keys(value: Any) -> bool:
    return isinstance(value, list) and all(_key(each) for each in value)


def _records(value: Any) -> bool:
    return isinstance(value, list) and all(_record(each) for each in value)


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _text_schema(field: forms.CharField) -> Schema:
    schema: Schema = {"type": "string"}
    if field.max_length:
        schema["maxLength"] = field.max_length
    if field.min_length:
        schema["minLength"] = field.min_length
    for validator in field.validators:
        if type(validator) is RegexValidator and not validator.inverse_match and not validator.flags:
            schema["pattern"] = re.compile(validator.regex).pattern
    return schema


def _formatted(name: str) -> Callable[[Any], Schema]:
    return lambda field: {"type": "string", "format": name}


def _limits(field: forms.Field) -> Schema:
    limits: Schema = {}
    for validator in field.validators:
        value = getattr(validator, "limit_value", None)
        if not isinstance(value, (int, Decimal)):
            continue
        plain = int(value) if value == int(value) else float(value)  # only in the schema: JSON has no other number
        if isinstance(validator, MinValueValidator):
            limits["minimum"] = plain
        elif isinstance(validator, MaxValueValidator):
            limits["maximum"] = plain
    return limits


def _integer_schema(field: forms.IntegerField) -> Schema:
    return {"type": "integer", **_limits(field)}


def _decimal_schema(field: forms.DecimalField) -> Schema:
    schema: Schema = {"oneOf": [{"type": "string", "format": "decimal"}, {"type": "number", **_limits(field)}]}
    if field.decimal_places is not None:
        schema["x-decimal-places"] = field.decimal_places
    if field.max_digits is not None:
        schema["x-max-digits"] = field.max_digits
    return schema


def _choices(field: Any) -> list[tuple[Any, Any]]:
    """The choices without their groups and without the blank one."""
    found: list[tuple[Any, Any]] = []
    for value, label in field.choices:
        if isinstance(label, (list, tuple)):
            found += [tuple(each) for each in label]
        else:
            found.append((value, label))
    return [(value, label) for value, label in found if value not in ("", None)]


def _choice_schema(field: forms.ChoiceField) -> Schema:
    choices = _choices(field)
    values = [value for value, _label in choices]
    schema: Schema = {"type": "integer" if values and all(type(each) is int for each in values) else "string"}
    if values:
        schema["enum"] = values if field.required else [*values, ""] if schema["type"] == "string" else [*values, None]
        schema["description"] = "\n".join(f"* `{value}` - {label}" for value, label in choices)
    return schema


def _choices_schema(field: forms.MultipleChoiceField) -> Schema:
    items = _choice_schema(field)
    described = items.pop("description", None)
    items["enum"] = [value for value, _label in _choices(field)]
    if not items["enum"]:
        del items["enum"]
    return {"type": "array", "items": items} | ({"description": described} if described else {})


def _pick_schema(field: forms.ModelChoiceField) -> Schema:
    schema: Schema = {"type": "string" if field.to_field_name not in (None, "pk", "id") else "integer"}
    if (model := getattr(field.queryset, "model", None)) is not None:
        schema["x-model"] = model._meta.label_lower
    return schema


def _picks_schema(field: forms.ModelMultipleChoiceField) -> Schema:
    return {"type": "array", "items": _pick_schema(field)}


def _lines_schema(field: LinesField) -> Schema:
    return {
        "type": "array",
        "minItems": field.least,
        "maxItems": field.most,
        "items": schema_of(field.line_form.base_fields.items()),
    }


def _array_schema(field: SimpleArrayField) -> Schema:
    return {"type": "array", "items": shape_of(field.base_field).schema(field.base_field)}


# The first class in a field's ancestry that stands here decides.
SHAPES: dict[type[forms.Field], Shape] = {
    LinesField: Shape(_lines_schema, _objects, _("This must be a list of objects.")),
    forms.ModelMultipleChoiceField: Shape(_picks_schema, _records, _("This must be a list of keys.")),
    forms.ModelChoiceField: Shape(_pick_schema, _record, _("This must be a key.")),
    forms.MultipleChoiceField: Shape(_choices_schema, _keys, _("This must be a list of choices.")),
    forms.ChoiceField: Shape(_choice_schema, _key, _("This must be one of the choices.")),
    forms.BooleanField: Shape(lambda field: {"type": "boolean"}, _truth, _("This must be true or false.")),
    forms.FileField: Shape(
        _formatted("binary"), lambda value: False, _("A file is sent as a part of multipart/form-data.")
    ),
    forms.DecimalField: Shape(_decimal_schema, _number, _("This must be a number.")),
    forms.FloatField: Shape(lambda field: {"type": "number"}, _number, _("This must be a number.")),
    forms.IntegerField: Shape(_integer_schema, _whole, _("This must be a whole number.")),
    forms.DateTimeField: Shape(_formatted("date-time"), _day, _("This must be a moment, as in 2026-09-21T14:30:00Z.")),
    forms.DateField: Shape(_formatted("date"), _day, _("This must be a date, as in 2026-09-21.")),
    forms.TimeField: Shape(_formatted("time"), _day, _("This must be a time, as in 14:30.")),
    forms.DurationField: Shape(_formatted("duration"), _text, _("This must be a span of time.")),
    forms.EmailField: Shape(_formatted("email"), _text, _("This must be a text.")),
    forms.URLField: Shape(_formatted("uri"), _text, _("This must be a text.")),
    forms.UUIDField: Shape(_formatted("uuid"), _text, _("This must be a text.")),
    forms.JSONField: Shape(lambda field: {}, lambda value: True, _("This must be JSON.")),
    SimpleArrayField: Shape(_array_schema, _keys, _("This must be a list.")),
    forms.CharField: Shape(_text_schema, _text, _("This must be a text.")),
}
ANYTHING = Shape(lambda field: {"type": "string"}, lambda value: True, "")


def shape_of(field: forms.Field) -> Shape:
    """The shape of a form field; what is not known here is a text."""
    return next((SHAPES[kind] for kind in type(field).__mro__ if kind in SHAPES), ANYTHING)


def schema_of(fields: Iterable[tuple[str, forms.Field]], *, partial: bool = False) -> Schema:
    """The fields of a form as a JSON schema; with `partial` none is required."""
    properties, required = {}, []
    for name, field in fields:
        if field.disabled:
            continue
        properties[name] = property_of(field)
        if field.required and not partial:
            required.append(name)
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | ({"required": required} if required else {})


def property_of(field: forms.Field) -> Schema:
    """One field as a JSON schema, with its label and help as title and description."""
    schema = shape_of(field).schema(field)
    if not field.required:
        schema["nullable"] = True
    if field.label:
        schema["title"] = str(field.label)
    words = [str(field.help_text)] if field.help_text else []
    if described := schema.pop("description", None):
        words.append(described)
    if words:
        schema["description"] = "\n\n".join(words)
    return schema


def faults(fields: dict[str, forms.Field], data: dict[str, Any], *, where: str = "") -> Faults:
    """What in a JSON body has the wrong shape, by place; names that no field has are among them."""
    found: Faults = {}
    for name, value in data.items():
        place = f"{where}.{name}" if where else name
        field = fields.get(name)
        if field is None or field.disabled:
            found[place] = [{"code": "unknown", "message": str(_("There is no such field."))}]
            continue
        shape = shape_of(field)
        if value is None:
            continue
        if not shape.fits(value):
            found[place] = [{"code": "invalid", "message": str(shape.expected)}]
        elif isinstance(field, LinesField):
            for index, row in enumerate(value[: field.most]):
                found |= faults(field.line_form.base_fields, row, where=f"{place}[{index}]")
    return found
