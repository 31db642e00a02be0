"""Opening an upload safely: what kind of file it is, whether it is harmless, and the tables in it.

`check_upload` looks at the first bytes and at the zip directory only, so a web request can afford it; `read_tables`
reads everything and belongs into a worker. Both raise ValidationError with one sentence and a code.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import python_calamine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.exchange import csvs
from crm.exchange.xlsx import column_letters
from crm.records.sniff import ShortDirectory

ROWS = 200_000  # of one table
HEAD = 10  # rows among which the header is looked for
COLUMNS = 256
CELLS = 10_000_000  # rows times columns; a reader keeps 31 bytes for each, also for the empty ones
UNPACKED = 400 * 1024 * 1024  # bytes of all parts of a workbook together
PARTS = 2_000
RATIO = 300  # unpacked to packed; sheets of real data stay below 100
SMALL = 20 * 1024 * 1024  # a part below this may be packed as tightly as it likes
CHUNK = 1 << 20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of workbooks with a password
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"MZ",
    b"\x7fELF",
)
_MARKUP = re.compile(rb"\s*(<!doctype\s+html|<html|<\?xml|<table|<meta|<svg)", re.IGNORECASE)

# A cell that holds something (an empty one that is only coloured closes itself), by its address and by its type.
_FAR_ROW = re.compile(rb'<c\s(?:[^>]*?\s)?r="[A-Z]{1,3}(\d{5,7})"[^>]*(?<!/)>')
_FAR_COLUMN = re.compile(rb'<c\s(?:[^>]*?\s)?r="([A-Z]{2,3})\d+"[^>]*(?<!/)>')
_ERROR = re.compile(rb'<c\s(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]{1,3})(\d+)"')


class Broken:
    """Stands for a cell that shows an error such as #N/A: it is neither empty nor a value."""

    def __repr__(self) -> str:
        return "#"


BROKEN = Broken()


@dataclass
class Raw:
    """A sheet as it is in the file: rows from the first one on, cells as Python values, "" where empty."""

    name: str
    rows: list[list[Any]]
    note: str = ""


@dataclass
class Table:
    """A sheet whose header is found: `names[i]` is the header over column `i`, "" where there is none."""

    name: str
    names: list[str]
    header_row: int
    rows: list[list[Any]]
    note: str = ""
    columns: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = {name: index for index, name in enumerate(self.names) if name}

    def numbered(self) -> Iterable[tuple[int, list[Any]]]:
        """Each row below the header that is not empty, with the number that Excel shows beside it."""
        for number, row in enumerate(self.rows[self.header_row :], self.header_row + 1):
            if any(cell not in ("", None) and (not isinstance(cell, str) or cell.strip()) for cell in row):
                yield number, row


