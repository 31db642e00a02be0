"""A message is cut to size before it is parsed, so that what somebody mails never decides how much memory is used.

It is read line by line. Of each part so much is kept as one file may have, of all together so much as below; what is
more leaves its head, a line that says how large it was, and nothing of its content. The first part of a text stays.
"""

import re
import secrets
from typing import BinaryIO

LINE = 64 * 1024  # bytes; a longer line is read in pieces
HEAD = 32 * 1024  # of one part's head
TEXT = 1024 * 1024  # of a text
ALL = 32 * 1024 * 1024  # of a whole message
PARTS = 200
DEPTH = 10  # of messages within messages
BOUNDARY = re.compile(rb'boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
NESTED = re.compile(rb"^content-type\s*:\s*message/rfc822", re.IGNORECASE | re.MULTILINE)
A_FILE = re.compile(rb"^content-(?:disposition\s*:\s*attachment|type\s*:\s*(?!text/))", re.IGNORECASE | re.MULTILINE)
CUT = f"X-Cut-{secrets.token_hex(8)}"  # nobody outside knows this name, so that no message can claim it


class Slimmer:
    """Copies a message from `source`, and answers it as bytes that are at most about `ALL` long."""

    def __init__(self, source: BinaryIO, most_of_a_part: int) -> None:
        self.source, self.most = source, most_of_a_part
        self.kept = bytearray()
        self.boundaries: set[bytes] = set()
        self.parts = self.depth = 0
        self.head, self.body = bytearray(), bytearray()
        self.in_head, self.size, self.cut = True, 0, False
        self.dropped = 0  # bytes behind the last part that is read at all

    def run(self) -> bytes:
        """Read to the end, whatever the message is."""
        whole_line = True
        while line := self.source.readline(LINE):
            self._take(line, begins=whole_line)
            whole_line = line.endswith(b"\n")
        self._flush()
        return bytes(self.kept)

    def _take(self, line: bytes, *, begins: bool) -> None:
        if self.parts > PARTS or len(self.kept) > ALL:
            self.dropped += len(line)
        elif begins and line.startswith(b"--") and self._is_boundary(line):
            self._flush()
            self.kept += line
            self.parts += 1
            self.head, self.body = bytearray(), bytearray()
            self.in_head, self.size, self.cut, self.depth = True, 0, False, 0
        elif self.in_head:
            self._take_head(line, begins=begins)
        else:
            self._take_body(line)

    def _is_boundary(self, line: bytes) -> bool:
        words = line[2:].rstrip()
        return words in self.boundaries or (words.endswith(b"--") and words[:-2] in self.boundaries)

    def _take_head(self, line: bytes, *, begins: bool) -> None:
        if not (begins and not line.strip(b"\r\n")):
            if len(self.head) + len(line) <= HEAD:
                self.head += line
            return
        for quoted, plain in BOUNDARY.findall(self.head)[:5]:
            self.boundaries.add((quoted or plain).rstrip())
        if NESTED.search(self.head) and self.depth < DEPTH:  # its own head follows
            self.kept += self.head + line
            self.head, self.depth = bytearray(), self.depth + 1
            return
        self.in_head = False

    def _take_body(self, line: bytes) -> None:
        self.size += len(line)
        if self.cut:
            return
        room = min(self.most, ALL - len(self.kept))
        is_file = A_FILE.search(self.head) is not None
        if not is_file:
            room = min(room, TEXT)
        if len(self.body) + len(line) > room:
            self.cut = True
            if is_file:
                self.body = bytearray()
        else:
            self.body += line

    def _flush(self) -> None:
        """Write the part that has ended; what was cut says so in a line of its head."""
        if self.cut:
            if self.head and not self.head.endswith(b"\n"):
                self.head += b"\r\n"
            self.head += f"{CUT}: {self.size}\r\n".encode()
        self.kept += self.head
        if not self.in_head:
            self.kept += b"\r\n" + self.body
            if self.cut and not self.body.endswith(b"\n"):
                self.kept += b"\r\n"


def slim(source: BinaryIO, most_of_a_part: int) -> tuple[bytes, int]:
    """The message that `source` gives, cut to size, and how many bytes behind its last part were not looked at.

    `most_of_a_part` is how many bytes a part may have as it is sent.
    """
    slimmer = Slimmer(source, most_of_a_part)
    return slimmer.run(), slimmer.dropped
