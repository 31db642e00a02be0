"""The list page: every Listing as a page with tabs, filters, columns, saved views, sorting and paging."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from redis.exceptions import RedisError

from crm.actions import ACTIONS
from crm.api.resources import field_at
from crm.deadlines.models import Deadline
from crm.exchange.importers import importers_for
from crm.listing import COUNTED, LISTINGS, Column, Listing
from crm.records.masks import mask_tail
from crm.web.areas import AREAS, may_list
from crm.web.boards import BOARDS
from crm.web.models import SavedView
from crm.web.requests import SignedIn
from crm.web.templatetags.crm import money, pill, quantity, status, when

TAB_COUNTS_LAST = 20  # seconds; a tab's number may be that old


def list_view(key: str) -> Any:
    """The view function of the listing `key`, for urls.py."""

    @login_required
    @require_GET
    def page(request: SignedIn) -> HttpResponse:
        return show(request, LISTINGS[key])

    page.__name__ = key
    return page


def show(request: SignedIn, listing: Listing) -> HttpResponse:
    """The list as a page, or only its rows where htmx asks for them. Bad parameters are named above an empty list."""
    if not may_list(request.user, listing.model):
        raise PermissionDenied
    user: Any = request.user
    query = request.GET.copy()
    tab = query.get("tab", "")
    problem = ""
    shown = _columns(query, listing)
    rows: list[dict[str, Any]] = []
    count = 0
    cursors = {"next": "", "previous": ""}
    try:
        matching = listing.filtered(user, query, request=request, tab=tab)
        found = listing.page(matching, order=query.get("order", ""), cursor=query.get("cursor", ""))
        rows, cursors = found.rows, {"next": found.next, "previous": found.previous}
        # A page that is not full and stands alone is its own count.
        alone = not (found.next or found.previous)
        count = len(rows) if alone else listing.count(matching)
    except ValidationError as error:
        problem = " ".join(error.messages)
    page = {
        **tools(request, listing),
        "title": listing.title,
        "key": listing.key,
        "columns": [_heading(column, query, listing) for column in shown],
        "rows": _rows(rows, shown, listing, user),
        "has_next": bool(cursors["next"]),
        "has_previous": bool(cursors["previous"]),
        "next_url": _with(query, cursor=cursors["next"]),
        "previous_url": _with(query, cursor=cursors["previous"]),
        "count_text": f"{COUNTED:,}+" if count > COUNTED else f"{count:,}",
        "all_columns": [{"key": c.name, "label": c.label, "shown": c in shown} for c in listing.columns],
        "links": _links(listing, user),
        "board_url": _beside(request, BOARDS[listing.key].url_name) if listing.key in BOARDS else "",
        "create": [_verb(name) for name in listing.creates if user.has_perm(name)],
        "bulk": [
            {
                "name": name,
                "label": ACTIONS[name].label,
                "url": f"{reverse('do-many', args=[name])}?{_list_query(query, listing)}",
            }
            for name in listing.bulk
            if user.has_perm(name)
        ],
        "export_url": (
            reverse("do", args=["exchange.export_list"]) + "?" + _list_query(query, listing)
            if user.has_perm("exchange.export_list")
            else ""
        ),
        "save_view_url": reverse("do", args=["web.save_view"]) + "?" + _list_query(query, listing),
        "empty": _empty(listing, query, problem),
        "problem": problem,
        "url": request.path,
    }
    fragment = request.htmx and request.htmx.target == "list"
    response = render(
        request, "parts/rows.html" if fragment else "list.html", {"page": page}, status=400 if problem else 200
    )
    response["Vary"] = "HX-Request"
    return response


def tools(request: SignedIn, listing: Listing) -> dict[str, Any]:
    """What stands above the rows, and above the cards of a board as well: tabs, search, filters, the area's lists."""
    user: Any = request.user
    query = request.GET.copy()
    saved = list(SavedView.objects.for_list(user, listing.key))
    return {
        "tabs": _tabs(request, listing, query.get("tab", ""), saved),
        "filters": _filters(listing, request),
        "filter_chips": _chips(listing, query, request),
        "query": query.get("q", ""),
        "siblings": _siblings(listing, user),
    }


