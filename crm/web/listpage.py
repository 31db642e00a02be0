"""The list page: every Listing as a page with tabs, filters, columns, saved views, sorting and paging."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.actions import ACTIONS
from crm.exchange.importers import importers_for
from crm.forms import PickWidget
from crm.key_filters import KeyFilter
from crm.listing import COUNTED, LISTINGS, Column, Listing, Page
from crm.web.areas import AREAS, may_list
from crm.web.boards import BOARDS
from crm.web.cells import column_boxes, table_head, table_rows, tabs_html
from crm.web.glance import glance
from crm.web.requests import SignedIn

ALL = "all"  # the tab of all rows, where the page opens with another
TAB_COUNTS_LAST = 20  # seconds; a tab's number may be that old
FILTER_FIELDS = "filter-fields"  # the element into which htmx loads the filters when they are opened


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
    if listing.opens and not request.GET:
        return redirect(f"{request.path}?tab={listing.opens}")
    user: Any = request.user
    query = _asked(request)
    wanted = request.htmx.target if request.htmx else None
    if wanted == FILTER_FIELDS:
        return render(request, "parts/filters.html", {"page": {"filters": _filters(listing, request)}})
    shown = _columns(query, listing)
    found, count, problem = _found(request, listing, query, shown)
    asked = _list_query(query, listing)
    bulk = [name for name in listing.bulk if user.has_perm(name)]
    order = listing.order_of(query.get("order", ""), query.get("tab", ""))
    page = {
        "head": table_head(shown, order, lambda chosen: _with(query, order=chosen, cursor="")),
        "rows": len(found.rows),
        "table": table_rows(found.rows, shown, listing, selectable=bool(bulk)),
        "has_next": bool(found.next),
        "has_previous": bool(found.previous),
        "next_url": _with(query, cursor=found.next),
        "previous_url": _with(query, cursor=found.previous),
        "count_text": f"{COUNTED:,}+" if count > COUNTED else f"{count:,}",
        "bulk": [
            {"name": name, "label": ACTIONS[name].label, "url": f"{reverse('do-many', args=[name])}?{asked}"}
            for name in bulk
        ],
        "empty": _empty(listing, query, problem),
        "query": query.get("q", ""),
        "filter_chips": _chips(listing, query, request),
        "problem": problem,
        "url": request.path,
    }
    fragment = wanted == "list"
    if not fragment:
        page |= tools(request, listing) | _actions(request, listing, asked)
        page |= {
            "title": listing.title,
            "key": listing.key,
            "column_boxes": column_boxes(listing, shown),
            "drop_view_url": _own_view(request),
        }
    response = render(
        request, "parts/rows.html" if fragment else "list.html", {"page": page}, status=400 if problem else 200
    )
    response["Vary"] = "HX-Request"
    return response


def _found(request: SignedIn, listing: Listing, query: QueryDict, shown: list[Column]) -> tuple[Page, int, str]:
    """The rows of the page, how many there are in all, and what is wrong with the parameters where they are."""
    try:
        matching = listing.filtered(request.user, query, request=request, tab=query.get("tab", ""))
        page = listing.page(
            matching,
            order=listing.order_of(query.get("order", ""), query.get("tab", "")),
            cursor=query.get("cursor", ""),
            columns=[column.name for column in _needed(shown, listing)],
            counted=matching if _is_whole(query, listing) else None,
        )
        if not (page.next or page.previous):  # a page that stands alone is its own count
            return page, len(page.rows), ""
        return page, listing.count(matching) if page.count is None else page.count, ""
    except ValidationError as error:
        return Page([], order="", next="", previous=""), 0, " ".join(error.messages)


def _asked(request: SignedIn) -> QueryDict:
    """The address's parameters but the one that opens the filters, which goes into no other address."""
    query = request.GET.copy()
    query.pop("filters", None)
    return query


def _is_whole(query: QueryDict, listing: Listing) -> bool:
    """Whether nothing is filtered, so that the number of rows costs little beside the first of them."""
    return not query.get("tab") and not any(query.get(name) for name in listing.filterset.base_filters)


def _needed(shown: list[Column], listing: Listing) -> list[Column]:
    """The columns that are read: those that are shown, and the key of the record that a row leads to."""
    key = f"{getattr(listing.model, 'seen_through', '')}_id"
    return shown if key not in listing.by_name else list(dict.fromkeys([*shown, listing.by_name[key]]))


def _actions(request: SignedIn, listing: Listing, asked: str) -> dict[str, Any]:
    """What can be done on the page of the list as a whole."""
    user: Any = request.user
    export = user.has_perm("exchange.export_list")
    return {
        "links": _links(listing, user),
        "board_url": _beside(request, BOARDS[listing.key].url_name) if listing.key in BOARDS else "",
        "create": [_verb(name) for name in listing.creates if user.has_perm(name)],
        "export_url": f"{reverse('do', args=['exchange.export_list'])}?{asked}" if export else "",
        "save_view_url": f"{reverse('do', args=['web.save_view'])}?{asked}",
    }


def tools(request: SignedIn, listing: Listing) -> dict[str, Any]:
    """What stands above the rows, and above the cards of a board as well: tabs, search, filters, the area's lists.

    The fields of the filters, with every colleague and department to choose from, are made when somebody opens them
    (`filters_url`; without JavaScript a link to the same page). Until then those in force are hidden inputs.
    """
    user: Any = request.user
    query = _asked(request)
    names = [name for name in listing.filterset.base_filters if name != "q"]
    return {
        "tabs": tabs_html(_tabs(request, listing, query)),
        "filters": _filters(listing, request) if "filters" in request.GET else None,
        "has_filters": bool(names),
        "filters_kept": [(name, value) for name in names for value in query.getlist(name) if value],
        "filters_url": reverse(listing.key) + _with(query, filters="1"),
        "filters_link": _with(query, filters="1"),
        "filter_chips": _chips(listing, query, request),
        "query": query.get("q", ""),
        "siblings": _siblings(listing, user),
    }


