"""The template of an importer: the columns with an example, and a sheet that says what each of them takes."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from crm.exchange.importers import JOIN, ImportColumn, Importer
from crm.exchange.xlsx import HEADER, NEEDED, Book, Cell, Outlet

CHOICES = 60  # that are listed; more would hide the rest


def template(importer: Importer) -> Iterator[bytes]:
    """The workbook in pieces, in the language of the reader. Headers of needed columns are coloured and starred."""
    columns = [column for column in importer.by_name.values() if column.name != JOIN]
    outlet = Outlet()
    with Book(outlet) as book:
        heads = [
            Cell(f"{column.label} *", NEEDED) if importer.is_required(column) else Cell(str(column.label), HEADER)
            for column in columns
        ]
        book.sheet(str(importer.label), heads)
        book.append([[column.example or None for column in columns]])
        titles = [_("Column"), _("Needed"), _("What it takes"), _("Example"), _("Also recognised")]
        book.sheet(_("Explanations"), titles, widths=[28, 10, 60, 24, 40])
        book.append(_explained(importer, column) for column in columns)
        book.append([[None], [_("The example row is left out when the file is imported.")]])
        if importer.group_by:
            label = importer.by_name[importer.group_by].label
            sentence = _("Rows with the same “%(column)s” are one record with several lines.") % {"column": label}
            book.append([[sentence]])
    yield outlet.take()


def _explained(importer: Importer, column: ImportColumn) -> list[Any]:
    return [
        str(column.label),
        _("yes") if importer.is_required(column) else None,
        " ".join(filter(None, [str(column.help or ""), _takes(importer, column)])),
        column.example or None,
        ", ".join(column.aliases) or None,
    ]


def _takes(importer: Importer, column: ImportColumn) -> str:
    """What a column of this kind takes, and its choices where there are some."""
    found = importer.form_field(column)
    match importer.kind_of(column):
        case "date":
            return _("A day, as 2026-09-21.")
        case "datetime":
            return _("A day and time, as 2026-09-21 14:30.")
        case "number":
            return _("A number.")
        case "percent":
            return _("A rate in percent: 13 or 13%.")
        case "integer":
            return _("A whole number.")
        case "bool":
            return _("Yes or no.")
        case "phone":
            return _("A phone number; without country code it is one of the country chosen for the file.")
        case "country":
            return _("A country, by its name or its two letters.")
        case "record":
            return _("Number or name of one that exists already.")
        case "choice" | "choices" if isinstance(found, forms.ChoiceField):
            choices: Any = found.choices
            labels = [str(label) for value, label in choices if value not in ("", None)]
            return _("One of: %(choices)s.") % {"choices": ", ".join(labels[:CHOICES])} if labels else ""
    longest = getattr(found, "max_length", None)
    return _("Text of at most %(count)d characters.") % {"count": longest} if longest else _("Text.")