def _beside(request: SignedIn, url_name: str) -> str:
    """The address of another view of the same rows."""
    query = request.GET.copy()
    query.pop("cursor", None)
    return f"{reverse(url_name)}?{query.urlencode()}" if query else reverse(url_name)


def _columns(query: QueryDict, listing: Listing) -> list[Column]:
    asked = ",".join(str(each) for each in query.getlist("columns")).split(",")
    wanted = [name for name in asked if name in listing.by_name]
    return [listing.by_name[name] for name in wanted] or [column for column in listing.columns if column.shown]


def _with(query: QueryDict, **changes: str) -> str:
    """The address's parameters with some of them changed; an empty one is left out."""
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return "?" + changed.urlencode()


def _heading(column: Column, query: QueryDict, listing: Listing) -> dict[str, Any]:
    order = query.get("order", "") or listing.order
    direction = {column.name: "asc", f"-{column.name}": "desc"}.get(order, "")
    turned = f"-{column.name}" if direction == "asc" else column.name
    return {
        "key": column.name,
        "label": column.label,
        "numeric": column.numeric,
        "sortable": column.sortable,
        "sort_url": _with(query, order=turned, cursor="") if column.sortable else "",
        "sort_dir": direction,
    }


def _tabs(request: SignedIn, listing: Listing, tab: str, saved: list[SavedView]) -> list[dict[str, Any]]:
    active = request.GET.urlencode()
    base = request.path
    tabs: list[dict[str, Any]] = [
        {"key": "", "label": _("All"), "count": None, "url": base, "active": not tab and not request.GET}
    ]
    for view in listing.tabs:
        tabs.append(
            {
                "key": view.key,
                "label": view.label,
                "count": tab_count(listing, view.key, request.user),
                "url": f"{base}?tab={view.key}",
                "active": view.key == tab,
            }
        )
    for each in saved:
        url = f"{base}?{each.query}"
        tabs.append(
            {"key": f"saved-{each.pk}", "label": each.name, "count": None, "url": url, "active": each.query == active}
        )
    return tabs


def tab_count(listing: Listing, tab: str, user: Any) -> int:
    """How many rows the tab holds for `user`, at most COUNTED + 1, and at most some seconds old."""
    key = "tab-" + hashlib.sha256(f"{listing.key}:{tab}:{user.pk}".encode()).hexdigest()[:32]

    def count() -> int:
        return listing.count(listing.filtered(user, {}, tab=tab))

    try:
        return cache.get_or_set(key, count, TAB_COUNTS_LAST) or 0
    except RedisError:
        return count()  # the pages work without the cache, too


def _filters(listing: Listing, request: SignedIn) -> list[Any]:
    form = listing.filterset(request.GET or None, listing.model._default_manager.none(), request=request).form
    return [form[name] for name in form.fields if name != "q"]


def _chips(listing: Listing, query: QueryDict, request: SignedIn) -> list[dict[str, Any]]:
    """Each filter in force, in words, with the address that takes it away."""
    if not any(query.get(name) for name in listing.filterset.base_filters):
        return []  # making the form anew for nothing costs more than the query
    form = listing.filterset(query, listing.model._default_manager.none(), request=request).form
    form.is_valid()
    chips = []
    for name in form.fields:
        raw = query.getlist(name)
        if name == "q" or not any(raw):
            continue
        value = form.cleaned_data.get(name)
        choices = dict(getattr(form.fields[name], "choices", None) or []) if not isinstance(value, models.Model) else {}
        text = (
            ", ".join(str(choices.get(each, each)) for each in raw)
            if not isinstance(value, models.Model)
            else str(value)
        )
        chips.append(
            {"label": form.fields[name].label, "value": text, "remove_url": _with(query, **{name: "", "cursor": ""})}
        )
    return chips


def _siblings(listing: Listing, user: Any) -> list[dict[str, Any]]:
    """The lists of the same area that the user may see, this one among them; none where it stands alone."""
    keys = next((each.listings for each in AREAS.values() if listing.key in each.listings), ())
    seen = [LISTINGS[key] for key in keys if may_list(user, LISTINGS[key].model)]
    if len(seen) < 2:
        return []
    return [{"label": each.title, "url": reverse(each.key), "active": each is listing} for each in seen]


