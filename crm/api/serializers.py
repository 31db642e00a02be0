"""How a single record is written: the model's fields, identifiers masked, times in UTC."""

from collections.abc import MutableMapping
from datetime import UTC
from functools import lru_cache
from typing import Any

from django.db import models
from rest_framework import serializers

from crm.records.fields import EncryptedField
from crm.records.masks import masked
from crm.statements import Statement


class MaskedField(serializers.CharField):
    """An identifier by its mask; in clear it is only shown by the verb that logs it."""

    def get_attribute(self, instance: Any) -> Any:
        return instance

    def to_representation(self, value: Any) -> str:
        return masked(value, str(self.source))


class UtcField(serializers.DateTimeField):
    """A moment in UTC, as lists have it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


@lru_cache(maxsize=200)
def _reading(model: Any, key: str) -> Statement:
    """How the parts of one whole are read: in the order that the model names, which need not begin with the whole."""
    ordering = [each for each in model._meta.ordering if str(each).removeprefix("-") != key]
    return Statement(lambda whole: model._default_manager.filter(**{key: whole}).order_by(*ordering))


class Parts(serializers.ListSerializer):
    """What belongs to one record, such as the lines of an order, unless it was fetched with it.

    A record may say what it is still without (`without`, names of parts), which then is not asked for.
    """

    def get_attribute(self, instance: Any) -> Any:
        if self.source in getattr(instance, "without", ()):
            return []
        rows: Any = super().get_attribute(instance)
        relation = getattr(rows, "field", None)  # only the manager of rows that point to the record has one
        fetched = getattr(instance, "_prefetched_objects_cache", {})
        if not isinstance(relation, models.ForeignKey) or relation.remote_field.accessor_name in fetched:
            return rows
        parts = _reading(rows.model, relation.name)(instance.pk)
        for part in parts:
            setattr(part, relation.name, instance)
        return parts


class RecordSerializer(serializers.ModelSerializer):
    """What every serializer of a record stands on. It only writes: input is the verbs' forms.

    Records are named by primary key, choices by their value; the labels of the choices are in the schema.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "Meta" in cls.__dict__:
            cls.Meta.list_serializer_class = Parts

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        EncryptedField: MaskedField,
        models.DateTimeField: UtcField,
    }

    def get_fields(self) -> dict[str, serializers.Field]:
        # A record's key is called pk in lists, filters, orders and addresses, so it is here as well.
        named = {"pk": serializers.IntegerField(read_only=True)}
        return named | {name: field for name, field in super().get_fields().items() if name != "id"}

    def build_standard_field(self, field_name: str, model_field: models.Field) -> tuple[type, dict[str, Any]]:
        kind, options = super().build_standard_field(field_name, model_field)
        return kind, {} if kind is MaskedField else options

    def include_extra_kwargs(
        self, kwargs: MutableMapping[str, Any], extra_kwargs: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return super().include_extra_kwargs(kwargs, {**extra_kwargs, "read_only": True})
