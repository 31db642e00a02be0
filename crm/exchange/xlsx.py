"""Excel files written as a stream: memory stays small for any size, and no text of a customer's becomes a formula.

Text is written as inline strings, which Excel never evaluates, and in the text format, so that `00123` and `=1+1` stay
what they are when somebody edits the cell.
"""

import datetime
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone
from django.utils.functional import Promise

ROWS = 1_048_576  # of one sheet; a longer list goes on in the next
LETTERS = 32_767  # of one cell
DIGITS = 15  # that Excel keeps of a number; a longer one is written as text
EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no zones
ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what Excel would read as an escaped character
# Beginnings that a later paste or CSV could turn into a formula; the wide ones in China and Japan.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# Numbers of the cell formats in styles.xml below.
PLAIN, DAY, MOMENT, TEXT, QUOTED, HEADER, WRONG, MONEY, NEEDED, LONG = range(10)
BLOCK = 500  # rows of text that are handed to the compressor at once

_STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/>'
    '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/>'
    '<name val="Calibri"/></font></fonts><fills count="5"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE9ECF1"/>'
    '</patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF9C9C4"/></patternFill></fill><fill>'
    '<patternFill patternType="solid"><fgColor rgb="FFE8EEFC"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="10"><xf/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>'
    '<xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" applyFont="1" applyFill="1"/>'
    '<xf numFmtId="49" fillId="3" applyFill="1" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="4" applyFont="1" applyFill="1"/>'
    '<xf numFmtId="49" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs><cellStyles '
    'count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Target(Protocol):
    """Whatever bytes can be written to; it need not be seekable."""

    def write(self, data: bytes, /) -> Any: ...
    def flush(self) -> Any: ...


@dataclass(frozen=True)
class Cell:
    """A value with the number of the format that it is to have, such as WRONG."""

    value: Any
    style: int


@dataclass(frozen=True)
class Formula:
    """What Excel works out, as in `SUM(B2:B13)`, and what it comes to now; our own text, never a customer's."""

    text: str
    value: Decimal | int | str | None


class Outlet:
    """Takes what a workbook writes, and gives it on in pieces."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Hold `data` until it is taken."""
        self.held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self.held)
        self.held.clear()
        return data


