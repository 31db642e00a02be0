"""A company that sells, with Alice and her head; and letters as mail servers hand them over."""

import io
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from complaints.inbox.models import Incoming
from complaints.inbox.receiving import receive
from complaints.models import Cause, Complaint
from crm import clock
from crm.outbox.models import Message
from tests.world import MORNING, World

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6364f8cf50"
    "0f00038601805a347d6b0000000049454e44ae426082"
)
MAILBOX = "complaints@ziti.example"


@pytest.fixture
def world(db: None, settings: Any) -> Iterator[World]:
    """Sales has Alice and her head, the mailbox an address; it is half past nine on a Monday."""
    settings.COMPLAINTS_MAIL = MAILBOX
    with clock.at(MORNING):
        world = World()
        assert world.root and world.alice and world.boss and world.customer
        world.alice.refresh_from_db()
        yield world


@pytest.fixture
def client_of() -> Any:
    def enter(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


def letter(body: str = "到货两台柜门划伤，请处理。", **heads: str) -> EmailMessage:
    """A mail of somebody whom nobody knows; `heads` with underscores for dashes."""
    message = EmailMessage()
    given = {"From": "李强 <li@example.com>", "To": MAILBOX, "Subject": "柜门划伤", "Message-ID": "<1@example.com>"}
    for name, value in {**given, **{each.replace("_", "-"): value for each, value in heads.items()}}.items():
        if value:
            message[name] = value
    message.set_content(body)
    return message


def arrive(message: EmailMessage | bytes) -> Incoming:
    """Let it come in, and answer its item as it is in the database."""
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return Incoming.objects.get(pk=receive(io.BytesIO(raw))[0].pk)


def answers() -> list[Message]:
    """The answers to senders, in their order."""
    return list(Message.objects.filter(template="inbox.answer").order_by("pk"))


def close(complaint: Complaint) -> None:
    """Put it where a closed complaint is, with what the database asks of one."""
    now = clock.now()
    cause, _made = Cause.objects.get_or_create(code="storage-damage", defaults={"name": "装卸损坏"})
    rows = Complaint.objects.filter(pk=complaint.pk)
    rows.update(status="closed", told_at=now, closed_at=now, check_on=clock.today(), cause=cause)