def check_upload(file: Any) -> str:
    """Whether an upload can be a table, judged without reading it: answers "xlsx" or "csv".

    `file` is a Django upload (size, seek, read). Raises ValidationError.
    """
    if not file.size:
        raise ValidationError(_("The file is empty."), code="empty")
    if file.size > settings.MAX_UPLOAD_BYTES:
        raise ValidationError(
            _("The file has %(size)d MB; at most %(most)d MB are possible. Split it, or save it as CSV."),
            code="too_large",
            params={"size": -(-file.size // CHUNK), "most": settings.MAX_UPLOAD_BYTES // CHUNK},
        )
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        _check_zip(file)
        file.seek(0)
        return "xlsx"
    if head.startswith(_OLE):
        _refuse_ole(file)
    if head.startswith(_OTHERS) or _MARKUP.match(head):
        raise _wrong_kind()
    if not csvs.looks_like_text(head):
        raise _wrong_kind()
    return "csv"


def read_tables(data: bytes, kind: str, known: set[str], labels: Iterable[str] = ()) -> list[Table]:
    """All tables of a checked upload that have a header; `known` are normalised names that a header may have.

    Columns titled as one of `labels` (our own remarks in a file that came back) are left out. Raises ValidationError
    where the file is broken, too long, or has no table.
    """
    raws = [_read_csv(data)] if kind == "csv" else _read_workbook(data)
    raws = [raw for raw in raws if any(any(str(cell).strip() for cell in row) for row in raw.rows)]
    if not raws:
        raise ValidationError(_("The file holds no rows."), code="empty")
    tables, troubles = [], []
    for raw in raws:
        try:
            tables.append(_find_header(raw, known, set(labels)))
        except ValidationError as trouble:
            troubles.append(trouble)
    if not tables:
        raise troubles[0]
    return tables


def normalised(name: Any) -> str:
    """A header without case, spaces, punctuation and the star of a required column, to be compared."""
    return re.sub(r"[\W_]+", "", str(name)).casefold()


def _wrong_kind() -> ValidationError:
    return ValidationError(_("This is neither an Excel workbook (.xlsx) nor a CSV file."), code="wrong_kind")


def _refuse_ole(file: BinaryIO) -> None:
    content = file.read()
    file.seek(0)
    if _PASSWORD in content:
        raise ValidationError(
            _("The workbook has a password. Open it in Excel, take the password away, and save it anew."),
            code="password",
        )
    raise ValidationError(
        _("This is a file of the old Excel format or of another program. Save it as .xlsx and upload that."),
        code="old_format",
    )


def _check_zip(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(ShortDirectory(file)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _broken() from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise _wrong_kind()
    if any(part.flag_bits & 1 for part in parts):
        raise ValidationError(_("The workbook has a password."), code="password")
    heavy = any(part.file_size > SMALL and part.file_size > RATIO * max(part.compress_size, 1) for part in parts)
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED or heavy:
        raise _bomb()


def _broken() -> ValidationError:
    return ValidationError(
        _("The file is damaged: Excel could not open it either. Save it anew and upload that."), code="broken"
    )


def _bomb() -> ValidationError:
    return ValidationError(_("The file unpacks to far more than a list needs, and was not opened."), code="zip_bomb")


def _too_many_rows() -> ValidationError:
    return ValidationError(
        _("The sheet has more than %(most)s rows. Split it."), code="too_many_rows", params={"most": f"{ROWS:,}"}
    )


def _read_csv(data: bytes) -> Raw:
    rows, encoding = csvs.read(data, most=ROWS + HEAD)
    return Raw("CSV", rows, "" if encoding.startswith("utf-8") else encoding)


def _read_workbook(data: bytes) -> list[Raw]:
    """The visible sheets. Every part is unpacked once before, so that no size in the directory can lie."""
    faults: dict[str, list[tuple[int, int]]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_zip(io.BytesIO(data))
            for part in archive.infolist():
                found = _scan(archive, part)
                if found:
                    faults[part.filename] = found
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            raws = []
            places = _sheet_parts(data)
            for meta in workbook.sheets_metadata:
                sheet_kind, visible = python_calamine.SheetTypeEnum, python_calamine.SheetVisibleEnum
                if meta.typ != sheet_kind.WorkSheet or meta.visible != visible.Visible:
                    continue
                rows: list[list[Any]] = workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
                for row, column in faults.get(places.get(meta.name, ""), ()):
                    if row < len(rows) and column < len(rows[row]):
                        rows[row][column] = BROKEN
                raws.append(Raw(meta.name, rows))
    except (zipfile.BadZipFile, python_calamine.CalamineError, ValueError, OSError, NotImplementedError) as error:
        raise _broken() from error
    return raws


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> list[tuple[int, int]]:
    """Unpack one part to its end: its size, checksum, cells that lie too far out, and cells that show an error.

    Answers the error cells as (row, column) from 0.
    """
    sheet = part.filename.startswith("xl/worksheets/")
    widest, highest, errors, rest = 0, 0, [], b""
    with archive.open(part) as stream:
        piece = stream.read(CHUNK)
        while piece:
            following = stream.read(CHUNK)
            block, rest = rest + piece, b""
            piece = following
            if b"<!DOCTYPE" in block and part.filename.endswith((".xml", ".rels")):
                raise _broken()
            if not sheet:
                continue
            if following and (cut := block.rfind(b"<c ")) > 0:  # a cell that goes on in the next piece
                block, rest = block[:cut], block[cut:]
            widest = max([widest, *(_index(letters) for letters in set(_FAR_COLUMN.findall(block)))])
            highest = max([highest, *map(int, _FAR_ROW.findall(block))])
            errors += [(int(row) - 1, _index(letters)) for letters, row in _ERROR.findall(block)]
    if highest > ROWS + HEAD:
        raise _too_many_rows()
    if widest >= COLUMNS:
        raise ValidationError(
            _("The sheet has more than %(most)d columns."), code="too_many_columns", params={"most": COLUMNS}
        )
    if max(highest, 1) * (widest + 1) > CELLS:
        raise ValidationError(
            _("The sheet is too large: it has more than %(most)s cells."),
            code="too_many_cells",
            params={"most": f"{CELLS:,}"},
        )
    return errors


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _sheet_parts(data: bytes) -> dict[str, str]:
    """Which part of the package each sheet lies in."""
    from xml.etree import ElementTree  # the parts were checked to have no DOCTYPE, so nothing can expand

    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    link = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {each.get("Id"): (each.get("Target") or "").lstrip("/") for each in links}
    found = {}
    for sheet in book.iter(f"{main}sheet"):
        target = targets.get(sheet.get(link), "")
        found[sheet.get("name", "")] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def _find_header(raw: Raw, known: set[str], own: set[str]) -> Table:
    """The row of headers is that of the first ten which has most known names; without any, the first of texts only."""
    if len(raw.rows) > ROWS + HEAD:
        raise _too_many_rows()
    best, score = None, -1
    for index, row in enumerate(raw.rows[:HEAD]):
        filled = [cell for cell in row if str(cell).strip()]
        if not filled or not all(_may_be_header(cell) for cell in filled):
            continue
        hits = sum(normalised(cell) in known for cell in filled)
        if hits > score:
            best, score = index, hits
    if best is None:
        raise ValidationError(
            _("“%(sheet)s” has no header row: the first row must name the columns."),
            code="no_header",
            params={"sheet": raw.name},
        )
    names: list[str] = []
    seen: dict[str, int] = {}
    for index, cell in enumerate(raw.rows[best]):
        name = re.sub(r"\s+", " ", str(cell)).strip()
        if name in own:
            name = ""
        if name and name in seen:
            raise ValidationError(
                _("The header “%(name)s” stands over two columns, %(first)s and %(second)s. Each needs its own name."),
                code="duplicate_header",
                params={"name": name, "first": column_letters(seen[name]), "second": column_letters(index)},
            )
        seen[name] = index
        names.append(name)
    table = Table(raw.name, names, best + 1, raw.rows, raw.note)
    if len(raw.rows) - table.header_row > ROWS:
        raise _too_many_rows()
    if len(table.columns) > COLUMNS:
        raise ValidationError(
            _("The sheet has more than %(most)d columns."), code="too_many_columns", params={"most": COLUMNS}
        )
    return table


def _may_be_header(cell: Any) -> bool:
    """Whether a cell can be a header: text of a word's length that is no number and no date."""
    if not isinstance(cell, str) or len(cell) > 200:
        return False
    return not re.fullmatch(r"[\d\s.,:/¥$€%+\-年月日T]+", cell.strip())
