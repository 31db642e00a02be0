"""The board: a list's rows as cards in columns by state; moving a card runs the verb that leads to its column."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.actions import Action, actions_of
from crm.deadlines.models import Deadline
from crm.listing import COUNTED
from crm.records.models import RequestKey
from crm.refusals import Refused, Stale
from crm.small import whole
from crm.web.areas import may_list
from crm.web.boards import Board, BoardColumn, Step, steps, ways
from crm.web.cells import cell, choices_of
from crm.web.doors import KEY
from crm.web.listpage import tools
from crm.web.requests import SignedIn
from crm.web.templatetags.crm import DEADLINE_STATES
from crm.words import money

CARDS = 20  # in each column at first
MORE = 200  # in the one of which more was asked for; whoever wants to see all has the list


def board_urls(board: Board) -> list[URLPattern]:
    """The addresses of a board, for urls.py."""

    @login_required
    @require_GET
    def page(request: SignedIn) -> HttpResponse:
        return show(request, board)

    @login_required
    @require_http_methods(["GET", "POST"])
    def move(request: SignedIn, pk: int) -> HttpResponse:
        return move_card(request, board, pk)

    return [
        path("board/", page, name=board.url_name),
        path("board/<int:pk>/move/", move, name=board.move_name),
    ]


def show(request: SignedIn, board: Board) -> HttpResponse:
    """The board as a page, or only its columns where htmx asks for them. Bad parameters are named above nothing."""
    listing, user = board.listing, request.user
    if not may_list(user, listing.model):
        raise PermissionDenied
    query = request.GET.copy()
    problem, columns = "", []
    try:
        rows = listing.filtered(user, query, request=request, tab=query.get("tab", ""))
        columns = _columns(board, rows, query)
    except ValidationError as error:
        problem = " ".join(error.messages)
    page = {
        **tools(request, listing),
        "title": listing.title,
        "url": request.path,
        "list_url": _address(reverse(listing.key), query),
        "columns": columns,
        "ways": ways(board, user),
        "problem": problem,
    }
    fragment = request.htmx and request.htmx.target == "board"
    template = "parts/board_columns.html" if fragment else "board.html"
    response = render(request, template, {"page": page}, status=400 if problem else 200)
    response["Vary"] = "HX-Request"
    return response


def _address(url: str, query: QueryDict, **changes: Any) -> str:
    """The address with the filters of the query, some of them changed."""
    kept = query.copy()
    for name in ("more", "cursor"):
        kept.pop(name, None)
    for name, value in changes.items():
        kept.setlist(name, value if isinstance(value, list) else [value])
    return f"{url}?{kept.urlencode()}" if kept else url


def _columns(board: Board, rows: models.QuerySet, query: QueryDict) -> list[dict[str, Any]]:
    """Each column with its cards, number and sum: a query for each sum, one for all cards, one for what is due.

    Nothing is counted or summed beyond COUNTED rows, however many there are.
    """
    asked = query.get("more", "")
    limits = {column.key: MORE if column.key == asked else CARDS for column in board.columns}
    cards = _cards(board, rows, limits)
    due = Deadline.objects.most_urgent(board.listing.model, [card["pk"] for each in cards.values() for card in each])
    chosen = set(query.getlist("status"))
    found = []
    for column in board.columns:
        states = [str(state) for state in column.states if not chosen or state in chosen]
        number, total = _tally(board, rows, column)
        shown = cards[column.key]
        beyond = number > len(shown)
        found.append(
            {
                "key": column.key,
                "label": column.label,
                "count": f"{COUNTED:,}+" if number > COUNTED else f"{number:,}",
                "sum": "" if total is None else f"{money(total)}+" if number > COUNTED else money(total),
                "cards": [_card(board, card, due.get(card["pk"]), several=len(column.states) > 1) for card in shown],
                "list_url": _address(reverse(board.listing.key), query, status=states) if states else "",
                "more_url": _address("", query) + ("&" if query else "?") + f"more={column.key}"
                if beyond and column.key != asked
                else "",
                "beyond": beyond,
            }
        )
    return found


def _tally(board: Board, rows: models.QuerySet, column: BoardColumn) -> tuple[int, Any]:
    """How many rows stand in the column, at most COUNTED + 1, and the sum of their amounts; None where none is told."""
    counted = rows.filter(status__in=column.states).order_by()[: COUNTED + 1]
    if not board.amount:
        return counted.count(), None
    found = counted.aggregate(number=Count("*"), total=Sum(board.listing.by_name[board.amount].path))
    return found["number"], found["total"] or 0


def _cards(board: Board, rows: models.QuerySet, limits: dict[str, int]) -> dict[str, list[dict[str, Any]]]:
    """The first cards of each column: those of each state are found by the index, and put together here."""
    names = [board.title, *board.lines, *filter(None, [board.amount])]
    paths = ["pk", "status", board.order, *(board.listing.by_name[name].path for name in names)]
    if any(each.name == "version" for each in board.listing.model._meta.fields):
        paths.append("version")
    parts = [
        rows.filter(status=state).order_by(board.order, "pk").values(*dict.fromkeys(paths))[: limits[column.key]]
        for state, column in board.column_of.items()
    ]
    found: dict[str, list[dict[str, Any]]] = {column.key: [] for column in board.columns}
    for row in parts[0].union(*parts[1:], all=True):
        found[board.column_of[row["status"]].key].append(row)
    for key, cards in found.items():
        cards.sort(key=lambda card: (card[board.order], card["pk"]))
        del cards[limits[key] :]
    return found


def _card(board: Board, row: dict[str, Any], due: Deadline | None, *, several: bool) -> dict[str, Any]:
    """One card as it is shown; its state is said where the column holds several."""
    listing = board.listing
    choices: Any = listing.model._meta.get_field("status").flatchoices  # type: ignore[union-attr]
    colours = getattr(listing.model, "STATUS_COLOURS", {})
    title = listing.by_name[board.title]
    return {
        "pk": row["pk"],
        "title": row[title.path],
        "url": reverse(listing.model._meta.model_name, args=[row["pk"]]),
        "move_url": reverse(board.move_name, args=[row["pk"]]),
        "status": row["status"],
        "state": cell("status", row["status"], dict(choices), colours) if several else "",
        "amount": cell("money", row[listing.by_name[board.amount].path], {}, {}) if board.amount else "",
        "lines": [
            {"label": column.label, "text": cell(column.kind, row[column.path], choices_of(listing, column), {})}
            for column in (listing.by_name[name] for name in board.lines)
            if row[column.path] not in (None, "")
        ],
        "due": due,
        "tone": DEADLINE_STATES[due.state][0] if due else "",
        "version": row.get("version", ""),
    }


def move_card(request: SignedIn, board: Board, pk: int) -> HttpResponse:
    """GET shows where a card can go; POST moves it: by the verb named, or by the one that leads to the column `to`."""
    model: Any = board.listing.model
    if not may_list(request.user, model):
        raise PermissionDenied
    obj = get_object_or_404(model._default_manager.visible_to(request.user), pk=pk)
    found = steps(board, obj, request.user)
    if request.method == "GET":
        return _dialog(request, board, obj, found)
    if _done_before(request, board, pk):
        return _moved(request, board)  # the same click came twice
    seen = whole(request.POST.get("_version", ""))
    if seen is not None and seen != getattr(obj, "version", seen):
        return _stays(request, board, obj, Stale(obj.version))
    if name := request.POST.get("verb"):
        there = [each for each in found if each.verb.name == name]
    else:
        column = next((each for each in board.columns if each.key == request.POST.get("to")), None)
        if column is None:
            raise Http404
        there = [each for each in found if column in each.columns]
    possible = [each for each in there if each.refusal is None]
    if len(possible) == 1:
        return _take(request, board, obj, possible[0].verb)
    if possible:
        return _dialog(request, board, obj, there)
    if there:
        return _stays(request, board, obj, None, there)
    nowhere = Refused("no_step", _("No step leads there from “%(state)s”.") % {"state": obj.get_status_display()})
    return _stays(request, board, obj, nowhere, [each for each in found if each.refusal is None])


def _key(request: SignedIn) -> str | None:
    given = request.POST.get("_key", "")
    return given if KEY.fullmatch(given) else None


def _done_before(request: SignedIn, board: Board, pk: int) -> bool:
    """Whether the same click did it already: its key was used."""
    key = _key(request)
    scopes = {verb.key_scope(pk, request.user) for verb in actions_of(board.listing.model)}
    return bool(key) and RequestKey.objects.filter(scope__in=scopes, key=key).exists()


def _take(request: SignedIn, board: Board, obj: Any, verb: Action) -> HttpResponse:
    """Do the verb at once where nothing is missing; else open its dialog, or the page that it has of its own."""
    dialog = reverse("do", args=[verb.name, obj.pk])
    if (page := getattr(verb.form, "page", None)) is not None:
        return HttpResponse(headers={"HX-Redirect": page(obj)}) if request.htmx else HttpResponseRedirect(page(obj))
    form = verb.bind(by=request.user, obj=obj, data=QueryDict(""))
    if not form.is_valid():
        return HttpResponseRedirect(dialog)
    seen = whole(request.POST.get("_version", ""))
    try:
        verb(obj, by=request.user, key=_key(request), version=seen, **form.cleaned_data)
    except Refused as refused:
        return _stays(request, board, obj, refused)
    except ValidationError:
        return HttpResponseRedirect(dialog)  # what is missing only the body knows; the dialog asks for it
    except ObjectDoesNotExist:
        raise Http404 from None  # it went out of sight in between
    messages.success(request, _("Done: %(what)s") % {"what": verb.label})
    return _moved(request, board)


def _moved(request: SignedIn, board: Board) -> HttpResponse:
    """The board anew: what moved may have changed sums, deadlines and other cards."""
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(reverse(board.url_name))


def _stays(request: SignedIn, board: Board, obj: Any, why: Refused | None, found: Iterable[Step] = ()) -> HttpResponse:
    """The dialog that says why the card stays where it is; without `why` the refused steps say it."""
    status = why.status if why else next(each.refusal.status for each in found if each.refusal)
    return _dialog(request, board, obj, found, why=why, stays=True, status=status)


def _dialog(
    request: SignedIn,
    board: Board,
    obj: Any,
    found: Iterable[Step],
    *,
    why: Refused | None = None,
    stays: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Where the card can go and by which verb, and where not and why."""
    context = {
        "object": obj,
        "state": obj.get_status_display(),
        "why": why,
        "stays": stays,
        "possible": [each for each in found if each.refusal is None],
        "refused": [each for each in found if each.refusal],
        "post_url": request.path,
        "board_url": reverse(board.url_name),
        "key": uuid4(),
        "version": getattr(obj, "version", None),
    }
    whole_page = not request.htmx or request.htmx.history_restore_request
    return render(request, "board_move_page.html" if whole_page else "board_move.html", context, status=status)
