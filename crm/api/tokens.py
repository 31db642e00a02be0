"""Making tokens, finding them again, and what they may be used for."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.models import RightsStamp, User
from crm.accounts.sessions import user_columns, user_from
from crm.accounts.verb_labels import full_label
from crm.actions import ACTIONS
from crm.api.models import ApiToken
from crm.postgresql import kept

READ, WRITE = "read", "write"
START = "ziti_"  # what secret scanners and people know it by
FORM = re.compile(r"ziti_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}")
USED_EVERY = timedelta(minutes=1)
LONGEST = 366 * 2  # days


def issue(user: User, name: str, scopes: Iterable[str], *, days: int | None) -> tuple[ApiToken, str]:
    """Save a new token of `user`; answers it and its secret, which is nowhere else and never shown again.

    `days` is how long it is valid, None for ever. Raises ValidationError for a scope that does not exist.
    """
    scopes = sorted(set(scopes))
    if unknown := [scope for scope in scopes if not is_scope(scope)]:
        raise ValidationError(_("There is no scope “%(scope)s”."), "scope", {"scope": unknown[0]})
    if not scopes:
        raise ValidationError(_("A token needs at least one scope."), "scope")
    prefix = START + "".join(secrets.choice("abcdefghijkmnpqrstuvwxyz23456789") for _each in range(8))
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    now = clock.now()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        digest=digest_of(secret),
        scopes=scopes,
        created_at=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    return token, secret


def find(secret: str) -> ApiToken | None:
    """The token of this secret with its user, usable or not, in one query; None where there is none.

    The user brings along under which stamp his rights are kept (crm/accounts/rights.py).
    """
    if not FORM.fullmatch(secret):
        return None
    found = kept(_with_user(), ["text"], [digest_of(secret)])
    if not found:
        return None
    (row,) = found
    names = _columns()
    token = ApiToken.from_db(connection.alias, names, row[: len(names)])
    token.user = user_from(row[len(names) + 1 :], row[len(names)])
    return token


@cache
def _columns() -> tuple[str, ...]:
    return tuple(field.attname for field in ApiToken._meta.concrete_fields)


@cache
def _with_user() -> str:
    """The query of a token by its digest, with the stamp of all rights and its user."""
    columns = ", ".join(f'token."{name}"' for name in _columns())
    return (
        f"SELECT {columns}, (SELECT stamp FROM {RightsStamp._meta.db_table}), {user_columns('person')}"  # noqa: S608
        f" FROM {ApiToken._meta.db_table} token JOIN {User._meta.db_table} person ON person.id = token.user_id"
        " WHERE digest = %s"
    )


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is long and random, so that a fast digest gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


def mark_used(token: ApiToken) -> None:
    """Remember that it was used, at most once per minute."""
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= USED_EVERY:
        not_lately = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_EVERY)
        ApiToken.objects.filter(not_lately, pk=token.pk).update(last_used_at=now)


def is_scope(scope: str) -> bool:
    """Whether this can be a scope: read, write, an app with verbs, or a verb."""
    return scope in {READ, WRITE} or scope in ACTIONS or scope in {action.app_label for action in ACTIONS.values()}


def scope_choices() -> list[tuple[str, Any]]:
    """The scopes with their names, grouped by app: the whole app first, then its verbs."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for name, action in ACTIONS.items():
        groups.setdefault(action.app_label, []).append((name, full_label(action)))
    choices: list[tuple[str, Any]] = [(_("Everything"), [(READ, _("Read everything")), (WRITE, _("Do everything"))])]
    for app_label, verbs in groups.items():
        app = str(apps.get_app_config(app_label).verbose_name)
        whole = (app_label, _("Everything in “%(app)s”") % {"app": app})
        choices.append((app, [whole, *verbs]))
    return choices


def allows(token: ApiToken | None, what: str) -> bool:
    """Whether `token` goes as far as `what`: a permission's name, "read" or "write". A session (None) always does.

    `read` covers reading of everything (every `app.view_model`), `write` everything, an app's label everything in that
    app, a verb's name that verb. What the user himself may not do stays forbidden all the same.
    """
    if token is None or WRITE in token.scopes or what in token.scopes:
        return True
    app_label, dot, codename = what.partition(".")
    if dot and app_label in token.scopes:
        return True
    return READ in token.scopes and codename.startswith("view_")
