"""The files of an import: kept encrypted, read into tables, joined where the lines came in a second one."""

import json
from collections.abc import Iterable
from typing import Any

from crm.exchange import vault
from crm.exchange.importers import HEAD, LINES, Importer
from crm.exchange.mapping import known_names, own_labels
from crm.exchange.models import Import
from crm.exchange.sheets import Table, read_tables

SAMPLES = 5  # rows of each sheet that the mapping page shows
FAILED = "failed"
NONE = "-"  # there is no sheet of lines


def store(source: Import, part: str, pieces: Iterable[bytes], kind: str) -> None:
    """Keep a file for `part` of the import, in place of one that was there. Saves nothing."""
    keys = _keys(source)
    old = source.files.get(part, {}).get("name", "")
    name, keys[part], size = vault.keep(pieces)
    source.files = source.files | {part: {"name": name, "kind": kind, "size": size}}
    source.file_keys = json.dumps(keys)
    vault.remove(old)


def open_stored(source: Import, part: str) -> Iterable[bytes]:
    """The clear content of the file for `part`."""
    return vault.pieces(source.files[part]["name"], _keys(source)[part])


def forget(source: Import) -> None:
    """Delete the files of an import. Saves nothing."""
    for each in source.files.values():
        vault.remove(each["name"])
    source.files, source.file_keys, source.samples = {}, "", ""


def all_tables(source: Import, importer: Importer) -> dict[str, list[Table]]:
    """Every table of each uploaded file, by part. Raises ValidationError."""
    known, labels = known_names(importer), own_labels()
    return {
        part: read_tables(b"".join(open_stored(source, part)), source.files[part]["kind"], known, labels)
        for part in (HEAD, LINES)
        if part in source.files
    }


def chosen_tables(source: Import, importer: Importer) -> dict[str, Table]:
    """The tables that the mapping is about: one for the head, and one for the lines where they stand apart."""
    found = all_tables(source, importer)
    chosen = {}
    for part, place in source.mapping["tables"].items():
        chosen[part] = next(table for table in found[place["file"]] if table.name == place["sheet"])
    return chosen


def places(described: dict[str, Any], sheet: str, lines_sheet: str) -> dict[str, dict[str, str]]:
    """Where head and lines stand: `{"head": {"file", "sheet"}, "lines": ...}`.

    `described` is `Import.tables`. An empty name takes the sheet that looks like it, NONE as `lines_sheet` none. Raises
    KeyError with the name of a sheet that is not there.
    """
    names = {part: [each["sheet"] for each in tables] for part, tables in described.items()}
    head = sheet or names[HEAD][0]
    if head not in names[HEAD]:
        raise KeyError(head)
    found = {HEAD: {"file": HEAD, "sheet": head}}
    file = LINES if LINES in names else HEAD
    if not lines_sheet:
        likely = [each["sheet"] for each in described[file] if each.get("is_lines")]
        lines_sheet = names[LINES][0] if file == LINES else next((each for each in likely if each != head), NONE)
    if lines_sheet == NONE and file == HEAD:
        return found
    if lines_sheet not in names[file] or (file, lines_sheet) == (HEAD, head):
        raise KeyError(lines_sheet)
    return found | {LINES: {"file": file, "sheet": lines_sheet}}


def headers(described: dict[str, Any], found: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """The headers of the chosen tables, by part."""
    return {
        part: next(each["headers"] for each in described[place["file"]] if each["sheet"] == place["sheet"])
        for part, place in found.items()
    }


def _keys(source: Import) -> dict[str, str]:
    return json.loads(source.file_keys) if source.file_keys else {}