def column_letters(index: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(index: int, row: int) -> str:
    """A cell's address as Excel shows it, from a column counted from 0 and a row counted from 1: `B7`."""
    return f"{column_letters(index)}{row}"


class Book:
    """A workbook that is written sheet after sheet, row after row.

    Use it as a context manager; `target` gets the bytes as they come. `append` adds rows to the sheet opened last, and
    opens a further sheet where one is full.
    """

    def __init__(self, target: Target) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3)  # type: ignore[call-overload]
        self._names: list[str] = []
        self._part: Any = None
        self._header: Sequence[Any] = ()
        self._widths: Sequence[int] = ()
        self._row = 0

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self.close()

    def sheet(self, name: str, header: Sequence[Any], *, widths: Sequence[int] = ()) -> None:
        """Begin a sheet with a bold first row that stays in sight; `widths` are counted in characters."""
        self._end_sheet()
        self._header, self._widths = header, widths or [_width(each) for each in header]
        self._names.append(_sheet_name(str(name), self._names))
        self._part = self._zip.open(f"xl/worksheets/sheet{len(self._names)}.xml", "w", force_zip64=True)
        columns = "".join(
            f'<col min="{index}" max="{index}" width="{width}" customWidth="1"/>'
            for index, width in enumerate(self._widths, 1)
        )
        frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        view = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        cols = f"<cols>{columns}</cols>" if columns else ""
        self._part.write(f'{_HEAD}<worksheet xmlns="{_MAIN}">{view}{cols}<sheetData>'.encode())
        self._row = 0
        self.append([[each if isinstance(each, Cell) else Cell(each, HEADER) for each in header]])

    def append(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write `rows`, each a sequence of values or `Cell`s; None leaves a cell empty."""
        block: list[str] = []
        for row in rows:
            if self._row >= ROWS:
                self._part.write("".join(block).encode())
                block = []
                self.sheet(self._names[-1], self._header, widths=self._widths)
            self._row += 1
            number = self._row
            cells = "".join(
                [_cell(value, f"{_letters(index)}{number}") for index, value in enumerate(row) if value is not None]
            )
            block.append(f'<row r="{number}">{cells}</row>')
            if len(block) >= BLOCK:
                self._part.write("".join(block).encode())
                block = []
        self._part.write("".join(block).encode())

    def close(self) -> None:
        """Write what holds the sheets together; without it the file cannot be opened."""
        self._end_sheet()
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
            for number, name in zip(numbers, self._names, strict=True)
        )
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{spreadsheet}.worksheet+xml"/>'
            for n in numbers
        )
        parts = {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
            "xl/styles.xml": _STYLES,
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}<Relationship '
            f'Id="styles" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{spreadsheet}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{spreadsheet}.styles+xml"/>{types}</Types>',
        }
        for name, text in parts.items():
            self._zip.writestr(name, _HEAD + text)
        self._zip.close()

    def _end_sheet(self) -> None:
        if self._part is not None:
            self._part.write(b"</sheetData></worksheet>")
            self._part.close()
            self._part = None


def _text(value: str, ref: str, style: int) -> str:
    if style == TEXT and value.startswith(RISKY):
        style = QUOTED
    clean = ESCAPED.sub("_x005F_", ODD.sub("", value)[:LETTERS]).replace("\r\n", "\n").replace("\r", "\n")
    return f'<c r="{ref}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(clean)}</t></is></c>'


def _cell(value: Any, ref: str, style: int | None = None) -> str:
    kind = type(value)
    if kind is str:
        return _text(value, ref, TEXT if style is None else style)
    if kind is Cell:
        return _cell(value.value, ref, value.style)
    if kind is Formula:
        if isinstance(value.value, str):
            worked_out = f"<v>{escape(ODD.sub('', value.value))}</v>"
            return f'<c r="{ref}" s="{style or PLAIN}" t="str"><f>{escape(value.text)}</f>{worked_out}</c>'
        worked_out = "" if value.value is None else f"<v>{value.value:f}</v>"
        return f'<c r="{ref}" s="{style or PLAIN}"><f>{escape(value.text)}</f>{worked_out}</c>'
    if value is None:
        return f'<c r="{ref}" s="{style or PLAIN}"/>'
    if kind is bool:
        return f'<c r="{ref}" s="{style or PLAIN}" t="b"><v>{int(value)}</v></c>'
    if kind is int or kind is Decimal:
        return _number(value, ref, style or PLAIN)
    if kind is datetime.datetime:
        return _moment(value, ref, MOMENT if style is None else style)
    if kind is datetime.date:
        return _moment(datetime.datetime(value.year, value.month, value.day), ref, DAY if style is None else style)  # noqa: DTZ001
    if isinstance(value, (str, Promise)):
        return _text(str(value), ref, TEXT if style is None else style)
    raise TypeError(f"{kind.__name__} has no place in a sheet; money and quantities are Decimal.")


def _number(value: int | Decimal, ref: str, style: int) -> str:
    if isinstance(value, Decimal) and not value.is_finite():
        return _text(str(value), ref, TEXT)
    plain = str(value) if isinstance(value, int) else f"{value:f}"
    if len(plain.lstrip("-0.").replace(".", "")) > DIGITS:
        return _text(plain, ref, TEXT)
    return f'<c r="{ref}" s="{style}"><v>{plain}</v></c>'


def _moment(value: datetime.datetime, ref: str, style: int) -> str:
    if value.tzinfo is not None:
        value = timezone.make_naive(value)
    if value.year < 1900:
        return _text(value.isoformat(" ", "minutes") if style == MOMENT else value.date().isoformat(), ref, TEXT)
    since = value - EPOCH
    days = since.days if not since.seconds else round(since.total_seconds() / 86400, 9)
    return f'<c r="{ref}" s="{style}"><v>{days}</v></c>'


_known_letters: list[str] = [column_letters(index) for index in range(200)]


def _letters(index: int) -> str:
    return _known_letters[index] if index < 200 else column_letters(index)


def _width(title: Any) -> int:
    """Room for the title and usual values; a Chinese character takes two places."""
    text = str(title.value if isinstance(title, Cell) else title)
    return min(60, max(12, sum(2 if ord(letter) > 0x2E80 else 1 for letter in text) + 4))


def _sheet_name(name: str, taken: list[str]) -> str:
    """A name that Excel accepts: at most 31 characters, none of `[]:*?/\\`, and used once."""
    base = ODD.sub("", re.sub(r"[\[\]:*?/\\]", " ", name)).strip(" '")[:31] or "Sheet"
    found, number = base, 1
    while found.lower() in (each.lower() for each in taken):
        number += 1
        suffix = f" ({number})"
        found = base[: 31 - len(suffix)] + suffix
    return found
