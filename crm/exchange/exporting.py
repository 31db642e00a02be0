"""Writing a list to a file: exactly the rows, columns and order of the list, read and written as a stream."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connection, models, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.deadlines.models import Deadline
from crm.exchange import csvs, progress, xlsx
from crm.exchange.models import Export
from crm.exchange.tables import TABLES
from crm.listing import LISTINGS, Column, Listing
from crm.records.fields import EncryptedField
from crm.records.kinds import mask_of_tail, shown

CHUNK = 2_000  # rows that are in memory at once
LONGEST = "30min"  # of one statement; a list of a million rows takes longer than a page may
TAIL = "_tail"  # how the column is called beside an encrypted one that masks are made from

Cellwise = Callable[[Any], Any]


def matching(listing: Listing, query: QueryDict, user: User) -> models.QuerySet:
    """The rows of the list as it is filtered on the page. Raises ValidationError for a filter that cannot be read."""
    asker = SimpleNamespace(user=user, GET=query, htmx=None)
    return listing.filtered(user, query, request=asker, tab=query.get("tab", ""))


def sorting(listing: Listing, query: QueryDict) -> list[str]:
    """What the rows are ordered by. Raises ValidationError for a column that cannot be sorted by."""
    order = listing.order_of(query.get("order", ""), query.get("tab", ""))
    name, minus = order.lstrip("-"), "-" if order.startswith("-") else ""
    if name not in listing.sortable:
        raise ValidationError(_("“%(order)s” cannot be sorted by."), code="order", params={"order": name})
    path = "pk" if name == "pk" else listing.by_name[name].path
    return [f"{minus}{path}"] if path == "pk" else [f"{minus}{path}", f"{minus}pk"]


def write(export: Export) -> Iterator[bytes]:
    """The file in pieces. The rows are those of one moment, however long the writing takes."""
    if export.listing in TABLES:
        yield from _write_table(export)
        return
    listing = LISTINGS[export.listing]
    columns = [listing.by_name[name] for name in export.columns if name in listing.by_name]
    query = QueryDict(export.query)
    outlet = xlsx.Outlet()
    labels = [str(column.label) for column in columns]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [LONGEST])
        rows = matching(listing, query, export.by).order_by(*sorting(listing, query))
        Export.objects.filter(pk=export.pk).update(total=rows.order_by().count())
        chunks = _chunks(listing, columns, rows, export)
        if export.format == Export.Format.CSV:
            writer = csvs.Writer(outlet, labels)
            for chunk in chunks:
                writer.append(chunk)
                yield outlet.take()
        else:
            with xlsx.Book(outlet) as book:
                book.sheet(str(listing.title), labels, widths=[_width(column) for column in columns])
                for chunk in chunks:
                    book.append(chunk)
                    yield outlet.take()
                book.sheet(_("About this file"), [_("Item"), ""], widths=[24, 80])
                book.append(_about(export, query))
    yield outlet.take()


def _write_table(export: Export) -> Iterator[bytes]:
    """A computed table: it was made for reading at a glance, so it is written at once."""
    table, query, outlet = TABLES[export.listing], QueryDict(export.query), xlsx.Outlet()
    labels, rows = table.cells(export.by, query)
    Export.objects.filter(pk=export.pk).update(total=len(rows), done=len(rows))
    if export.format == Export.Format.CSV:
        csvs.Writer(outlet, labels).append(rows)
    else:
        with xlsx.Book(outlet) as book:
            book.sheet(str(table.title), labels, widths=[32, *([16] * (len(labels) - 1))])
            book.append(rows)
            book.sheet(_("About this file"), [_("Item"), ""], widths=[24, 80])
            book.append(_about(export, query))
    yield outlet.take()


def _chunks(
    listing: Listing, columns: list[Column], rows: models.QuerySet, export: Export
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows as they are written, some thousands at a time; the progress is noted."""
    paths = [_path(column, export.revealed) for column in columns]
    wanted = [path for path in paths if path]
    turners = [
        _turner(listing.model, column, path, export.revealed) for column, path in zip(columns, paths, strict=True)
    ]
    done = 0
    for found in _batches(rows.values_list("pk", *dict.fromkeys(wanted)).iterator(chunk_size=CHUNK)):
        due: dict[int, Any] = {}
        if len(wanted) < len(columns):
            due = Deadline.objects.most_urgent(listing.model, [row[0] for row in found])
        index = {path: number for number, path in enumerate(dict.fromkeys(wanted), 1)}
        places = [index.get(path, 0) for path in paths]
        yield [
            tuple(
                turn(row[place]) if place else _due(due.get(row[0]))
                for turn, place in zip(turners, places, strict=True)
            )
            for row in found
        ]
        done += len(found)
        progress.note(export, done)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _path(column: Column, revealed: bool) -> str:
    """Where the column's value is read from; a masked one in clear from the encrypted column itself."""
    if column.kind == "deadline":
        return ""
    if revealed and column.kind == "masked" and column.path.endswith(TAIL):
        return column.path.removesuffix(TAIL)
    return column.path


def _turner(model: type[models.Model], column: Column, path: str, revealed: bool) -> Cellwise:
    """The function that makes a cell out of the column's value."""
    field = _field(model, path) if path else None
    match column.kind:
        case "masked":
            if revealed and isinstance(field, EncryptedField):
                kind = field.kind
                return lambda value: shown(kind, value or "")
            return lambda value: mask_of_tail(value or "")
        case "date":
            return _as_day
        case "bool":
            yes, no = _("yes"), _("no")
            return lambda value: None if value is None else yes if value else no
    choices = {value: str(label) for value, label in field.flatchoices} if field is not None else {}
    if choices:
        return lambda value: _listed(value, choices)
    return _plain


def _field(model: type[models.Model], path: str) -> Any:
    """The model field at the end of a lookup path, None where it is computed."""
    found: Any = None
    names = path.split("__")
    for name in names:
        try:
            found = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        if name != names[-1]:
            model = found.related_model
    return found


def _listed(value: Any, choices: dict[Any, str]) -> Any:
    if isinstance(value, list):
        return ", ".join(choices.get(each, str(each)) for each in value)
    return choices.get(value, value)


def _as_day(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if value.tzinfo else value.date()
    return value


def _plain(value: Any) -> Any:
    """A value that both writers know; what they do not know becomes text."""
    if value is None or isinstance(value, (str, bool, int, date)) or type(value).__name__ == "Decimal":
        return value
    if isinstance(value, (list, tuple)):
        return ", ".join(str(each) for each in value)
    return str(value)


def _due(deadline: Any) -> Any:
    return deadline.due_at if deadline is not None else None


def _width(column: Column) -> int:
    wide = {"link": 32, "text": 24, "datetime": 18, "date": 12, "money": 14, "quantity": 12, "bool": 8, "code": 16}
    return wide.get(column.kind, 18)


def _about(export: Export, query: QueryDict) -> list[tuple[Any, ...]]:
    """Who wrote this for whom, as the last sheet of a workbook says."""
    filters: list[str | Promise] = [f"{name} = {', '.join(values)}" for name, values in query.lists() if any(values)]
    return [
        (_("List"), export.label),
        (_("What for"), export.purpose),
        (_("Who gets it"), export.recipient),
        (_("By"), export.by.display_name),
        (_("Exported at"), export.at),
        (_("Filter"), "\n".join(str(each) for each in filters)),
        (_("Identifiers"), _("in clear") if export.revealed else _("masked")),
    ]
