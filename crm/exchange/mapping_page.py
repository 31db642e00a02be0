"""What the page shows of the mapping: each header with samples and its column, as chosen, remembered or guessed."""

import json
from typing import Any

from crm.accounts.models import User
from crm.exchange.files import headers, places
from crm.exchange.forms import OPTIONS, MapForm
from crm.exchange.importers import COUNTRY, IMPORTERS, JOIN, LINES, Importer
from crm.exchange.mapping import columns_for, guess, remembered, shape_of
from crm.exchange.models import Import

SHOWN = 3  # samples of each column


def mapping_page(
    source: Import, user: User, form: MapForm | None = None, *, sheet: str = "", lines_sheet: str = ""
) -> dict[str, Any]:
    """The context of the mapping form. `form` is one that was sent and refused. An unknown sheet shows the first."""
    importer = IMPORTERS[source.kind]
    try:
        where = places(source.tables, sheet, lines_sheet)
    except KeyError:
        where = places(source.tables, "", "")
    titles = headers(source.tables, where)
    known = remembered(importer, shape_of(titles), user)
    chosen, values, options = _chosen(source, importer, titles, known)
    if form is not None:
        sent = form.data
        chosen, values = _sent(sent, titles)
    else:
        form = MapForm(by=user, obj=source, initial=OPTIONS | {"existing": importer.existing} | options)
    samples = json.loads(source.samples) if source.samples else {}
    number, tables = 0, []
    for part, place in where.items():
        rows = []
        for header in titles[part]:
            found = [row.get(header, "") for row in samples.get(place["file"], {}).get(place["sheet"], [])]
            rows.append(
                {
                    "index": number,
                    "part": part,
                    "header": header,
                    "samples": [each for each in found if each][:SHOWN],
                    "chosen": chosen.get(part, {}).get(header, ""),
                }
            )
            number += 1
        tables.append(
            {
                "part": part,
                "sheet": place["sheet"],
                "rows": rows,
                "columns": _offered(importer, part, set(titles)),
            }
        )
    return {
        "form": form,
        "tables": tables,
        "values": _values(importer, values),
        "has_values": any(values.values()),
        "sheets": [each["sheet"] for each in source.tables.get("head", [])],
        "sheet": where["head"]["sheet"],
        "lines_sheet": where.get(LINES, {}).get("sheet", "-"),
        "takes_lines": importer.takes_lines_file and "lines" not in source.tables,
        "remembered": known is not None and not source.mapping,
        "options": [form[name] for name in form.fields if name not in {"sheet", "lines_sheet", "columns", "values"}],
    }


def _chosen(source: Import, importer: Importer, titles: dict[str, list[str]], known: Any) -> tuple[Any, Any, Any]:
    """The mapping, values and options to begin with: those of this import, else remembered ones, else a guess."""
    if source.mapping and all(
        header in titles.get(part, []) for part in ("head", LINES) for header in source.mapping.get(part, {})
    ):
        return source.mapping, source.mapping.get("values", {}), source.options
    if known is not None:
        return known.mapping, known.mapping.get("values", {}), known.options
    return guess(importer, titles), {}, {}


def _sent(data: Any, titles: dict[str, list[str]]) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """The mapping and values of a form that was refused."""
    chosen: dict[str, dict[str, str]] = {part: {} for part in titles}
    values: dict[str, str] = {}
    for key in data:
        if key.startswith("columns-") and key.endswith("-header"):
            stem = key.removesuffix("header")
            part = data.get(f"{stem}table") or "head"
            chosen.setdefault(part, {})[data[key]] = data.get(f"{stem}column", "")
        elif key.startswith("values-") and key.endswith("-column"):
            values[data[key]] = data.get(f"{key.removesuffix('column')}value", "")
    return chosen, values


def _offered(importer: Importer, part: str, parts: set[str]) -> list[dict[str, Any]]:
    """The columns that a header of this table may be given, the needed ones marked."""
    return [
        {"name": column.name, "label": column.label, "needed": importer.is_required(column)}
        for column in columns_for(importer, part, parts)
    ]


def _values(importer: Importer, values: dict[str, str]) -> list[dict[str, Any]]:
    """The columns that may be given one value for all rows."""
    return [
        {"index": index, "name": column.name, "label": column.label, "value": values.get(column.name, "")}
        for index, column in enumerate(importer.columns)
        if column.name not in {COUNTRY, JOIN, importer.group_by}
    ]
