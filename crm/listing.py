"""A list, declared once: its columns, filters and views serve the page, REST and the export alike."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from crm.accounts.models import User
from crm.fetching import number, tuples_of
from crm.small import whole

PAGE = 50
MOST = 200  # rows a REST client may ask for at once
FIRST_YEAR, LAST_YEAR = 2, 9998  # beyond them a time zone leaves the calendar
COUNTED = 1000  # counting stops here: "1,000+"

OWN = {"order", "cursor", "size", "fields", "tab", "columns", "filters"}  # parameters that every list has

LISTINGS: dict[str, "Listing"] = {}


@dataclass(frozen=True)
class Column:
    """One column: `name` is its key everywhere, `source` the lookup path that its value is read from.

    `kind` says how it looks and how it is exported: text, link, code, status, name (there is an English one beside it),
    money, quantity, date, datetime, bool, masked (shown by its tail), deadline (the most urgent open one; has no
    source). Only an indexed NOT NULL column may be `sortable`.
    """

    name: str
    label: Any
    source: str = ""
    kind: str = "text"
    sortable: bool = False
    shown: bool = True

    @property
    def path(self) -> str:
        """The lookup path that its value is read from."""
        return self.source or self.name

    @property
    def numeric(self) -> bool:
        """Whether it is right-aligned."""
        return self.kind in {"money", "quantity", "number"}


@dataclass(frozen=True)
class View:
    """A tab over the list: rows that match `where(user)`.

    `asks` is the verb that its rows wait for: the start page of whoever has the right to it shows their number. `order`
    is how its rows are sorted unless somebody chooses otherwise, where that is not as in the whole list.
    """

    key: str
    label: Any
    where: Callable[[User], Q]
    asks: str = ""
    order: str = ""


@dataclass
class Listing:
    """A list of one model's rows that a user may see.

    `key` names it in URLs (`customers`), `order` is the default sorting (a sortable column, "-" for descending),
    `tabs` the views above it, of which the page `opens` with one; without, with all rows.
    """

    key: str
    model: type[models.Model]
    title: Any
    columns: Sequence[Column]
    filterset: type[FilterSet]
    order: str = "-pk"
    tabs: Sequence[View] = ()
    opens: str = ""
    area: str = ""
    creates: Sequence[str] = ()  # verbs without an object that the page offers, by name
    bulk: Sequence[str] = ()  # verbs that may be done to many rows at once, by name
    pages: Sequence[tuple[Any, str, str]] = ()  # other pages of the area: (label, url name, verb that one must have)
    empty: Any = ""
    by_name: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        self.by_name = {column.name: column for column in self.columns}
        if taken := sorted(self.filterset.base_filters.keys() & OWN):
            raise TypeError(f"{self.key}: filters are named like the list's own parameters: {taken}")
        LISTINGS[self.key] = self

    @property
    def sortable(self) -> list[str]:
        """The names that `order` may take, the primary key included."""
        return ["pk", *(column.name for column in self.columns if column.sortable)]

    def order_of(self, chosen: str, tab: str) -> str:
        """How rows are sorted: as somebody has chosen it, else as their tab says, else as the whole list is."""
        return chosen or next((view.order for view in self.tabs if view.key == tab), "") or self.order

    def rows(self, user: User) -> models.QuerySet:
        """All rows that `user` may see, before filters."""
        return self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]

    def filtered(self, user: User, query: Any, *, request: Any = None, tab: str = "") -> models.QuerySet:
        """The rows that match the query parameters `query` and the tab. Raises ValidationError for bad parameters."""
        rows = self.rows(user)
        for view in self.tabs:
            if view.key == tab:
                rows = rows.filter(view.where(user))
        asked = tuple(name for name in self.filterset.base_filters if query.get(name))
        if not asked:
            return rows
        filterset: Any = self.filterset
        filters = _only(filterset, asked)(query, rows, request=request)
        if not filters.is_valid():
            raise ValidationError(filters.errors.as_data())
        return filters.qs

    def page(
        self,
        rows: models.QuerySet,
        *,
        order: str = "",
        cursor: str = "",
        size: int = PAGE,
        columns: Iterable[str] = (),
        as_stored: bool = False,
        counted: models.QuerySet | None = None,
    ) -> "Page":
        """One page of `rows` as dicts by column name, sorted by `order`, from `cursor` on.

        The rows of `counted` are counted by the same query, up to COUNTED + 1.

        Names of people, units and places are those of the reader's language, unless they are wanted `as_stored`.
        Pages are found by the last row's sort value and key, not by counting, so the thousandth costs as much as the
        first. Raises ValidationError for an unknown order or a broken cursor.
        """
        order = order or self.order
        name, descending = order.lstrip("-"), order.startswith("-")
        if name not in self.sortable:
            raise ValidationError(
                _("“%(order)s” cannot be sorted by; possible are: %(names)s."),
                code="order",
                params={"order": name, "names": ", ".join(self.sortable)},
            )
        path = "pk" if name == "pk" else self.by_name[name].path
        wanted = [self.by_name[each] for each in columns] or self.columns
        shown = [column for column in wanted if column.kind != "deadline"]
        backwards, marker = False, None
        if cursor:
            backwards, marker = _read_cursor(cursor, self.model, path, order)
        down = descending != backwards
        if marker is not None:
            rows = rows.filter(_beyond(path, marker, down))
        ordering = [f"-{path}" if down else path] + ([] if path == "pk" else ["-pk" if down else "pk"])
        # The value that is sorted by stands beside the key, whether it is shown or not: the cursor is made of both.
        own = [column for column in shown if column.kind == "name" and not as_stored and _reads_english()]
        paths = [path, *(column.path for column in shown), *(f"{column.path}_en" for column in own)]
        found, count = tuples_of(rows.order_by(*ordering), paths, size + 1, counted=counted, most=COUNTED + 1)
        more = len(found) > size
        found = found[:size]
        if backwards:
            found.reverse()
        names = ["pk", *(column.name for column in shown)]
        later = more if not backwards else bool(found)
        earlier = bool(cursor) if not backwards else more
        if own:
            found = [_in_english(row, [names.index(column.name) + 1 for column in own]) for row in found]
        return Page(
            rows=[dict(zip(names, (pk, *values), strict=True)) for pk, _sorted_by, *values in found],
            order=order,
            next=_write_cursor("n", order, found[-1][1], found[-1][0]) if found and later else "",
            previous=_write_cursor("p", order, found[0][1], found[0][0]) if found and earlier else "",
            count=count,
        )

    def count(self, rows: models.QuerySet) -> int:
        """How many rows there are, at most COUNTED + 1: a list of a million is not counted to its end."""
        return number(rows.order_by(), COUNTED + 1)


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the cursors of the pages beside it (empty where there is none)."""

    rows: list[dict[str, Any]]
    order: str
    next: str
    previous: str
    count: int | None = None  # of the rows that were to be counted with it


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")


