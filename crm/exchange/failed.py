"""The rows that failed, as a workbook to be mended and uploaded again: wrong cells are coloured, remarks stand last."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from crm.exchange.mapping import REMARKS
from crm.exchange.models import Import, ImportRow
from crm.exchange.rows import Record
from crm.exchange.sheets import BROKEN, Table
from crm.exchange.xlsx import LONG, WRONG, Book, Cell, Outlet

CHUNK = 500


def failed_rows(source: Import, tables: dict[str, Table], records: Iterable[Record]) -> Iterator[bytes]:
    """The workbook in pieces: one sheet per table, with the rows of every record that has errors."""
    wanted = {
        row.number: row.errors for row in source.rows.filter(state__in=[ImportRow.State.BAD, ImportRow.State.REFUSED])
    }
    bad = [record for record in records if record.number in wanted]
    outlet = Outlet()
    with Book(outlet) as book:
        for part, table in tables.items():
            width = len(table.names)
            book.sheet(table.name, [*table.names, REMARKS], widths=[*[16] * width, 60])
            written = 0
            for record in bad:
                places = [place for place in record.places if place.part == part]
                book.append(_row(place.number, place.cells, width, part, wanted[record.number]) for place in places)
                written += len(places)
                if written >= CHUNK:
                    written = 0
                    yield outlet.take()
    yield outlet.take()


def _row(number: int, cells: list[Any], width: int, part: str, errors: list[dict[str, Any]]) -> list[Any]:
    mine = [each for each in errors if each["row"] == number and each["part"] == part]
    wrong = {each["column"] for each in mine}
    found: list[Any] = []
    for index in range(width):
        value = cells[index] if index < len(cells) else ""
        if value is BROKEN:
            value = "#"
        elif isinstance(value, float):
            value = int(value) if value.is_integer() else Decimal(format(value, ".15g"))
        elif not isinstance(value, (str, bool, int)) and not hasattr(value, "year"):
            value = str(value)
        if index in wrong:
            found.append(Cell(value if value != "" else None, WRONG))
        else:
            found.append(value if value != "" else None)
    found.append(Cell("\n".join(_sentence(each) for each in mine), LONG) if mine else None)
    return found


def _sentence(error: dict[str, Any]) -> str:
    return ": ".join(filter(None, [error["label"], error["message"]]))
