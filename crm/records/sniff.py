"""What a file is by its content: names and the browser's word are not believed."""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

HEAD = 4096
NAME_LENGTH = 150
DIRECTORY = 1024 * 1024  # bytes of a zip's table of contents: some 10,000 parts, far more than any document has
HIDDEN = {"Cc", "Cf", "Cs", "Co"}  # among them the marks that turn "fdp.exe" around


@dataclass(frozen=True)
class Content:
    """One accepted kind of content: its names, and whether a browser may show it in its own window."""

    key: str
    content_type: str
    extensions: tuple[str, ...]
    inline: bool = False


CONTENTS = {
    content.key: content
    for content in (
        Content("pdf", "application/pdf", ("pdf",), inline=True),
        Content("png", "image/png", ("png",), inline=True),
        Content("jpeg", "image/jpeg", ("jpg", "jpeg"), inline=True),
        Content("webp", "image/webp", ("webp",), inline=True),
        Content("heic", "image/heic", ("heic", "heif")),
        Content("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
        Content("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)),
        Content("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", ("pptx",)),
        Content("ofd", "application/ofd", ("ofd",)),
        Content("text", "text/plain", ("txt",)),
        Content("csv", "text/csv", ("csv",)),
    )
}
INLINE_TYPES = {content.content_type for content in CONTENTS.values() if content.inline}
ACCEPT = ",".join(f".{extension}" for content in CONTENTS.values() for extension in content.extensions)
PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml", "pptx": "ppt/presentation.xml", "ofd": "OFD.xml"}


class ShortDirectory:
    """A zip to be opened whose table of contents must be short: one of 20 MB would keep a process busy for seconds."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """Some bytes; the table is read in one piece. Raises zipfile.BadZipFile where that is too long."""
        if size > DIRECTORY:
            raise zipfile.BadZipFile("the table of contents is too long")
        return self._file.read(size)


def sniff(file: BinaryIO, name: str) -> Content:
    """The content of `file`, called `name`. Raises ValidationError where it is none of CONTENTS or the name lies."""
    file.seek(0)
    head = file.read(HEAD)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    found = _by_magic(head) or _by_parts(file, head) or _by_text(head, extension)
    file.seek(0)
    if found is None:
        raise ValidationError(
            _("Files of this kind are not taken. Possible are PDF, pictures, Excel, Word, text and CSV."), "kind"
        )
    if extension and extension not in found.extensions:
        raise ValidationError(
            _("The name ends in .%(extension)s, but the content is %(content)s."),
            "name_lies",
            {"extension": extension[:10], "content": found.key.upper()},
        )
    return found


def safe_name(name: str, content: Content) -> str:
    """The file name without folders, control and direction marks, at most 150 characters, with its extension."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    text = "".join(each for each in text if unicodedata.category(each) not in HIDDEN)
    stem = re.sub(r'[<>:"|?*]', "_", text).strip()
    extension = content.extensions[0]
    for known in content.extensions:
        if stem.lower().endswith(f".{known}"):
            stem, extension = stem[: -len(known) - 1], known
    return f"{stem[: NAME_LENGTH - 6].strip('. ') or 'file'}.{extension}"


def _by_magic(head: bytes) -> Content | None:
    if head.startswith(b"%PDF-"):
        return CONTENTS["pdf"]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return CONTENTS["png"]
    if head.startswith(b"\xff\xd8\xff"):
        return CONTENTS["jpeg"]
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return CONTENTS["webp"]
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"):
        return CONTENTS["heic"]
    return None


def _by_parts(file: BinaryIO, head: bytes) -> Content | None:
    """Office documents are zip archives; only their table of contents is read, nothing is unpacked."""
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        names = set(zipfile.ZipFile(ShortDirectory(file)).namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ValidationError(_("This document holds macros. Save it without them, as .xlsx or .docx."), "macros")
    return next((CONTENTS[key] for key, part in PARTS.items() if part in names), None)


def _by_text(head: bytes, extension: str) -> Content | None:
    content = CONTENTS["csv" if extension == "csv" else "text"]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif any(byte < 9 or (13 < byte < 32 and byte != 27) for byte in head):
        return None
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        for cut in range(4):  # the head may end within a character
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return content
    return None
