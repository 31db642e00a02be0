"""OpenAPI, made from what is declared anyway: listings, serializers, verbs and their forms."""

import inspect
import re
import typing
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from crm.actions import Action
from crm.api.components import COMPONENTS, ERRORS, KEY_HEADER, KINDS, MATCH_HEADER, READING, TEXT, WRITING
from crm.api.resources import Resource, field_at, is_edit, resource_of
from crm.api.revealing import revealable
from crm.api.shapes import Schema, property_of, schema_of
from crm.listing import MOST, PAGE, Column

CLAUSES = re.compile(r"\b(?:ZT|KF|KH|KC|JD) \d+(?:\.\d+)*")


class Bearer(OpenApiAuthenticationExtension):
    """How a token is sent."""

    target_class = "crm.api.authentication.BearerToken"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> Schema:
        return {"type": "http", "scheme": "bearer"}


class Operations(AutoSchema):
    """Asks the view what it does: `describe` answers the operation, this adds what all have in common."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Schema | None:
        self.registry, self.path, self.path_regex = registry, path, path_regex
        self.path_prefix, self.method = path_prefix, method.upper()
        for name, schema in COMPONENTS.items():
            self.component(name, schema)
        operation = self.view.describe(self)  # type: ignore[attr-defined]
        if operation is not None:
            operation["security"] = self.get_auth()
        return operation

    def component(self, name: str, schema: Schema) -> Schema:
        """Keep `schema` under `name`, once, and answer the reference to it."""
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)
        self.registry.register_on_missing(component)
        return component.ref

    def record(self, resource: Resource) -> Schema:
        """A record's detail: what the serializer says, its version, and what can be done to it."""
        content = self.resolve_serializer(resource.serializer(), "response")
        schema = {
            "allOf": [
                content.ref,
                {
                    "type": "object",
                    "required": ["pk", "url", "actions", "refused"],
                    "properties": {
                        "pk": {"type": "integer"},
                        "url": {**TEXT, "format": "uri"},
                        "version": {"type": "integer"},
                        "actions": _many("Possible"),
                        "refused": _many("Refused"),
                    },
                },
            ]
        }
        return self.component(f"{content.name}Detail", schema)

    def row(self, resource: Resource) -> Schema:
        """A row of a list: its columns, of which a request may choose some."""
        listing = resource.listing
        properties = {column.name: self._cell(resource.model, column) for column in listing.columns}
        schema = {"type": "object", "required": ["pk"], "properties": {"pk": {"type": "integer"}, **properties}}
        return self.component(f"{self.resolve_serializer(resource.serializer(), 'response').name}Row", schema)

    def _cell(self, model: type[models.Model], column: Column) -> Schema:
        found = KINDS[column.kind] if column.kind in KINDS else _of_column(model, column)
        schema = {**found, "nullable": True}
        schema["title"] = str(column.label)
        return schema


def describe_index(op: Operations) -> Schema:
    """The index."""
    return {
        "operationId": "index",
        "summary": _("What there is for this caller"),
        "tags": ["index"],
        "responses": responses({200: ("", _ref("Index"))}, (401, 429)),
    }


def describe_list(op: Operations, resource: Resource, filters: Mapping[str, forms.Field]) -> Schema:
    """A list, with every parameter that it takes."""
    return {
        "operationId": f"{_identifier(resource.url_name)}_list",
        "summary": str(resource.listing.title),
        "tags": [resource.key],
        "parameters": _parameters(resource, filters),
        "responses": responses({200: ("", _page(op, resource, {**TEXT, "format": "uri"}))}, (400, *READING)),
    }


def describe_search(op: Operations, resource: Resource, filters: Mapping[str, forms.Field]) -> Schema:
    """A list whose parameters come in the body."""
    properties = {}
    for parameter in _parameters(resource, filters):
        properties[parameter["name"]] = parameter["schema"] | {"description": parameter["description"]}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {
        "operationId": f"{_identifier(resource.url_name)}_search",
        "summary": _("%(list)s, searched by what should not stand in an address") % {"list": resource.listing.title},
        "tags": [resource.key],
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": responses({200: ("", _page(op, resource, TEXT))}, (400, *READING, 413, 415)),
    }


