"""Two people, a message of the tests' own, and a mail server that speaks real SMTP."""

import shutil
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from crm.accounts.models import User
from crm.outbox import render, templates


@pytest.fixture
def alice(db) -> User:
    return User.objects.create_user("alice", name="李丽", name_en="Alice Li", language="en", email="alice@example.com")


@pytest.fixture
def bob(db) -> User:
    return User.objects.create_user("bob", name="王博", name_en="Bob Wang", language="zh-hans")


@pytest.fixture
def hello(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[templates.Template]:
    """A message with texts for every channel, in a folder of its own."""
    shutil.copy(templates.FOLDER / "mail.html", tmp_path)
    shutil.copytree(templates.FOLDER / "outbox.failed", tmp_path / "outbox.failed")
    folder = tmp_path / "tests.hello"
    folder.mkdir()
    for channel in ("mail", "notice", "call"):
        (folder / f"{channel}.en.txt").write_text(
            "Subject: Order {{ number }} is ready\n\nDear {{ recipient }},\n\n"
            "collect it by {{ day }} & bring your papers.{% if link %}\n\nConfirm: {{ link }}{% endif %}\n"
        )
        (folder / f"{channel}.zh-hans.txt").write_text(
            "Subject: 订单{{ number }}可以提货\n\n{{ recipient }}，您好：\n\n请于{{ day }}前提货。{% if link %}\n\n"
            "确认提货：{{ link }}{% endif %}\n"
        )
    for module in (templates, render):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    render._engine.cache_clear()
    message = templates.Template("tests.hello", "Hello", {"number": "D-1", "day": "2026-09-21", "link": ""})
    yield message
    del templates.TEMPLATES["tests.hello"]
    render._engine.cache_clear()


class Mailbox:
    """What a mail server took in; some addresses it does not accept."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("unknown@"):
            return f"550 5.1.1 <{address}> does not live here"
        if address.startswith("later@"):
            return "451 4.7.1 greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mail_port(settings) -> int:
    """Mails go to this port of this machine, where nobody listens yet."""
    settings.OUTBOX_TEST_MODE = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    return settings.EMAIL_PORT


@pytest.fixture
def serve(mail_port: int) -> Iterator[Callable[[], Mailbox]]:
    """Starts the mail server."""
    started: list[Controller] = []

    def start() -> Mailbox:
        box = Mailbox()
        controller = Controller(box, hostname="127.0.0.1", port=mail_port)
        controller.start()
        started.append(controller)
        return box

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture
def mailbox(serve: Callable[[], Mailbox]) -> Mailbox:
    """A mail server that runs."""
    return serve()
