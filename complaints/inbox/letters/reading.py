"""A message is read into a Letter, whatever is wrong with it: what cannot be read is left out, and said so."""

import re
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import BinaryIO

from complaints.inbox.letters import words
from complaints.inbox.letters.automatic import kind_of
from complaints.inbox.letters.letter import File, LeftOut, Letter
from complaints.inbox.letters.slimming import CUT, DEPTH, slim

BASE64 = 4 / 3 * 1.04  # what a file has more in a mail than on a disk: four letters for three bytes, and line ends
FILES = 20  # of one message
LONGEST_TEXT, LONGEST_NAME, LONGEST_HEAD = 20_000, 150, 4_000
ADDRESS = re.compile(r"[^\s@<>,;\"()]{1,64}@[^\s@<>,;\"()]{1,190}")
MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
LATEST, OLDEST = timedelta(minutes=5), timedelta(days=30)  # between which the mail server's time is believed


def read(source: BinaryIO, *, most_of_a_file: int, now: datetime) -> Letter:
    """Read one message in RFC 5322; `most_of_a_file` is in bytes. It raises nothing but what `source` raises.

    The whole message never lies in memory: see slimming.py.
    """
    content, dropped = slim(source, int(most_of_a_file * BASE64))
    letter = Letter()
    try:
        # The newer policy reads heads by a grammar, which took 12 s for 30 KB of semicolons, and fails on brackets.
        message = BytesParser(policy=policy.compat32).parsebytes(content)
        heads = Heads(message)
        _read_heads(heads, letter, now)
        Reader(letter, most_of_a_file).take(message)
        letter.automatic = kind_of(heads, message.get_content_type(), letter)
    except Exception:  # noqa: BLE001 - the library has raised all kinds of errors for what strangers send
        letter.damaged = True
        letter.text = letter.text or words.decoded(content[:LONGEST_TEXT], "")
    letter.text = words.tidy(letter.text)[:LONGEST_TEXT]
    if dropped:
        letter.left_out.append(LeftOut("", dropped, "too_many"))
    return letter


class Heads:
    """The head of a message as it was sent: the library's reading of it fails on what strangers make up."""

    def __init__(self, message: Message) -> None:
        self.rows = [(name.lower(), str(value)[:LONGEST_HEAD]) for name, value in message.raw_items()]

    def all(self, name: str) -> list[str]:
        """All lines of that name, as they are."""
        return [value for each, value in self.rows if each == name.lower()]

    def first(self, name: str) -> str:
        """The first line of that name in clear, "" where there is none."""
        found = self.all(name)
        return words.head(found[0]) if found else ""


def _read_heads(heads: Heads, letter: Letter, now: datetime) -> None:
    raw = (heads.all("From") or heads.all("Sender") or [""])[0]
    letter.name, letter.address = sender_of(raw)
    letter.subject = heads.first("Subject")[:300]
    ids = MESSAGE_ID.findall(heads.first("Message-ID"))
    letter.message_id = ids[0] if ids else ""
    for name in ("In-Reply-To", "References"):
        letter.references += [each for value in heads.all(name) for each in MESSAGE_ID.findall(value)][:50]
    letter.sent_at = _taken_at(heads, now)


def sender_of(raw: str) -> tuple[str, str]:
    """The name and the address that a From line claims; both may be empty."""
    for name, address in getaddresses([re.sub("[\udc80-\udcff]+", " ", raw).replace("\n", " ")]):
        if ADDRESS.fullmatch(address):
            return words.head(name)[:120] or _name_in(raw), address
    found = ADDRESS.search(words.head(raw))
    return (_name_in(raw), found.group()) if found else (words.head(raw)[:120], "")


def _name_in(raw: str) -> str:
    """What stands before the address, also where it is in raw bytes."""
    return words.head(raw).partition("<")[0].strip(" \"'")[:120] if "<" in raw else ""


