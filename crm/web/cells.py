"""The rows of a list as they stand in its table: what the cells of a column have in common is made once for all."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from html import escape, unescape
from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.api.resources import field_at
from crm.deadlines.models import Deadline
from crm.listing import LISTINGS, Column, Listing
from crm.records.addresses import has_page
from crm.records.kinds import mask_of_tail
from crm.web.templatetags.crm import Pills, count, icon, status
from crm.words import Moments, money, quantity

Writer = Callable[[Any], str]  # makes HTML of a value
SPECIAL = re.compile("[&<>\"']")  # what is not the same in HTML
SHORT = 24  # bytes: letters, or a third of it Chinese characters; such a cell does not break


def writer(kind: str, choices: Mapping[Any, Any], colours: Mapping[Any, str], moments: Moments) -> Writer:
    """How values of this kind are shown, empty ones apart."""
    match kind:
        case "status":
            states: dict[Any, str] = {}

            def write(value: Any) -> str:
                if value not in states:  # of twenty states a page shows a few
                    states[value] = str(status(choices.get(value, value), colours.get(value, "neutral")))
                return states[value]

            return write
        case "choice":
            return lambda value: escape(str(choices.get(value, value)))
        case "money":
            return lambda value: escape(money(value))
        case "quantity":
            return lambda value: escape(quantity(value))
        case "date":
            return cache(lambda value: str(moments.html(value)))  # many rows have the same
        case "datetime":
            return lambda value: str(moments.html(value))
        case "bool":
            yes = escape(_("yes"))
            return lambda value: yes if value else ""
        case "masked":
            return lambda value: escape(mask_of_tail(value))
        case "deadline":
            pills = Pills(moments)
            return lambda value: str(pills.html(value))
    return _text


def _text(value: Any) -> str:
    text = str(value)
    return escape(text) if SPECIAL.search(text) else text


def cell(kind: str, value: Any, choices: Mapping[Any, Any], colours: Mapping[Any, str]) -> SafeString:
    """One value alone, as a list shows it."""
    text = "" if value in (None, "") else writer(kind, choices, colours, Moments())(value)
    return mark_safe(text)  # noqa: S308 writers escape


def table_rows(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], listing: Listing, *, selectable: bool = False
) -> SafeString:
    """The rows of the table; the deadlines of all come with one query.

    The first cell is the row's link; the others carry their column's label, which a phone shows in the row's card.
    """
    moments, colours = Moments(), getattr(listing.model, "STATUS_COLOURS", {})
    due: Mapping[int, Any] = {}
    if rows and any(column.kind == "deadline" for column in columns):
        due = Deadline.objects.most_urgent(listing.model, [row["pk"] for row in rows])
    texts = []
    for column in columns:
        values = [due.get(row["pk"]) if column.kind == "deadline" else row[column.name] for row in rows]
        write = writer(column.kind, choices_of(listing, column), colours, moments)
        texts.append(["" if value is None or value == "" else write(value) for value in values])
    cells = [_labelled(column, column_of_texts) for column, column_of_texts in zip(columns[1:], texts[1:], strict=True)]
    address, pick, parts = _address(listing), escape(_("Select %(name)s")), []
    for row, key, *others in zip(rows, texts[0], *cells, strict=True):
        url, box = escape(address(row)), ""
        if selectable:
            name = pick % {"name": escape(unescape(strip_tags(key))) if "<" in key else key}
            box = f'<input type="checkbox" class="pick" name="pk" value="{row["pk"]}" aria-label="{name}">'
            box = f'<td class="sel">{box}</td>'
        link = f'<a href="{url}">{key}</a>' if url else key
        data = f' data-url="{url}"' if url else ""
        parts.append(f'<tr{data}>{box}<td class="key{_short(key)}">{link}</td>{"".join(others)}</tr>')
    return mark_safe("".join(parts))  # noqa: S308 every part is escaped above


def choices_of(listing: Listing, column: Column) -> Mapping[Any, Any]:
    """What the values of a column of choices are called; nothing for another column."""
    return dict(field_at(listing.model, column.path).flatchoices) if column.kind in {"status", "choice"} else {}


def _short(text: str) -> str:
    """The class of a cell that must not break."""
    letters = len(text)
    return " short" if letters <= SHORT and (4 * letters <= SHORT or len(text.encode()) <= SHORT) else ""


def _labelled(column: Column, texts: Iterable[str]) -> list[str]:
    """The cells of a column that is not the first: with its label, and the class that keeps a number or short text."""
    label = f'data-label="{escape(capfirst(str(column.label)))}">'
    if column.numeric:
        return [f'<td class="num" {label}{text}</td>' for text in texts]
    return [f'<td class="{_short(text)}" {label}{text}</td>' for text in texts]


def table_head(columns: Iterable[Column], sorted_by: str, address: Callable[[str], str]) -> SafeString:
    """The columns' names. `address` is where the list leads when it is sorted by the given name."""
    parts = []
    for column in columns:
        label, name = escape(capfirst(str(column.label))), column.name
        direction = {name: "ascending", f"-{name}": "descending"}.get(sorted_by, "")
        kind, order = ' class="num"' if column.numeric else "", f' aria-sort="{direction}"' if direction else ""
        parts.append(f'<th scope="col"{kind}{order}>')
        if column.sortable:
            url = escape(address(f"-{name}" if direction == "ascending" else name))
            arrow = icon({"ascending": "arrow-up", "descending": "arrow-down"}[direction]) if direction else ""
            swaps = 'hx-target="#list" hx-swap="outerHTML" hx-push-url="true"'
            label = f'<a href="{url}" hx-get="{url}" {swaps}>{label}{arrow}</a>'
        parts.append(f"{label}</th>")
    return mark_safe("".join(parts))  # noqa: S308 every part is escaped above


def tabs_html(tabs: Iterable[Mapping[str, Any]]) -> SafeString:
    """The tabs above a list, each with its number."""
    parts = []
    for tab in tabs:
        current = ' aria-current="page"' if tab["active"] else ""
        parts.append(f'<a href="{escape(tab["url"])}"{current}>{escape(str(tab["label"]))}{count(tab["count"])}</a>')
    return mark_safe("".join(parts))  # noqa: S308 every part is escaped above


def column_boxes(listing: Listing, shown: Iterable[Column]) -> SafeString:
    """A box for each column that there is, checked where it is shown."""
    return _column_boxes(listing.key, tuple(column.name for column in shown), get_language())


@lru_cache(maxsize=200)
def _column_boxes(key: str, shown: tuple[str, ...], _language: str | None) -> SafeString:
    boxes = [(c.name, " checked" if c.name in shown else "", capfirst(str(c.label))) for c in LISTINGS[key].columns]
    return format_html_join("", '<label class="field-check"><input type="checkbox" value="{}"{}>{}</label>', boxes)


def _address(listing: Listing) -> Callable[[Mapping[str, Any]], str]:
    """Where a row leads: to its page, or to that of the record through which it is seen, or nowhere.

    The second needs that record's key among the columns. The address is made once, not for each row.
    """
    model, key = listing.model, "pk"
    through = getattr(model, "seen_through", None)
    if through and f"{through}_id" in listing.by_name and not has_page(model):
        model, key = model._meta.get_field(through).related_model, f"{through}_id"  # type: ignore[assignment]
    if not has_page(model):
        return lambda row: ""
    head, _zero, tail = reverse(model._meta.model_name, args=[0]).rpartition("0")
    return lambda row: f"{head}{row[key]}{tail}"
