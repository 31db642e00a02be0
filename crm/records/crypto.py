"""Encryption of identifiers and files under keys that can be rotated, and the keyed blind index that finds them.

A stored value reads `<keys>:<index>:<tail>:<token>`: the short names of the encryption key and of the index key, the
blind index, the last characters that a mask may show, and the Fernet token. Index and tail lie inside the value, so
that no way of writing it (also `update()`, `bulk_update()` or COPY) can leave them behind.
"""

import base64
import hashlib
import hmac
import os
import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

CHUNK = 64 * 1024
TAG = 16
MAGIC = b"ZTF1"
SALT = 7  # bytes of a file's nonce; a four-byte counter and a one-byte end mark follow


class WrongKey(Exception):
    """A value cannot be read: its key is not among CRM_FIELD_KEYS, or somebody altered it."""


class KeyRing:
    """The keys in use: the newest encrypts, all of them decrypt, each known by a short name made from the key."""

    def __init__(self, field_keys: tuple[str, ...], index_key: str) -> None:
        if not field_keys or not index_key:
            raise ImproperlyConfigured("CRM_FIELD_KEYS and CRM_INDEX_KEY must be set.")
        try:
            self.fernets = {name_of(key): Fernet(key) for key in reversed(field_keys)}
        except ValueError as error:
            raise ImproperlyConfigured(
                "Each of CRM_FIELD_KEYS must be 32 bytes in urlsafe base64 (make one with Fernet.generate_key)."
            ) from error
        self.newest = self.fernets[name_of(field_keys[0])]
        self.index_key = hashlib.sha256(index_key.encode()).digest()
        self.prefix = name_of(field_keys[0]) + name_of(index_key)


def name_of(key: str) -> str:
    """The short name of a key: it tells keys apart and gives nothing of them away."""
    return hashlib.sha256(b"name of key " + key.encode()).hexdigest()[:4]


@lru_cache(maxsize=8)
def _ring(field_keys: tuple[str, ...], index_key: str) -> KeyRing:
    return KeyRing(field_keys, index_key)


def ring() -> KeyRing:
    """The key ring of the settings, built once. Raises ImproperlyConfigured for keys that cannot be used."""
    return _ring(tuple(settings.FIELD_KEYS), settings.INDEX_KEY)


def blind_index(kind: str, normal: str) -> str:
    """Sixteen bytes in hex by which equal values of one kind are found without being readable."""
    message = f"{kind}\0{normal}".encode()
    return hmac.digest(ring().index_key, message, "sha256")[:16].hex()


def encrypt(text: str, *, index: str = "", tail: str = "") -> str:
    """`text` as it is stored, with its blind index and tail; the empty text stays empty."""
    if not text:
        return ""
    keys = ring()
    return f"{keys.prefix}:{index}:{tail.replace(':', '')}:{keys.newest.encrypt(text.encode()).decode()}"


def decrypt(stored: str) -> str:
    """The clear text of a stored value. Raises WrongKey, never answers ciphertext."""
    if not stored:
        return ""
    prefix, _colon, rest = stored.partition(":")
    fernet = ring().fernets.get(prefix[:4])
    token = rest.rpartition(":")[2]
    if fernet is None or not token:
        raise WrongKey(f"A value was encrypted under the key {prefix[:4]!r}, which is not among CRM_FIELD_KEYS.")
    try:
        return fernet.decrypt(token.encode()).decode()
    except InvalidToken:
        raise WrongKey(f"A value encrypted under the key {prefix[:4]!r} cannot be read: it was altered.") from None


def new_file_key() -> str:
    """A fresh key for one file, as text to be kept in an EncryptedField; without it the file is lost for good."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def seal(source: Iterator[bytes], target: BinaryIO, key: str) -> None:
    """Encrypt the pieces of `source` into `target` by AES-GCM, chunk after chunk: memory stays small for any size."""
    cipher, salt = AESGCM(base64.urlsafe_b64decode(key)), os.urandom(SALT)
    target.write(MAGIC + salt)
    number, held = 0, b""
    for piece in source:
        held += piece
        while len(held) > CHUNK:  # the last chunk is held back, because its nonce says that it is the last
            target.write(cipher.encrypt(_nonce(salt, number, last=False), held[:CHUNK], MAGIC))
            held, number = held[CHUNK:], number + 1
    target.write(cipher.encrypt(_nonce(salt, number, last=True), held, MAGIC))


def unseal(source: BinaryIO, key: str) -> Iterator[bytes]:
    """The clear pieces of a sealed file. Raises WrongKey where it was altered, cut short or has another key."""
    cipher, head = AESGCM(base64.urlsafe_b64decode(key)), source.read(len(MAGIC) + SALT)
    if head[: len(MAGIC)] != MAGIC:
        raise WrongKey("This is no sealed file.")
    salt, number = head[len(MAGIC) :], 0
    chunk = source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(salt, number, last=not following), chunk, MAGIC)
        except InvalidTag:
            raise WrongKey("A file cannot be read: it was altered, cut short, or sealed under another key.") from None
        if not following:
            return
        chunk, number = following, number + 1


def _nonce(salt: bytes, number: int, *, last: bool) -> bytes:
    return salt + struct.pack(">IB", number, last)