def _beside(request: SignedIn, url_name: str) -> str:
    """The address of another view of the same rows."""
    query = _asked(request)
    query.pop("cursor", None)
    return f"{reverse(url_name)}?{query.urlencode()}" if query else reverse(url_name)


def _columns(query: QueryDict, listing: Listing) -> list[Column]:
    asked = ",".join(str(each) for each in query.getlist("columns")).split(",")
    wanted = [name for name in asked if name in listing.by_name]
    return [listing.by_name[name] for name in wanted] or [column for column in listing.columns if column.shown]


def _with(query: QueryDict, **changes: str) -> str:
    """The address's parameters with some of them changed; an empty one is left out."""
    kept = [(name, value) for name, values in query.lists() if name not in changes for value in values]
    return "?" + urlencode([*kept, *((name, value) for name, value in changes.items() if value)])


def _tabs(request: SignedIn, listing: Listing, query: QueryDict) -> list[dict[str, Any]]:
    """All, the list's own tabs with their numbers, and the views that this user may see."""
    active, tab, base = query.urlencode(), query.get("tab", ""), request.path
    counts = tab_counts(listing, request.user)
    request.glance = glance(request.user, listing.key)  # type: ignore[attr-defined]  # the frame takes it from there
    tabs: list[dict[str, Any]] = [
        {
            "key": "",
            "label": _("All"),
            "count": None,
            "url": f"{base}?tab={ALL}" if listing.opens else base,
            "active": tab == ALL if listing.opens else not query,
        }
    ]
    for view in listing.tabs:
        tabs.append(
            {
                "key": view.key,
                "label": view.label,
                "count": counts[view.key],
                "url": f"{base}?tab={view.key}",
                "active": view.key == tab,
            }
        )
    for pk, name, kept, _own in request.glance.views:  # type: ignore[attr-defined]
        url = f"{base}?{kept}"
        tabs.append({"key": f"saved-{pk}", "label": name, "count": None, "url": url, "active": kept == active})
    return tabs


def _own_view(request: SignedIn) -> str:
    """Where one's own saved view that is open now is removed, or ""; `_tabs` has asked for the views."""
    open_now = _asked(request).urlencode()
    for pk, _name, kept, own in request.glance.views:  # type: ignore[attr-defined]
        if own and kept == open_now:
            return reverse("do", args=["web.drop_view", pk])
    return ""


def tab_count(listing: Listing, tab: str, user: Any) -> int:
    """How many rows the tab holds for `user`, at most COUNTED + 1, and at most some seconds old."""
    return tab_counts(listing, user, [tab])[tab]


def tab_counts(listing: Listing, user: Any, tabs: Iterable[str] | None = None) -> dict[str, int]:
    """The same of several tabs, of all where they are not named."""
    wanted = [view.key for view in listing.tabs] if tabs is None else list(tabs)
    near, keys = caches["near"], {f"tab:{listing.key}:{tab}:{user.pk}": tab for tab in wanted}
    found = {keys[key]: count for key, count in near.get_many(keys).items()}
    missing = {key: _count(listing, tab, user) for key, tab in keys.items() if tab not in found}
    if missing:
        near.set_many(missing, TAB_COUNTS_LAST)
    return found | {keys[key]: count for key, count in missing.items()}


def _count(listing: Listing, tab: str, user: Any) -> int:
    return listing.count(listing.filtered(user, {}, tab=tab))


def _filters(listing: Listing, request: SignedIn) -> list[Any]:
    form = listing.filterset(request.GET or None, listing.model._default_manager.none(), request=request).form
    for field in form.fields.values():
        if isinstance(field.widget, forms.DateInput):
            field.widget.input_type = "date"
    filters = listing.filterset.base_filters
    return [form[name] for name in form.fields if name != "q" and _is_offered(filters[name])]


def _is_offered(each: Any) -> bool:
    """Whether somebody can fill it in: a key says nothing to him, unless it is found by a name."""
    return not isinstance(each, KeyFilter) or each.of is not None


def _chips(listing: Listing, query: QueryDict, request: SignedIn) -> list[dict[str, Any]]:
    """Each filter in force, in words, with the address that takes it away."""
    if not any(query.get(name) for name in listing.filterset.base_filters if name != "q"):
        return []  # making the form anew for nothing costs more than the query
    form = listing.filterset(query, listing.model._default_manager.none(), request=request).form
    form.is_valid()
    chips = []
    for name in form.fields:
        raw = query.getlist(name)
        if name == "q" or not any(raw):
            continue
        value = form.cleaned_data.get(name)
        widget = form.fields[name].widget
        if isinstance(widget, PickWidget) and widget.rows is not None:
            value = widget.named(widget.rows, raw[0]) or value
        choices = dict(getattr(form.fields[name], "choices", None) or []) if not isinstance(value, models.Model) else {}
        if isinstance(value, bool):
            text = _("yes") if value else _("no")
        elif isinstance(value, models.Model):
            text = str(value)
        else:
            text = ", ".join(str(choices.get(each, each)) for each in raw)
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