def _page(op: Operations, resource: Resource, beside: Schema) -> Schema:
    """A page of rows; `beside` is how the pages next to it are named."""
    return {
        "type": "object",
        "required": ["results", "next", "previous"],
        "properties": {
            "results": {"type": "array", "items": op.row(resource)},
            "next": {**beside, "nullable": True},
            "previous": {**beside, "nullable": True},
        },
    }


def _parameters(resource: Resource, filters: Mapping[str, forms.Field]) -> list[Schema]:
    """The filters of a list, and what every list takes."""
    listing = resource.listing
    columns = {"type": "array", "items": {**TEXT, "enum": [column.name for column in listing.columns]}}
    orders = [sign + name for name in listing.sortable for sign in ("", "-")]
    size = {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE}
    parameters = [
        *(_filter(name, field) for name, field in filters.items()),
        _query("order", {**TEXT, "enum": orders, "default": listing.order}, _("What the rows are sorted by.")),
        _query("cursor", TEXT, _("Where the page begins: part of `next` and `previous`.")),
        _query("size", size, _("How many rows at most.")),
        {**_query("fields", columns, _("Only these columns.")), "style": "form", "explode": False},
    ]
    if listing.tabs:
        words = "\n".join(f"* `{view.key}` - {view.label}" for view in listing.tabs)
        parameters.append(_query("tab", {**TEXT, "enum": [view.key for view in listing.tabs]}, words))
    return parameters


def describe_detail(op: Operations, resource: Resource) -> Schema:
    """One record."""
    return {
        "operationId": f"{_identifier(resource.url_name)}_detail",
        "summary": str(resource.model._meta.verbose_name),
        "description": inspect.getdoc(resource.model) or "",
        "tags": [resource.key],
        "parameters": [_pk(), *_reveal(resource.model)],
        "responses": responses({200: ("", op.record(resource))}, (400, *READING)),
    }


def describe_verb(op: Operations, verb: Action, tag: str) -> Schema:
    """Doing a verb."""
    fields, partial = verb.form.base_fields, is_edit(verb)
    operation: Schema = {
        "operationId": _identifier(verb.name) + ("_by_patch" if op.method == "PATCH" else ""),
        "summary": str(verb.label),
        "description": _words(verb),
        "tags": [tag],
        "parameters": [*([_pk(), MATCH_HEADER] if verb.model else []), KEY_HEADER],
        "responses": responses(_results(op, verb), WRITING),
        "x-permission": verb.name,
    }
    if clauses := CLAUSES.findall(verb.__doc__ or ""):
        operation["x-clauses"] = clauses
    if fields:
        operation["requestBody"] = {
            "required": any(field.required for field in fields.values()) and not partial,
            "content": {kind: {"schema": schema} for kind, schema in _bodies(fields, partial).items()},
        }
    return operation


def describe_form(op: Operations, verb: Action, tag: str) -> Schema:
    """Asking what a verb takes."""
    return {
        "operationId": f"{_identifier(verb.name)}_form",
        "summary": _("%(verb)s: what it takes, and whether it is possible now") % {"verb": verb.label},
        "tags": [tag],
        "parameters": [_pk()] if verb.model else [],
        "responses": responses({200: ("", _ref("Verb"))}, READING),
    }


def responses(good: Mapping[int, tuple[str, Schema | None]], errors: Iterable[int]) -> Schema:
    """The answers of an operation: its own, and errors in their one shape."""
    found: Schema = {}
    for status, (words, schema) in good.items():
        found[str(status)] = {"description": words or "OK"}
        if schema is not None:
            found[str(status)]["content"] = {"application/json": {"schema": schema}}
    for status in errors:
        content = {"application/json": {"schema": _ref("Error")}}
        found[str(status)] = {"description": ERRORS[status], "content": content}
    return found


