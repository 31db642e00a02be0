"""Mails leave here. Each is claimed, and the claim committed, before it is sent: two senders never send one twice.

After a crash between sending and noting it, the claim grows old and the mail is sent again with the same Message-ID, by
which mail programs know it as the same: at least once, and at most one repetition for each sender that died.
"""

import logging
import os
import socket
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.db.models import F

from crm import clock
from crm.outbox.failures import DELAYS, concerns_all, judge
from crm.outbox.models import Message
from crm.outbox.troubles import tell
from crm.records.crypto import WrongKey

log = logging.getLogger(__name__)

Status = Message.Status
STALE = timedelta(minutes=10)  # a claim older than this was made by a sender that died
HEADS: list[Callable[[Message], Mapping[str, str]]] = []  # what apps put into the heads of their own mails
SECRET = ("texts", "email", "phone")  # read when sending only: one that cannot be read must not stop the others


def send_one(pk: int) -> bool:
    """Send the mail `pk` if it is due and nobody else has it; answers whether it went out."""
    if settings.OUTBOX_TEST_MODE:
        return False
    message = _claim(Message.objects.filter(pk=pk))
    return message is not None and not _deliver(message, get_connection())


def send_due(limit: int = 200) -> int:
    """Send what is due, the longest waiting first, at most `limit` mails; answers how many went out.

    A mail server that is down is not asked again for every mail that waits: the rest waits for the next turn.
    """
    _take_back_stale()
    if settings.OUTBOX_TEST_MODE:
        _keep_all()
        return 0
    connection, sent = get_connection(), 0
    try:
        for _turn in range(limit):
            message = _claim(Message.objects.order_by("next_at"))
            if message is None:
                break
            trouble = _deliver(message, connection)
            if concerns_all(trouble):
                break
            sent += not trouble
    finally:
        connection.close()
    return sent


def _take_back_stale() -> None:
    """Put the claims of senders that died back into the queue."""
    now = clock.now()
    stale = Message.objects.filter(status=Status.SENDING, claimed_at__lt=now - STALE)
    if count := stale.update(status=Status.QUEUED, next_at=now):
        log.warning("%s mails were left by a sender that died; they are sent again", count)


def _keep_all() -> None:
    """In test mode nothing leaves: what was queued before it was switched on is kept and shown."""
    waiting = Message.objects.filter(status=Status.QUEUED)
    waiting.update(status=Status.SUPPRESSED, next_at=None, version=F("version") + 1)


@transaction.atomic
def _claim(rows: models.QuerySet) -> Message | None:
    """Take the first row that is due and free, and commit that before anything is sent."""
    now = clock.now()
    free = rows.filter(status=Status.QUEUED, next_at__lte=now)
    message = free.defer(*SECRET).select_for_update(skip_locked=True, of=("self",), no_key=True).first()
    if message is None:
        return None
    claim = {"claimed_at": now, "claimed_by": f"{socket.gethostname()}:{os.getpid()}", "attempts": message.attempts + 1}
    _note(message, Status.QUEUED, status=Status.SENDING, **claim)
    message.attempts += 1
    return message


def _deliver(message: Message, connection: BaseEmailBackend) -> str:
    """Hand one claimed mail to the mail server, and note what came of it; answers the code of a failure, or ''."""
    try:
        message.refresh_from_db(fields=SECRET)
        _mail_of(message, connection).send()
    except (OSError, ValueError, WrongKey) as error:  # smtplib's errors are OSErrors
        connection.close()
        code, for_good = judge(error)
        log.warning("message %s was not sent: %s", message.pk, code)
        _failed(message, code, for_good)
        return code
    _note(message, Status.SENDING, status=Status.SENT, sent_at=clock.now(), next_at=None, last_error="")
    return ""


def _mail_of(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    text = message.text(message.language)
    headers = {
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    for heads_of in HEADS:
        headers.update(heads_of(message))
    to = formataddr((message.contact_name, message.email), "utf-8") if message.contact_name else message.email
    mail = EmailMultiAlternatives(text["subject"], text["body"], to=[to], headers=headers, connection=connection)
    if text["html"]:
        mail.attach_alternative(text["html"], "text/html")
    return mail


@transaction.atomic
def _failed(message: Message, code: str, for_good: bool) -> None:
    """Try again later, or give up and tell a person."""
    if not for_good and message.attempts <= len(DELAYS):
        later = clock.now() + DELAYS[message.attempts - 1]
        _note(message, Status.SENDING, status=Status.QUEUED, next_at=later, last_error=code)
    elif _note(message, Status.SENDING, status=Status.FAILED, next_at=None, last_error=code):
        tell(message)


def _note(message: Message, before: str, **fields: Any) -> bool:
    """Write what became of a mail, unless another sender has taken it over since."""
    mine = Message.objects.filter(pk=message.pk, status=before, attempts=message.attempts)
    return bool(mine.update(**fields, version=F("version") + 1))
