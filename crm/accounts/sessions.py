"""Sessions that know whose they are, so that they can be listed and ended (settings.SESSION_ENGINE).

A session is read with its user and the stamp of rights in one query; nothing of it is kept between two requests, so
that a session that was ended, or a user who has left, is out at once.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from crm import clock, via
from crm.accounts.models import RightsStamp, User, UserSession
from crm.postgresql import kept
from crm.records.fields import CompanionColumn, EncryptedField

SEEN_EVERY = timedelta(minutes=5)  # "last seen" is not worth a write per request
# What a browser says of itself, in the order of asking: most of them also claim to be the later ones.
BROWSERS = {"Edg": "Edge", "MicroMessenger": "WeChat", "OPR": "Opera", "Firefox": "Firefox"}
BROWSERS |= {"Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
SYSTEMS |= {"Mac OS X": "macOS", "Linux": "Linux"}


class SessionStore(DatabaseStore):
    """Django's sessions in the database, in our table."""

    person: User | None = None  # whose it is, where he may be here; read with it

    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        return UserSession

    def load(self) -> dict[str, Any]:
        found = kept(_with_user(), ["text", "timestamptz"], [self.session_key, timezone.now()])
        if not found:
            self._session_key = None  # as Django's does: a key that means nothing is not used for a new session
            return {}
        data, last_seen, stamp, *values = found[0]
        now = clock.now()
        if abs(now - last_seen) > SEEN_EVERY:
            UserSession.objects.filter(pk=self.session_key).update(last_seen=now)
        self.person = user_from(values, stamp) if values[0] is not None else None
        return self.decode(data)

    def create_model_instance(self, data: dict[str, Any]) -> UserSession:
        row = cast(UserSession, super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.address, row.device = data.get("_address", ""), data.get("_device", "")
        row.since = datetime.fromisoformat(data["_since"]) if "_since" in data else clock.now()
        return row


@cache
def user_fields() -> tuple[str, ...]:
    """What every request reads of its user: all but identifiers, which are read when they are asked for."""
    sealed = (EncryptedField, CompanionColumn)
    return tuple(field.attname for field in User._meta.concrete_fields if not isinstance(field, sealed))


@cache
def user_columns(table: str) -> str:
    """The same as columns of `table` in a query."""
    columns = [User._meta.get_field(name).column for name in user_fields()]  # type: ignore[union-attr]
    return ", ".join(f'{table}."{column}"' for column in columns)


def user_from(values: Sequence[Any], stamp: UUID | None) -> User:
    """The user of such a row, who brings along under which stamp his rights are kept."""
    user = User.from_db(connection.alias, user_fields(), values)
    user.rights_stamp = stamp  # type: ignore[attr-defined]
    return user


@cache
def _with_user() -> str:
    """The query of a session by its key, with whose it is where he works here, and the stamp of all rights."""
    return (
        # Names of our own tables and columns.
        f"SELECT session_data, last_seen, (SELECT stamp FROM {RightsStamp._meta.db_table}), {user_columns('person')}"  # noqa: S608
        f" FROM {UserSession._meta.db_table} session LEFT JOIN {User._meta.db_table} person"
        f" ON person.id = session.user_id AND person.is_active AND person.kind = '{User.Kind.PERSON.value}'"
        " WHERE session_key = %s AND expire_date > %s"
    )


def person_of(session: SessionBase) -> User | None:
    """The user who came with the session, where it is plainly his; None where Django's own way has to look closer.

    The session says the same as its row, and was begun under the password that he has now.
    """
    if BACKEND_SESSION_KEY not in session or session[BACKEND_SESSION_KEY] not in settings.AUTHENTICATION_BACKENDS:
        return None
    person: User | None = getattr(session, "person", None)
    if person is None or session.get(SESSION_KEY) != str(person.pk):
        return None
    kept = session.get(HASH_SESSION_KEY, "")
    return person if kept and constant_time_compare(kept, person.get_session_auth_hash()) else None


def describe(request: HttpRequest) -> None:
    """Write into the session of a request that just signed in from where and since when it is."""
    request.session["_address"] = via.current().address
    request.session["_device"] = device_of(request.headers.get("User-Agent", ""))
    request.session["_since"] = clock.now().isoformat()


def device_of(agent: str) -> str:
    """What a browser calls itself, in two words, as in "Firefox, Windows"; empty where it says nothing known."""
    found = [next((name for mark, name in marks.items() if mark in agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found))


def handle_of(session: UserSession | SessionBase) -> str:
    """A name for a session that may stand in a page or a log: its key is as good as a password, this is not."""
    return hashlib.sha256((session.session_key or "").encode()).hexdigest()[:16]


def sessions_of(user: User) -> list[UserSession]:
    """The sessions of `user` that have not expired, the last seen first."""
    return list(UserSession.objects.filter(user=user, expire_date__gt=clock.now()).order_by("-last_seen"))


def end(user: User, *, handle: str = "", keep: str = "") -> int:
    """End the sessions of `user`: the one of this handle, or all but the one to keep; answers how many."""
    ended = []
    for row in UserSession.objects.filter(user=user):
        name = handle_of(row)
        if name != keep and handle in ("", name):
            ended.append(row.pk)
    return UserSession.objects.filter(pk__in=ended).delete()[0]


def remove_expired() -> int:
    """Remove the sessions that have expired; answers how many."""
    return UserSession.objects.filter(expire_date__lt=clock.now()).delete()[0]
