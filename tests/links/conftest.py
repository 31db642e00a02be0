"""A link under which a customer tells what came of a call: a record, a verb and a form that the frame itself has."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache

from crm import clock
from crm.accounts.models import User
from crm.links.making import make_link
from crm.links.models import Link
from crm.links.pages import PAGES, LinkPage
from crm.outbox.models import Message

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    cache.clear()
    with clock.at(NOON):
        yield
    cache.clear()


@pytest.fixture
def alice(db) -> User:
    return User.objects.create_user("alice", name="李丽", name_en="Alice Li", language="en")


@pytest.fixture
def call(alice) -> Message:
    return Message.objects.create(
        channel="call",
        status="open",
        template="tests.hello",
        language="zh-hans",
        recipient=alice,
        contact_name="李娜",
        key="call:tests",
        note="as agreed",
    )


@pytest.fixture
def linked(db) -> Iterator[None]:
    """Two purposes: one that ends with its use, one that stays open; and the right to their verb."""
    user = User.objects.system("links")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["record_call", "resend_message"]))
    pages = [
        LinkPage(
            purpose,
            "Tell us about the call",
            verbs=["outbox.record_call"],
            facts=lambda call, link: [("Note", call.note), ("For", link.contact_name)],
            given=lambda verb, call, link: {"call_back_at": ""},
            buttons={"outbox.record_call": "Tell us"},
            single_use=single_use,
        )
        for purpose, single_use in (("tests.once", True), ("tests.often", False))
    ]
    yield
    for page in pages:
        del PAGES[page.purpose]


@pytest.fixture
def once(linked, call, alice) -> tuple[Link, str]:
    """A link for one use, and its path."""
    return made("tests.once", call, alice)


@pytest.fixture
def often(linked, call, alice) -> tuple[Link, str]:
    """A link that stays open, and its path."""
    return made("tests.often", call, alice)


def made(purpose: str, call: Message, alice: User) -> tuple[Link, str]:
    link, url = make_link(purpose, call, by=alice, contact_name="李娜", language="en", valid_for=timedelta(days=2))
    return link, url.removeprefix("http://testserver")
