"""Identifiers in clear: only those that a request names, only to whom it is permitted, and each look is logged."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from crm.api.call import Call
from crm.api.errors import BadInput, problem
from crm.api.permissions import OutOfScope
from crm.api.tokens import allows
from crm.records.fields import EncryptedField
from crm.records.looks import REVEAL
from crm.records.masks import reveal

PARAMETERS = {"reveal", "format"}


def revealable(model: type[models.Model]) -> list[str]:
    """The identifiers of a model; confidential text is none."""
    return [field.name for field in model._meta.fields if isinstance(field, EncryptedField) and field.kind != "text"]


def asked(model: type[models.Model], request: Call) -> list[str]:
    """The identifiers that the request names. Raises BadInput for what is none, or another parameter."""
    names = list(dict.fromkeys(filter(None, request.query_params.get("reveal", "").split(","))))
    if unknown := [name for name in request.query_params if name not in PARAMETERS]:
        message = _("There is no such parameter; possible are: %(names)s.") % {"names": ", ".join(sorted(PARAMETERS))}
        raise BadInput({name: [{"code": "unknown", "message": message}] for name in unknown})
    possible = revealable(model)
    if wrong := [name for name in names if name not in possible]:
        message = _("“%(name)s” is no identifier; possible are: %(names)s.")
        raise problem("reveal", "invalid", message % {"name": wrong[0], "names": ", ".join(possible)})
    return names


def reveal_all(obj: Any, names: list[str], request: Call) -> dict[str, str]:
    """These identifiers of `obj` in their normal form. Raises Forbidden and OutOfScope."""
    if names and not allows(request.auth, REVEAL):
        raise OutOfScope(REVEAL)
    for name in names:
        reveal(obj, name, by=request.user)
    return {name: getattr(obj, name) for name in names}
