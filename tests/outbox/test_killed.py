"""The real worker sends, and dies in the middle of it: nothing is lost, and what comes twice has one Message-ID."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from crm import clock
from crm.outbox import queue, sender
from crm.outbox.models import Message
from tests.outbox.conftest import Mailbox

S = Message.Status


class SlowMailbox(Mailbox):
    """A mail server that takes a message in and answers only when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.taken, self.may_answer = threading.Event(), threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.taken.set()
        while not self.may_answer.is_set():
            await asyncio.sleep(0.05)
        return answer


@pytest.fixture
def slow(mail_port, monkeypatch, transactional_db):
    """The slow mail server, known to this process and to the worker that is started after it."""
    monkeypatch.setenv("CRM_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("CRM_SMTP_PORT", str(mail_port))
    box = SlowMailbox()
    controller = Controller(box, hostname="127.0.0.1", port=mail_port)
    controller.start()
    yield box
    box.may_answer.set()
    controller.stop()


def queued() -> Message:
    context = {"number": "D-7", "day": "Monday", "link": ""}
    return queue.mail(
        template="tests.hello", about=None, context=context, key="order-7", address="li@example.com", language="en"
    )


def test_a_mail_leaves_by_the_worker_as_soon_as_it_is_committed(hello, slow, worker, eventually):
    slow.may_answer.set()
    message = queued()
    eventually(lambda: Message.objects.get(pk=message.pk).status == S.SENT)
    assert slow.ids == [message.message_id]


def test_a_worker_killed_while_it_sends_loses_nothing(hello, slow, worker):
    message = queued()
    assert slow.taken.wait(20), "the worker did not begin to send"
    worker.kill()
    slow.may_answer.set()
    left = Message.objects.get(pk=message.pk)
    assert (left.status, left.attempts) == (S.SENDING, 1)
    with clock.at(left.claimed_at + timedelta(minutes=11)):
        assert sender.send_due() == 1
    assert slow.ids == [message.message_id, message.message_id]
    assert Message.objects.get(pk=message.pk).status == S.SENT