def _taken_at(heads: Heads, now: datetime) -> datetime | None:
    """When our mail server took the message: it wrote the topmost Received line."""
    received = heads.all("Received")
    if not received:
        return None
    try:
        found = parsedate_to_datetime(received[0].rpartition(";")[2].strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    found = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return min(found, now) if now - OLDEST <= found <= now + LATEST else None


class Reader:
    """Walks through the parts, and gathers text and files."""

    def __init__(self, letter: Letter, most_of_a_file: int) -> None:
        self.letter, self.most = letter, most_of_a_file

    def take(self, part: Message, depth: int = 0, *, silent: bool = False) -> None:
        """Take a part with everything in it; `silent` where its text is said in another part."""
        try:
            self._take(part, depth, silent)
        except Exception:  # noqa: BLE001 - one part that cannot be read takes none of the others with it
            self.letter.damaged = True

    def _take(self, part: Message, depth: int, silent: bool) -> None:
        kind = part.get_content_type()
        cut = part.get(CUT)
        self.letter.damaged |= bool(part.defects)
        if depth > DEPTH or kind in ("message/delivery-status", "message/disposition-notification"):
            return
        if part.is_multipart():
            inner = [each for each in part.get_payload() if isinstance(each, Message)]
            if kind == "message/rfc822":
                self._forwarded(inner, depth, silent)
            elif kind == "multipart/alternative":
                self._alternatives(inner, depth, silent)
            else:
                for each in inner:
                    self.take(each, depth + 1, silent=silent)
            return
        name = file_name(part)
        if kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment" and not name:
            if not silent:
                self._say(self._text_of(part, kind))
                if cut:
                    self._leave_out("", int(cut), "cut")
            return
        self._keep(part, kind, name, int(cut) if cut else 0)

    def _alternatives(self, inner: list[Message], depth: int, silent: bool) -> None:
        """The same in several forms: plain words before HTML; what else is in them is taken all the same."""
        plain = next((each for each in inner if each.get_content_type() == "text/plain"), None)
        spoken = plain if plain is not None and self._text_of(plain, "text/plain").strip() else None
        for each in inner:
            self.take(each, depth + 1, silent=silent or (spoken is not None and each is not spoken))

    def _forwarded(self, inner: list[Message], depth: int, silent: bool) -> None:
        for each in inner:
            heads = Heads(each)
            lines = [f"{name}: {heads.first(name)[:300]}" for name in ("From", "Date", "Subject") if heads.first(name)]
            self._say("\n".join(["-" * 20, *lines, ""]))
            self.take(each, depth + 1, silent=silent)

    def _text_of(self, part: Message, kind: str) -> str:
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            return ""
        text = words.decoded(data, str(part.get_content_charset() or ""))
        return words.of_html(text) if kind == "text/html" else text

    def _say(self, text: str) -> None:
        if text.strip() and len(self.letter.text) < LONGEST_TEXT:
            self.letter.text = f"{self.letter.text}\n\n{text.strip()}".strip()

    def _leave_out(self, name: str, size: int, why: str) -> None:
        self.letter.left_out.append(LeftOut(name[:LONGEST_NAME], size, why))

    def _keep(self, part: Message, kind: str, name: str, cut: int) -> None:
        data = b"" if cut else part.get_payload(decode=True)
        size = cut or (len(data) if isinstance(data, bytes) else 0)
        if kind in TNEF or name.lower() == "winmail.dat":
            self._leave_out(name, size, "tnef")
        elif cut or size > self.most:
            self._leave_out(name, size, "too_big")
        elif len(self.letter.files) >= FILES:
            self._leave_out(name, size, "too_many")
        elif isinstance(data, bytes) and data:
            self.letter.files.append(File(name, data))


def file_name(part: Message) -> str:
    """What the sender calls a file: RFC 2231, encoded words, or raw bytes; "" where it has no name."""
    plain = Message()  # the older reading of heads, which keeps raw bytes and fails on nothing
    for header in ("Content-Disposition", "Content-Type"):
        raw = next((str(value) for name, value in part.raw_items() if name.lower() == header.lower()), "")
        if raw:
            raw = re.sub(r"[\r\n]+\s*", " ", raw)
            if re.search("[\udc80-\udcff]", raw):
                raw = words.decoded(raw.encode("utf-8", "surrogateescape"), "")
            plain[header] = raw
    try:
        found = plain.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        return ""
    return words.head(found).replace("\\", "/").rpartition("/")[2][:LONGEST_NAME]
