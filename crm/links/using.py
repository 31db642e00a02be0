"""Running a verb for a customer: as the system user "links", and only while his link holds."""

from typing import Any

from django.db import transaction
from django.db.models import F

from crm import clock, via
from crm.accounts.models import User
from crm.actions import Action
from crm.deadlocks import done_again
from crm.links.models import Link
from crm.links.pages import LinkPage


class Closed(Exception):
    """The link cannot be used any more; `link` is as it is now."""

    def __init__(self, link: Link) -> None:
        super().__init__(link.status)
        self.link = link


def actor() -> User:
    """As whom a customer acts."""
    return User.objects.system("links")


def is_twin(link: Link, key: str) -> bool:
    """Whether the request `key` is the one that used the link: the second half of a double click."""
    return bool(key) and link.used_key == key


def use(
    link: Link, page: LinkPage, verb: Action, *, by: User, key: str, version: int | None, inputs: dict[str, Any]
) -> None:
    """Do `verb` to the link's subject, and end a single-use link in the same transaction.

    Two at once wait for each other at the link, before the subject is locked. The same `key` again does nothing.
    Raises Closed where the link does not hold any more, and what the verb raises.
    """
    outer = via.current()
    way = via.Via(door=via.Door.LINK, link=link.pk, address=outer.address, request_id=outer.request_id)

    @transaction.atomic
    def run() -> None:
        held = Link.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
        if is_twin(held, key):
            return
        if not held.is_open:
            raise Closed(held)
        verb(held.subject, by=by, key=f"link:{link.pk}:{key}" if key else None, version=version, **inputs)
        if page.single_use:
            _end(held, verb, key)

    with via.through(way):
        done_again(run)


def _end(link: Link, verb: Action, key: str) -> None:
    Link.objects.filter(pk=link.pk).update(
        status=Link.Status.USED,
        used_at=clock.now(),
        used_verb=verb.name,
        used_key=key,
        version=F("version") + 1,
    )
