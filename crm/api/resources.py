"""What REST offers: one Resource per model, declared in each app's `api.py` on the list that its page has too."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules
from rest_framework.serializers import Serializer

from crm.accounts.scopes import seen
from crm.actions import ACTIONS, Action, actions_of
from crm.fetching import joined
from crm.listing import Listing
from crm.records.fields import EncryptedField

RESOURCES: dict[str, "Resource"] = {}


@dataclass
class Resource:
    """One kind of record in REST: `listing` gives list, filters, paging and address, `serializer` the single record.

    `url_name` names its addresses for `reverse` ("api:customers-list", "api:customers-detail"), the listing's key by
    default. `select` are the foreign keys and `prefetch` the related rows that the serializer reads. Raises TypeError
    for a list that would show an identifier in clear.
    """

    listing: Listing
    serializer: type[Serializer]
    url_name: str = ""
    select: Sequence[str] = ()
    prefetch: Sequence[Any] = field(default=())

    def __post_init__(self) -> None:
        self.url_name = self.url_name or self.listing.key
        for column in self.listing.columns:
            if column.kind != "deadline" and isinstance(field_at(self.model, column.path), EncryptedField):
                raise TypeError(f"the list {self.key} shows {column.path} in clear; name its tail, masked")
        RESOURCES[self.listing.key] = self

    @property
    def key(self) -> str:
        """The first part of its addresses, as in `customers`."""
        return self.listing.key

    @property
    def model(self) -> type[models.Model]:
        """Whose records these are."""
        return self.listing.model

    @cached_property
    def verbs(self) -> list[Action]:
        """What can be done to one of these records."""
        return actions_of(self.model)

    @cached_property
    def change(self) -> Action | None:
        """The verb that a PATCH is, where there is one."""
        return next(filter(is_edit, self.verbs), None)

    @cached_property
    def writer(self) -> Serializer:
        """The serializer, made once: making its fields anew costs more than writing a record with them.

        So it knows no request. What depends on the caller is what he sees, and the verbs that are open to him.
        """
        return self.serializer()

    def record(self, user: Any, pk: int) -> Any:
        """The record that has this key as the detail answer reads it, if `user` may see it, or None."""
        found = seen(joined(self.model._default_manager.all(), self.select), user, pk)
        if found is not None and self.prefetch:
            models.prefetch_related_objects([found], *self.prefetch)
        return found

    @property
    def list_url(self) -> str:
        """The path of the list."""
        return reverse(f"api:{self.url_name}-list")

    def url_of(self, pk: int) -> str:
        """The path of one record."""
        return reverse(f"api:{self.url_name}-detail", args=[pk])


def field_at(model: type[models.Model], path: str) -> Any:
    """The model field that a lookup path as `owner__name` ends at, or None where it ends at something else."""
    field: Any = None
    for part in path.split("__"):
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = field.related_model or model
    return field


def resource_of(model: type[models.Model]) -> Resource | None:
    """The resource of a model, or None where it has no address of its own."""
    return next((each for each in RESOURCES.values() if each.model is model), None)


def is_edit(verb: Action) -> bool:
    """Whether the verb is the edit of its record (crm.edits.editing), which takes only what is to change."""
    return verb.model is not None and verb.codename == f"change_{verb.model._meta.model_name}"


def without_address() -> list[type[models.Model]]:
    """The models that have verbs and no resource: their verbs are reached by the model's own name."""
    named = {each.model for each in RESOURCES.values()}
    models_ = dict.fromkeys(each.model for each in ACTIONS.values() if each.model is not None)
    return [model for model in models_ if model not in named]


def creating() -> list[Action]:
    """The verbs that are done to nothing that exists yet."""
    return [each for each in ACTIONS.values() if each.model is None]


def load() -> None:
    """Let every app declare its verbs, lists and resources."""
    autodiscover_modules("actions", "lists", "api")
