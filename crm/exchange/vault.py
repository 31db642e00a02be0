"""Where files that come in and go out lie: encrypted, each under its own key, without their names."""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from crm.records import crypto

log = logging.getLogger(__name__)


def folder() -> Path:
    """The folder of sealed files, made where it is missing."""
    path = Path(settings.MEDIA_ROOT) / "exchange"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def keep(pieces: Iterable[bytes]) -> tuple[str, str, int]:
    """Seal `pieces` into a new file; answers its name, its key, and the size of the clear content in bytes."""
    name, key, size = uuid4().hex, crypto.new_file_key(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in pieces:
            size += len(piece)
            yield piece

    path = folder() / name
    try:
        with path.open("xb") as target:
            path.chmod(0o600)
            crypto.seal(counted(), target, key)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name, key, size


def pieces(name: str, key: str) -> Iterator[bytes]:
    """The clear content. Raises FileNotFoundError, and crm.records.crypto.WrongKey where it was altered."""
    with (folder() / name).open("rb") as source:
        yield from crypto.unseal(source, key)


def content(name: str, key: str) -> bytes:
    """The clear content at once; for uploads, which are limited."""
    return b"".join(pieces(name, key))


def remove(name: str) -> None:
    """Delete a file, if it is still there."""
    if name:
        (folder() / name).unlink(missing_ok=True)
