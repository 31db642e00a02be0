"""Sessions that know whose they are, so that they can be listed and ended (settings.SESSION_ENGINE)."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest

from crm import clock, via
from crm.accounts.models import User, UserSession

SEEN_EVERY = timedelta(minutes=5)  # "last seen" is not worth a write per request
# What a browser says of itself, in the order of asking: most of them also claim to be the later ones.
BROWSERS = {"Edg": "Edge", "MicroMessenger": "WeChat", "OPR": "Opera", "Firefox": "Firefox"}
BROWSERS |= {"Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
SYSTEMS |= {"Mac OS X": "macOS", "Linux": "Linux"}


class SessionStore(DatabaseStore):
    """Django's sessions in the database, in our table."""

    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        return UserSession

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()  # type: ignore[attr-defined]
        if row is None:
            return {}
        now = clock.now()
        if abs(now - row.last_seen) > SEEN_EVERY:
            UserSession.objects.filter(pk=row.pk).update(last_seen=now)
        return self.decode(row.session_data)

    def create_model_instance(self, data: dict[str, Any]) -> UserSession:
        row = cast(UserSession, super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.address, row.device = data.get("_address", ""), data.get("_device", "")
        row.since = datetime.fromisoformat(data["_since"]) if "_since" in data else clock.now()
        return row


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
