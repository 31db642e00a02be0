"""The first step in the background: what is in the files, and how their dates and numbers are written."""

import json
from typing import Any

from crm.exchange import cells
from crm.exchange.files import SAMPLES, all_tables
from crm.exchange.importers import HEAD, JOIN, LINES, Importer
from crm.exchange.mapping import guess
from crm.exchange.models import Import
from crm.exchange.sheets import BROKEN, Table

PROBES = 20  # cells by which a column of dates is known


def read(source: Import, importer: Importer) -> dict[str, Any]:
    """What `finish_import` is to write down: the tables with their headers and habits, and samples of their rows.

    Raises ValidationError where a file cannot be used.
    """
    found = all_tables(source, importer)
    described = {part: [_describe(table) for table in tables] for part, tables in found.items()}
    samples = {part: {table.name: _samples(table) for table in tables} for part, tables in found.items()}
    if importer.takes_lines_file and LINES not in described:
        _find_lines_sheet(described[HEAD], importer)
    return {"tables": described, "samples": json.dumps(samples, ensure_ascii=False)}


def _describe(table: Table) -> dict[str, Any]:
    """One table: its sheet, headers, number of rows, note on its encoding, and how its dates and numbers are written.

    `dates` says for each header over dates that end in the year which comes first, `commas` names the headers over
    numbers with a decimal comma.
    """
    rows = [row for _number, row in table.numbered()]
    dates: dict[str, str] = {}
    commas: list[str] = []
    for name, index in table.columns.items():
        texts = (row[index].strip() for row in rows if index < len(row) and isinstance(row[index], str))
        filled = [text for text in texts if text]
        if any(cells.order_of([text]) for text in filled[:PROBES]):
            dates[name] = cells.order_of(filled)
        elif any("," in text for text in filled) and cells.comma_in(filled):
            commas.append(name)
    return {
        "sheet": table.name,
        "headers": [name for name in table.names if name],
        "rows": len(rows),
        "note": table.note,
        "dates": dates,
        "commas": commas,
    }


def _samples(table: Table) -> list[dict[str, str]]:
    found = []
    for _number, row in table.numbered():
        sample = {}
        for name, index in table.columns.items():
            cell = row[index] if index < len(row) else ""
            sample[name] = "#" if cell is BROKEN else cells.text_of(cell)[:80]
        found.append(sample)
        if len(found) == SAMPLES:
            break
    return found


def _find_lines_sheet(sheets: list[dict[str, Any]], importer: Importer) -> None:
    """Mark the sheet after the first that has the joining column and most columns of lines."""
    lines = {name for name, column in importer.by_name.items() if column.in_lines} - {JOIN}
    best, most = None, 0
    for each in sheets[1:]:
        mapped = set(guess(importer, {HEAD: [], LINES: each["headers"]})[LINES].values())
        if JOIN in mapped and len(lines & mapped) > most:
            best, most = each, len(lines & mapped)
    if best is not None:
        best["is_lines"] = True
