"""What is kept of a message."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class File:
    """A file that came with a message; its name says what the sender calls it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class LeftOut:
    """What came with a message and is not kept: its name, its size in bytes as it was sent, and why, as a code."""

    name: str
    size: int
    why: str


@dataclass
class Letter:
    """A message: who claims to have sent it, what it says, and what came with it.

    `automatic` is empty for what a person wrote, else a code that says what it is. `damaged` is true where a part could
    not be read. `sent_at` is when our own mail server took it, None where it does not say so.
    """

    name: str = ""
    address: str = ""
    subject: str = ""
    text: str = ""
    message_id: str = ""
    references: list[str] = field(default_factory=list)
    automatic: str = ""
    files: list[File] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    damaged: bool = False
    sent_at: datetime | None = None
