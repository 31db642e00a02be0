"""How the facts of a record are shown: each field by its kind, identifiers masked."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.records.addresses import Addresses
from crm.records.fields import EncryptedField
from crm.records.masks import masked, may_reveal
from crm.web.templatetags.crm import status, when
from crm.words import money, quantity


def fact(
    obj: Any, name: str, user: User | None = None, style: str = "", addresses: Addresses | None = None
) -> dict[str, Any] | None:
    """One line of facts: label and value of the field or property `name`, or None where it is empty.

    A record is linked where `addresses` say that its page may be opened.
    """
    field: Any
    try:
        field = obj._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    value = getattr(obj, name)
    label = getattr(field, "verbose_name", None) or getattr(type(obj), name).fget.short_description
    if value in (None, "") or (value == 0 and isinstance(field, models.PositiveSmallIntegerField)):
        return None  # no days to pay are no fact worth a line
    line: dict[str, Any] = {"label": label, "html": value}
    if isinstance(field, EncryptedField):
        line["html"] = masked(obj, name)
        if user is not None and may_reveal(user):
            line["masked"] = {"url": reverse("reveal", args=[obj._meta.label_lower, obj.pk, name])}
    elif name == "status":
        line["html"] = status(obj.get_status_display(), obj.STATUS_COLOURS.get(value, "neutral"))
    elif isinstance(value, models.Model):
        line["href"] = addresses.of(value) if addresses else ""
    elif field is not None and field.choices:
        line["html"] = getattr(obj, f"get_{name}_display")()
    elif isinstance(field, models.BooleanField):
        line["html"] = _("yes") if value else _("no")
    elif isinstance(field, (models.DateField, models.DateTimeField)):
        line["html"] = when(value, style)
    elif name.endswith("_rate"):
        line["html"] = quantity(value, "%")
    elif isinstance(field, models.DecimalField):
        line["html"] = money(value) if field.decimal_places == 2 else quantity(value)
    return line


def facts(
    obj: models.Model,
    names: Iterable[str],
    user: User | None = None,
    style: str = "",
    addresses: Addresses | None = None,
) -> list[dict[str, Any]]:
    """The lines of those that are not empty; `user` may ask for identifiers in clear where he has the right to.

    `style` "exact" is for paper, on which "today" soon means another day.
    """
    return [line for name in names if (line := fact(obj, name, user, style, addresses))]


def groups(
    obj: models.Model, declared: Iterable[tuple[Any, Iterable[str]]], user: User, addresses: Addresses | None = None
) -> list[dict[str, Any]]:
    """The groups of facts of a page: each with its heading and its lines."""
    shown = ((title, facts(obj, names, user, addresses=addresses)) for title, names in declared)
    return [{"label": title, "rows": rows} for title, rows in shown if rows]