def _links(listing: Listing, user: Any) -> list[dict[str, Any]]:
    """Other pages that belong here: the area's own, and the import of such records."""
    pages = [{"label": label, "url": reverse(name)} for label, name, verb in listing.pages if user.has_perm(verb)]
    imports = [
        {
            "label": _("Import"),
            "url": f"{reverse('do', args=['exchange.upload_import'])}?kind={each.key}",
            "dialog": True,
        }
        for each in importers_for(user, listing.model)
    ]
    return pages + imports[:1]


def _verb(name: str) -> dict[str, Any]:
    return {"name": name, "label": ACTIONS[name].label, "url": reverse("do", args=[name])}


def _list_query(query: QueryDict, listing: Listing) -> str:
    """What a dialog about this list, as it is filtered now, begins with."""
    asked = QueryDict(mutable=True)
    asked["listing"] = listing.key
    asked["query"] = query.urlencode()
    return asked.urlencode()


def _empty(listing: Listing, query: QueryDict, problem: str) -> dict[str, Any]:
    if problem:
        return {"title": _("The filter could not be read."), "text": problem, "action": None}
    if any(value for name, value in query.items() if name not in {"tab", "order", "columns", "cursor"}):
        return {"title": _("Nothing matches."), "text": _("Take a filter away, or search for less."), "action": None}
    return {"title": listing.empty or _("Nothing here yet."), "text": "", "action": None}


def _rows(rows: list[dict[str, Any]], columns: list[Column], listing: Listing, user: Any) -> list[dict[str, Any]]:
    """The rows with each cell as it is shown; deadlines of all rows come with one query."""
    due: dict[int, Any] = {}
    if rows and any(column.kind == "deadline" for column in columns):
        due = Deadline.objects.most_urgent(listing.model, [row["pk"] for row in rows])
    address = _address(listing)
    choices = {
        c.name: dict(field_at(listing.model, c.path).flatchoices) for c in columns if c.kind in {"status", "choice"}
    }
    colours = getattr(listing.model, "STATUS_COLOURS", {})
    shown = []
    for row in rows:
        cells = []
        for column in columns:
            value = due.get(row["pk"]) if column.kind == "deadline" else row[column.name]
            cells.append(
                {
                    "column": column.name,
                    "label": column.label,
                    "numeric": column.numeric,
                    "kind": column.kind,
                    "text": cell(column.kind, value, choices.get(column.name, {}), colours),
                }
            )
        shown.append({"pk": row["pk"], "url": address(row), "cells": cells})
    return shown


def _address(listing: Listing) -> Callable[[dict[str, Any]], str]:
    """Where a row leads: to its page, or to that of the record through which it is seen, or nowhere.

    The second needs that record's key among the columns. The address is made once, not for each row.
    """
    model, key = listing.model, "pk"
    through = getattr(model, "seen_through", None)
    if through and f"{through}_id" in listing.by_name and not _has_page(model):
        model, key = model._meta.get_field(through).related_model, f"{through}_id"  # type: ignore[assignment]
    if not _has_page(model):
        return lambda row: ""
    head, _zero, tail = reverse(model._meta.model_name, args=[0]).rpartition("0")
    return lambda row: f"{head}{row[key]}{tail}"


def _has_page(model: type[models.Model]) -> bool:
    try:
        reverse(model._meta.model_name, args=[0])
    except NoReverseMatch:
        return False
    return True


def cell(kind: str, value: Any, choices: dict[Any, Any], colours: dict[Any, str]) -> Any:
    """One value as a list shows it."""
    if kind == "deadline":
        return pill(value)
    if value in (None, ""):
        return ""
    match kind:
        case "status":
            return status(choices.get(value, value), colours.get(value, "neutral"))
        case "choice":
            return choices.get(value, value)
        case "money":
            return money(value)
        case "quantity":
            return quantity(value)
        case "date" | "datetime":
            return when(value)
        case "bool":
            return _("yes") if value else ""
        case "masked":
            return mask_tail(value)
    return value
