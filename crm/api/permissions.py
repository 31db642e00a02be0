"""Who may call the API at all, and how far a token goes. What its user may do is the verbs' question."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from crm.actions import Action
from crm.api.call import Call
from crm.api.tokens import allows
from crm.refusals import Refused


class SignedIn(BasePermission):
    """A person with a session or a token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated)


class OutOfScope(Refused):
    """The token does not go that far, whatever its user may do."""

    status = 403

    def __init__(self, what: str) -> None:
        super().__init__(
            "token_scope",
            _("This token may not be used for that."),
            _("Make a token with the scope “%(scope)s”.") % {"scope": what},
        )


def may_read(request: Call, model: type[models.Model]) -> bool:
    """Whether the caller's token, if he has one, covers reading records of `model`."""
    return allows(request.auth, f"{model._meta.app_label}.view_{model._meta.model_name}")


def refusal(request: Call, verb: Action, obj: Any) -> Refused | None:
    """Why this caller may not do `verb` to `obj` now, or None: his token first, then the verb's own answer."""
    if not allows(request.auth, verb.name):
        return OutOfScope(verb.name)
    return verb.refusal(obj, request.user)