def _in_english(row: tuple[Any, ...], places: list[int]) -> tuple[Any, ...]:
    """The row with the English names, which stand at its end, at their `places`, as far as there are any."""
    values = list(row[: -len(places)])
    for place, name in zip(places, row[-len(places) :], strict=True):
        values[place] = name or values[place]
    return tuple(values)


@lru_cache(maxsize=500)
def _only(filterset: Any, names: tuple[str, ...]) -> type[FilterSet]:
    """The filters that were asked for: to make a form of all of them costs more than the query."""
    only: type[FilterSet] = type(filterset.__name__, (filterset,), {"__module__": filterset.__module__})
    only.base_filters = {name: filterset.base_filters[name] for name in names}
    return only


def _beyond(path: str, marker: tuple[Any, Any], descending: bool) -> Q:
    """Rows after the marker. The first condition is implied by the second, and is the one that the index serves."""
    value, pk = marker
    sign = "lt" if descending else "gt"
    if path == "pk":
        return Q(**{f"pk__{sign}": pk})
    return Q(**{f"{path}__{sign}e": value}) & (Q(**{f"{path}__{sign}": value}) | Q(**{f"pk__{sign}": pk}))


def _write_cursor(direction: str, order: str, value: Any, pk: int) -> str:
    text = json.dumps([direction, order, str(value), pk], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, model: type[models.Model], path: str, order: str) -> tuple[bool, tuple[Any, int]]:
    """Where a page begins. Raises ValidationError for what this list did not write, or wrote for another order."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        direction, written_for, value, pk = json.loads(text)
        if written_for != order or "\0" in value or whole(pk) is None:
            raise ValueError(cursor)
        value.encode()  # half a character cannot be asked for
        column: Any = model._meta.pk if path == "pk" else model._meta.get_field(path)
        read = parse_datetime(value) if isinstance(column, models.DateTimeField) else column.to_python(value)
        if read is None or (isinstance(read, date) and not FIRST_YEAR <= read.year <= LAST_YEAR):
            raise ValueError(cursor)
        return direction == "p", (read, pk)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, ValidationError) as error:
        raise ValidationError(_("This page marker is not valid; begin at the first page."), code="cursor") from error
