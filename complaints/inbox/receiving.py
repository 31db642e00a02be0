"""One message in RFC 5322 becomes one item of the inbox, however often it is delivered."""

import hashlib
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile

from complaints.inbox.actions import Private, receive_incoming
from complaints.inbox.answering import language_of
from complaints.inbox.letters import File, Letter, read
from complaints.inbox.models import Incoming
from crm import clock
from crm.accounts.models import User
from crm.refusals import Refused


def receive(source: BinaryIO) -> tuple[Incoming, bool]:
    """Keep the message that `source` gives; answers its item, and whether it is new.

    The same message again answers the item that is there. Nothing is refused for what it says: what cannot be read or
    kept is named in the item. Errors of the database and of the disk are raised, for the mail server to try again.
    """
    letter = read(source, most_of_a_file=settings.MAX_UPLOAD_BYTES, now=clock.now())
    key = key_of(letter)
    there = Incoming.objects.filter(message_key=key).first()
    if there is not None:
        return there, False
    try:
        return _keep(letter, key), True
    except Refused as refusal:
        there = Incoming.objects.filter(message_key=key).first()  # its twin was a moment faster
        if there is None or refusal.code != "already_exists":
            raise
        return there, False


def key_of(letter: Letter) -> str:
    """What makes it the same message: its Message-ID and who sent it; without one, all that it says."""
    parts = [letter.address.lower(), letter.message_id]
    if not letter.message_id:
        parts += [letter.subject, letter.text, *(hashlib.sha256(each.content).hexdigest() for each in letter.files)]
        parts += [f"{each.name} {each.size}" for each in letter.left_out]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _keep(letter: Letter, key: str) -> Incoming:
    return receive_incoming(
        by=User.objects.system("web"),
        channel=Incoming.Channel.MAIL,
        received_at=letter.sent_at or clock.now(),
        message=Private(
            name=letter.name[:120],
            email=letter.address,
            subject=letter.subject[:300],
            text=letter.text,
            message_id=letter.message_id,
        ),
        language=language_of(letter.subject + letter.text),
        automatic=letter.automatic,
        damaged=letter.damaged,
        message_key=key,
        references=letter.references,
        files=[ContentFile(each.content, name=_name(each)) for each in letter.files],
        left_out=[[each.name, each.size, each.why] for each in letter.left_out],
    )


def _name(file: File) -> str:
    """The name without an extension that lies about a picture: mail programs call any picture .jpg or .png."""
    stem, dot, extension = file.name.rpartition(".")
    pictures = {"jpg", "jpeg", "png", "webp", "heic", "heif", "gif", "bmp"}
    return stem if dot and extension.lower() in pictures else file.name
