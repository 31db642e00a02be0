"""Who calls: `Authorization: Bearer ziti_…`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crm.accounts.models import User
from crm.api.models import ApiToken
from crm.api.tokens import find, mark_used


class BadHeader(AuthenticationFailed):
    default_code = "bad_authorization"
    default_detail = _("The header must read “Authorization: Bearer …” with one token.")


class UnknownToken(AuthenticationFailed):
    default_code = "token_unknown"
    default_detail = _("There is no such token.")


class ExpiredToken(AuthenticationFailed):
    default_code = "token_expired"
    default_detail = _("This token has expired; make a new one.")


class RevokedToken(AuthenticationFailed):
    default_code = "token_revoked"
    default_detail = _("This token was revoked; make a new one.")


class InactiveUser(AuthenticationFailed):
    default_code = "user_inactive"
    default_detail = _("The user of this token is not active any more.")


REFUSALS = {"expired": ExpiredToken, "revoked": RevokedToken}


class BearerToken(BaseAuthentication):
    """Answers the token's user and the token, which is then `request.auth`; one query, nothing cached."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """None where the header is of another kind, so that the next way is tried."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        request.bearer_was_given = True  # type: ignore[attr-defined]
        if len(parts) != 2:
            raise BadHeader
        token = find(parts[1].decode("ascii", "replace"))
        if token is None:
            raise UnknownToken
        if refusal := REFUSALS.get(token.state):
            raise refusal
        if not token.user.is_active or token.user.is_system:
            raise InactiveUser
        mark_used(token)
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        """What a 401 says in WWW-Authenticate (RFC 6750)."""
        realm = 'Bearer realm="api"'
        return f'{realm}, error="invalid_token"' if getattr(request, "bearer_was_given", False) else realm
