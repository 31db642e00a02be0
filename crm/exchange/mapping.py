"""Which header means which column: guessed, remembered per shape of file, and judged."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz

from crm import clock
from crm.accounts.models import User
from crm.exchange.importers import HEAD, JOIN, LINES, ImportColumn, Importer, in_all_languages
from crm.exchange.models import RememberedMapping
from crm.exchange.sheets import normalised

REMARKS = gettext_lazy("What is wrong")  # a column of this title is our own, and left out when the file comes back
ALIKE = 82  # of 100: from here on a header is taken for a known name that it resembles

Mapping_ = dict[str, dict[str, str]]  # {"head": {header: column}, "lines": {header: column}}


def shape_of(tables: Mapping[str, Iterable[str]]) -> str:
    """A hash of the headers of head and lines: files of the same shape are mapped the same way."""
    content = json.dumps({part: sorted(names) for part, names in sorted(tables.items())}, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def guess(importer: Importer, tables: Mapping[str, Iterable[str]]) -> Mapping_:
    """The likely column of each header: by its known names first, then by likeness; each column is given once."""
    return {part: _guess(columns_for(importer, part, set(tables)), names) for part, names in tables.items()}


def columns_for(importer: Importer, part: str, parts: set[str]) -> list[ImportColumn]:
    """The columns that a table may have: all of them where there is one table, else those of head or of lines."""
    if LINES not in parts:
        return list(importer.columns)
    chosen = [column for column in importer.columns if column.part == part]
    return [importer.by_name[JOIN], *chosen] if part == LINES else chosen


def _guess(columns: list[ImportColumn], names: Iterable[str]) -> dict[str, str]:
    names = [name for name in names if name]
    found: dict[str, str] = {}
    taken: set[str] = set()
    exact = {alias: column for column in reversed(columns) for alias in column.known_as}
    for name in names:
        column = exact.get(normalised(name))
        if column and (column.joins or column.name not in taken):
            found[name] = column.name
            taken.add(column.name)
    likely = sorted(
        (
            (-max(fuzz.ratio(normalised(name), alias) for alias in column.known_as), name, column)
            for name in names
            if name not in found and len(normalised(name)) > 3
            for column in columns
            if column.name not in taken
        ),
        key=lambda each: each[0],
    )
    for score, name, column in likely:
        if -score >= ALIKE and name not in found and column.name not in taken:
            found[name] = column.name
            taken.add(column.name)
    return found


def remembered(importer: Importer, shape: str, user: User) -> RememberedMapping | None:
    """How `user`, or else anybody, mapped a file of this shape last."""
    rows = RememberedMapping.objects.filter(kind=importer.key, shape=shape).order_by("-used_at")
    return rows.filter(user=user).first() or rows.first()


def remember(importer: Importer, shape: str, user: User, mapping: dict[str, Any], options: dict[str, Any]) -> None:
    """Keep a mapping and the options for the next file of this shape."""
    RememberedMapping.objects.update_or_create(
        kind=importer.key,
        shape=shape,
        user=user,
        defaults={"mapping": mapping, "options": options, "used_at": clock.now()},
    )


def judge(
    importer: Importer, mapping: Mapping_, values: Mapping[str, str], tables: Mapping[str, Iterable[str]]
) -> None:
    """Whether a mapping can be used. Raises ValidationError that names what is wrong with it."""
    used: dict[str, str] = {}
    for part, chosen in mapping.items():
        if part not in tables:
            raise ValidationError(_("There is no second table in this import."), code="no_lines_table")
        possible = {column.name for column in columns_for(importer, part, set(tables))}
        for header, name in chosen.items():
            if header not in tables[part]:
                raise ValidationError(_("There is no column “%(name)s” in the file."), "header", {"name": header})
            if name not in possible:
                raise ValidationError(_("“%(name)s” is nothing that can be imported here."), "column", {"name": name})
            column = importer.by_name[name]
            if name in used and not column.joins:
                raise ValidationError(
                    _("“%(first)s” and “%(second)s” are both given as “%(column)s”."),
                    code="twice",
                    params={"first": used[name], "second": header, "column": column.label},
                )
            used[name] = header
    if not used:
        raise ValidationError(
            _("None of the columns of this sheet is known here. Is it the right file and sheet? Else map them."),
            code="wrong_sheet",
        )
    for name in values:
        if name not in importer.by_name or name == JOIN:
            raise ValidationError(_("“%(name)s” is nothing that can be imported here."), "column", {"name": name})
    with_lines = LINES in tables or any(importer.by_name[name].in_lines for name in used)
    for column in importer.by_name.values():
        if column.name == JOIN and LINES not in tables:
            continue
        if column.in_lines and not with_lines and column.name != JOIN:
            continue
        if importer.is_required(column) and column.name not in used and not values.get(column.name):
            raise ValidationError(
                _("“%(column)s” is needed: choose the column that holds it, or give one value for all rows."),
                code="required",
                params={"column": column.label},
            )
    if LINES in tables and importer.group_by not in mapping.get(HEAD, {}).values():
        raise ValidationError(
            _("“%(column)s” is needed in both tables: it says which lines belong together."),
            code="required",
            params={"column": importer.by_name[importer.group_by].label},
        )


def known_names(importer: Importer) -> set[str]:
    """Every normalised header that the importer knows."""
    return {alias for column in importer.by_name.values() for alias in column.known_as}


def own_labels() -> set[str]:
    """How the column with our own remarks is titled in a file of rows that failed."""
    return set(in_all_languages(REMARKS))