def made_by(verb: Action) -> type[models.Model] | None:
    """The model that a verb says it answers, by its annotation."""
    try:
        answer = typing.get_type_hints(verb.body).get("return")
    except NameError:  # an annotation that is imported for type checkers only
        return None
    return answer if isinstance(answer, type) and issubclass(answer, models.Model) else None


def _results(op: Operations, verb: Action) -> dict[int, tuple[str, Schema | None]]:
    """200 with the record as it is now, 201 with what was made, 204 where there is neither."""
    made = made_by(verb)
    found: dict[int, tuple[str, Schema | None]] = {}
    if verb.model is not None and (made is None or made is verb.model):
        found[200] = (_("Done: the record as it is now."), _either(op, verb.model))
    if made is not None:
        found[201] = (_("Done: what was made."), _either(op, made))
    return found or {201: (_("Done: what was made."), _ref("Done")), 204: (_("Done."), None)}


def _either(op: Operations, model: type[models.Model]) -> Schema:
    """A record's detail, or less where the caller may not read it (any more)."""
    resource = resource_of(model)
    return {"oneOf": [op.record(resource), _ref("Done")]} if resource else _ref("Done")


def _bodies(fields: dict[str, forms.Field], partial: bool) -> dict[str, Schema]:
    files = {name for name, field in fields.items() if isinstance(field, forms.FileField)}
    bodies = {}
    if not any(fields[name].required for name in files) or partial:
        bodies["application/json"] = schema_of(
            ((name, field) for name, field in fields.items() if name not in files), partial=partial
        )
    if files:
        bodies["multipart/form-data"] = schema_of(fields.items(), partial=partial)
    return bodies


def _words(verb: Action) -> str:
    """The verb's docstring, the right that it needs, and the states between which it moves."""
    lines = [inspect.cleandoc(verb.__doc__ or ""), _("Needs the right `%(name)s`.") % {"name": verb.name}]
    labels = dict(getattr(getattr(verb.model, "Status", None), "choices", []))
    if verb.source is not None:
        lines.append(_("Possible while: %(states)s.") % {"states": _states(verb.source, labels)})
    if verb.targets:
        lines.append(_("Then: %(states)s.") % {"states": _states(verb.targets, labels)})
    return "\n\n".join(filter(None, lines))


def _states(states: Iterable[str], labels: dict[str, Any]) -> str:
    order = list(labels)
    known = sorted(states, key=lambda each: order.index(each) if each in labels else len(order))
    return ", ".join(f"`{state}` ({labels.get(state, state)})" for state in map(str, known))


def _filter(name: str, field: forms.Field) -> Schema:
    schema = property_of(field)
    for unwanted in ("nullable", "minItems", "maxItems"):
        schema.pop(unwanted, None)
    words = ": ".join(filter(None, [schema.pop("title", ""), schema.pop("description", "")]))
    parameter = _query(name, schema, words)
    return parameter | ({"style": "form", "explode": True} if schema.get("type") == "array" else {})


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _pk() -> Schema:
    return {"name": "pk", "in": "path", "required": True, "schema": {"type": "integer"}}


def _reveal(model: type[models.Model]) -> list[Schema]:
    names = revealable(model)
    if not names:
        return []
    words = _("Show these identifiers in clear; needs the right `records.reveal`, and each look is logged.")
    schema = {"type": "array", "items": {**TEXT, "enum": names}}
    return [{**_query("reveal", schema, words), "style": "form", "explode": False}]


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _of_column(model: type[models.Model], column: Column) -> Schema:
    """The schema of a column of no particular kind: that of the model's field that it is read from."""
    if column.kind == "masked":
        return TEXT
    field = field_at(model, column.path)
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.IntegerField):  # also the automatic keys
        return {"type": "integer"}
    if isinstance(field, models.DecimalField):
        return KINDS["money"]
    if isinstance(field, models.BooleanField):
        return KINDS["bool"]
    if isinstance(field, models.DateTimeField):
        return KINDS["datetime"]
    if isinstance(field, models.DateField):
        return KINDS["date"]
    return dict(TEXT) if isinstance(field, (models.CharField, models.TextField)) else {}
