"""Identifiers on screen: masked for everybody, in clear one by one for whom it is permitted, each look logged."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from crm.accounts.models import User
from crm.actions import customer_of
from crm.records.fields import EncryptedField
from crm.records.kinds import mask, mask_of_tail, shown
from crm.records.looks import REVEAL, note
from crm.refusals import Forbidden


def encrypted_field(model: type[models.Model], name: str) -> EncryptedField | None:
    """The encrypted field `name` of `model`, or None where there is no such."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, EncryptedField) else None


def masked(obj: models.Model, name: str) -> str:
    """The identifier `name` of `obj` as everybody may see it; '' where there is none.

    An object that was loaded without the clear value (`only()`, `defer()`) is masked by its tail, undecrypted.
    """
    field = encrypted_field(type(obj), name)
    if field is None:
        raise TypeError(f"{name} of {obj._meta.label} is not encrypted")
    if field.attname in obj.__dict__ or not field.companions:
        return mask(field.kind, field.normal(getattr(obj, name)))
    return mask_of_tail(getattr(obj, f"{name}_tail"))


def display(obj: models.Model, name: str, user: User | None = None) -> str:
    """The field `name` of `obj` for lists, prints and exports: identifiers masked whoever asks, the rest in words.

    Nothing is in clear by right alone; one asks for it by `reveal`, which is logged.
    """
    field = encrypted_field(type(obj), name)
    if field is not None:
        return masked(obj, name)
    words: Any = getattr(obj, f"get_{name}_display", None)
    value = words() if words else getattr(obj, name)
    return "" if value is None else str(value)


def may_reveal(user: User) -> bool:
    """Whether `user` may see identifiers in clear, one by one."""
    return user.has_perm(REVEAL)


def reveal(obj: models.Model, name: str, *, by: User) -> str:
    """The identifier `name` of `obj` in clear, as people write it. The look is logged, the value is not.

    `obj` must have been found among what `by` may see. Raises Forbidden without the permission `records.reveal`, and
    FieldDoesNotExist where `name` is no encrypted field.
    """
    field = encrypted_field(type(obj), name)
    if field is None:
        raise FieldDoesNotExist(name)
    kind: str = getattr(obj, f"{name}_kind", "") or field.kind  # a text may hold another record's identifier
    if kind == "text":
        raise FieldDoesNotExist(name)
    if not may_reveal(by):
        raise Forbidden(REVEAL)
    note(REVEAL, by=by, subject=obj, customer_id=customer_of(obj), inputs={"field": name})
    return shown(kind, getattr(obj, name))
