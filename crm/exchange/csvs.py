"""CSV files: read in whatever encoding and with whatever delimiter they come, written so that no cell is a formula."""

import codecs
import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.exchange.xlsx import RISKY

FIELD = 100_000  # characters of one cell; a quotation mark that is never closed swallows more
DELIMITERS = ",;\t|"
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def looks_like_text(head: bytes) -> bool:
    """Whether the beginning of a file may be text of any encoding."""
    if head.startswith(tuple(mark for mark, _name in BOMS)) or _utf16_without_mark(head):
        return True
    odd = sum(byte < 32 and byte not in b"\t\r\n\f" for byte in head)
    return odd == 0


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the encoding that it was in. Raises ValidationError where it is none that we know."""
    for mark, name in BOMS:
        if data.startswith(mark):
            return _decoded(data, name), name
    if found := _utf16_without_mark(data[:4096]):
        return _decoded(data, found), found
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252"), "cp1252"
    if _is_western(data):
        return _decoded(data, "cp1252"), "cp1252"
    return text, "gb18030"


def read(data: bytes, *, most: int) -> tuple[list[list[Any]], str]:
    """The rows of a CSV file, at most one more than `most`, and its encoding.

    Raises ValidationError for an unknown encoding, for broken quotation marks and for a cell that is too long.
    """
    text, encoding = decode(data)
    delimiter = _sniff(text)
    csv.field_size_limit(FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[Any]] = []
    try:
        for row in reader:
            rows.append([_unprefixed(cell) for cell in row])
            if len(rows) > most:
                break
    except csv.Error as error:
        if "field limit" in str(error):
            raise ValidationError(
                _("Row %(row)d has a cell of more than %(most)d characters. Shorten it, or close its quotation mark."),
                code="long_cell",
                params={"row": len(rows) + 1, "most": FIELD},
            ) from error
        raise ValidationError(
            _("Row %(row)d cannot be read: a quotation mark is missing or stands in the middle of a cell."),
            code="quotes",
            params={"row": len(rows) + 1},
        ) from error
    return rows, encoding


class Writer:
    """Writes rows as CSV that Excel opens with the right characters and without running anything."""

    def __init__(self, target: Any, header: Sequence[Any]) -> None:
        self._target = target
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer)
        self._target.write(codecs.BOM_UTF8)
        self.append([header])

    def append(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write `rows` of values as they are given to an Excel sheet too."""
        self._writer.writerows([safe(value) for value in row] for row in rows)
        self._target.write(self._buffer.getvalue().encode())
        self._buffer.seek(0)
        self._buffer.truncate()


def safe(value: Any) -> Any:
    """A value as a CSV cell; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, (str, Promise)):
        text = str(value).replace("\x00", "")
        return f"'{text}" if text.startswith(RISKY) else text
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        local = timezone.make_naive(value) if value.tzinfo else value
        return f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value


def _unprefixed(cell: str) -> str:
    """The cell without the apostrophe that `safe` put in front."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(RISKY) else cell


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise ValidationError(
            _("The characters of this file cannot be read. Save it as “CSV UTF-8” and upload that."), code="encoding"
        ) from error


def _utf16_without_mark(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of western text and of delimiters is zero."""
    if b"\x00" not in head or len(head) < 4:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    if 4 * min(even, odd) >= max(even, odd) or max(even, odd) * 10 <= len(head):
        return ""
    text = head.decode(name, "ignore")
    odd_letters = any(letter < " " and letter not in "\t\r\n" for letter in text)
    return name if not odd_letters and any(mark in text for mark in f"\n{DELIMITERS}") else ""


def _is_western(data: bytes) -> bool:
    """Whether bytes above 127 are single accented letters rather than pairs of Chinese characters.

    In GB18030 the second byte of nearly every character in use is above 160; after an accented letter comes a plain
    one.
    """
    pairs = plain = 0
    index = 0
    while index < len(data) - 1 and pairs < 2000:
        if data[index] > 0x80:
            rare = 0x30 <= data[index + 1] <= 0x39  # four bytes: a character beyond the usual ones
            pairs += 1
            plain += not rare and data[index + 1] < 0xA1
            index += 4 if rare else 2
        else:
            index += 1
    return pairs > 0 and plain * 2 > pairs


def _sniff(text: str) -> str:
    """The delimiter by which the first rows fall into most columns, each into equally many."""
    sample = text[:20_000].splitlines()[:30]
    if len(text) > 20_000:
        sample = sample[:-1] or sample
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = (usual - 1) * widths.count(usual) / len(widths)
        if score > most:
            best, most = delimiter, score
    return best
