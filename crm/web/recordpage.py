"""The record page: everything about one record, and the verbs that are possible now."""

from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import uuid4

from django.apps import apps
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views import View

from crm.actions import Action, actions_of, answers
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES
from crm.fetching import joined
from crm.records.addresses import Addresses
from crm.records.entries import KINDS
from crm.records.notes import writing
from crm.records.timeline import story
from crm.refusals import Forbidden, only_the_system
from crm.web.areas import lists_of, must_open
from crm.web.facts import groups
from crm.web.panels import panels_of
from crm.web.requests import SignedIn

BESIDE = 2  # verbs that stand beside the next step; the others are in the menu
TIMELINE = 60  # entries of a stretch
STORY_PARTS = {"story": "parts/story.html", "story-older": "parts/timeline.html"}  # by what htmx swaps


class RecordView(LoginRequiredMixin, View):
    """The page of one record. Apps name the model, its facts, and what the head says."""

    model: ClassVar[type[models.Model]]
    facts: ClassVar[Iterable[tuple[Any, Iterable[str]]]] = ()
    related: ClassVar[Iterable[str]] = ()  # foreign keys fetched with the record
    prints: ClassVar[Iterable[tuple[Any, str]]] = ()  # (label, url name) of printable forms

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        must_open(request.user, self.model, pk)
        rows = self.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
        obj = get_object_or_404(joined(rows, self.related), pk=pk)
        part = STORY_PARTS.get(request.htmx.target or "") if request.htmx else None
        if part is not None:
            record = {"story": told(obj, request, Addresses(request.user))}
            response = render(request, part, {"record": record, "object": obj})
        else:
            response = render(request, "record.html", {"record": self.record(obj, request), "object": obj})
        response["Vary"] = "HX-Request"
        return response

    def subtitle(self, obj: Any) -> Any:
        """What stands below the name."""
        return getattr(obj, "detail", "")

    def next_verb(self, obj: Any) -> str | None:
        """The verb that the page says comes next, before all that its deadlines name; empty where it says none.

        None where nothing but waiting comes next: no verb is put forward then, though some are possible.
        """
        return ""

    def record(self, obj: Any, request: SignedIn) -> dict[str, Any]:
        """The page's content."""
        deadlines = list(Deadline.objects.open().about(obj).order_by("due_at"))
        steps = next_steps(obj, request.user, deadlines, self.next_verb(obj))
        addresses = Addresses(request.user)
        addresses.know([obj])
        return {
            "title": str(obj),
            "list": _list_of(obj, request.user),
            "subtitle": self.subtitle(obj),
            "kind": obj._meta.verbose_name,
            "status": _status(obj),
            "owner": getattr(obj, "owner", None),
            "pill": deadlines[0] if deadlines else None,
            **steps,
            "facts": groups(obj, self.facts, request.user, addresses),
            "panels_side": panels_of(obj, request, addresses, side=True),
            "panels_main": panels_of(obj, request, addresses, side=False),
            "story": told(obj, request, addresses),
            "print_links": [{"label": label, "url": reverse(name, args=[obj.pk])} for label, name in self.prints],
            "version": getattr(obj, "version", None),
        }


def _list_of(obj: models.Model, user: Any) -> dict[str, Any] | None:
    """The list that leads back from a record, where the user may see one of its kind."""
    found = next((each for each in lists_of(user) if each.model is type(obj)), None)
    return {"label": found.title, "url": reverse(found.key)} if found else None


def told(obj: models.Model, request: SignedIn, addresses: Addresses) -> dict[str, Any]:
    """The timeline as the address asks for it: of one kind (`story`), and from a moment backwards (`before`)."""
    kind = request.GET.get("story", "")
    kind = kind if kind in KINDS else ""
    before = _moment(request.GET.get("before", ""))
    addresses.know([obj])
    found = story(obj, request.user, TIMELINE, addresses, kind=kind, before=before)
    tabs = [("", _("All")), *KINDS.items()]
    return {
        "entries": found.entries,
        "older_url": _told_url(kind, found.older) if found.older else "",
        "newest_url": _told_url(kind, None) if before else "",
        "tabs": [{"label": label, "url": _told_url(key, None), "active": key == kind} for key, label in tabs],
        "writing": writing(obj, request.user),
        "key": uuid4(),
    }


def _told_url(kind: str, before: datetime | None) -> str:
    given = {"story": kind, "before": before.isoformat() if before else ""}
    return "?" + urlencode({name: value for name, value in given.items() if value}) + "#story"


def _moment(text: str) -> datetime | None:
    """A moment of an address, None where there is none or nobody can read it."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _status(obj: Any) -> dict[str, Any] | None:
    """The state with its colour; None for records that have none, because they never change."""
    if not hasattr(obj, "status"):
        return None
    return {"label": obj.get_status_display(), "colour": obj.STATUS_COLOURS.get(obj.status, "neutral")}


def next_steps(obj: models.Model, user: Any, deadlines: Iterable[Deadline], first: str | None = "") -> dict[str, Any]:
    """The one next step, two others beside it, the rest by subject, editing, and what is refused with the reason.

    The next step is `first` where that is possible, none where `first` is None, else the first verb that meets one of
    the deadlines, the most urgent of which comes first; without one, the record's own `next_verb`, where it has such a
    word; else the first possible verb that moves the record on. To give it up is never the next step, nor to do once
    more what was done.
    Verbs that the user has no right to are not mentioned, nor are those that follow from others.
    """
    way = Way(obj)
    wanted = [first or "", *(name for row in deadlines if row.rule in RULES for name in RULES[row.rule].met_by)]
    if named := getattr(obj, "next_verb", ""):
        wanted.append(named)
    possible, refused, edit_url = [], [], ""
    for verb, refusal in answers(obj, user):
        url = reverse("do", args=[verb.name, obj.pk])
        if isinstance(refusal, Forbidden) or verb.unless is only_the_system:
            continue
        if verb.codename == f"change_{obj._meta.model_name}":
            edit_url = "" if refusal else url
        elif refusal:
            refused.append(
                {"name": verb.name, "label": verb.label, "reason": refusal.sentence, "remedy": refusal.remedy}
            )
        else:
            possible.append(
                {
                    "name": verb.name,
                    "label": verb.label,
                    "url": url,
                    "moves": way.step(verb),
                    "aside": way.is_aside(verb),
                    "room": verb.app_label,
                }
            )
    by_name = {each["name"]: each for each in possible}
    primary = next((by_name[name] for name in wanted if name in by_name), None)
    primary = primary or min((each for each in possible if each["moves"]), key=itemgetter("moves"), default=None)
    primary = None if first is None else primary
    others = [each for each in possible if each is not primary]
    asked_once = {name for rule in RULES.values() if rule.on is type(obj) for name in rule.met_by}
    # What a deadline asks for is not hidden under "More"; what none asks for any more gives way, as does to give up.
    others.sort(key=lambda each: (each["name"] not in wanted, each["name"] in asked_once, each["aside"]))
    shown, rest = others[:BESIDE], others[BESIDE:]
    rooms = list(dict.fromkeys(each["room"] for each in rest))
    rooms.sort(key=lambda room: room != obj._meta.app_label)  # its own first
    more = [
        {"label": apps.get_app_config(room).verbose_name, "verbs": [each for each in rest if each["room"] == room]}
        for room in rooms
    ]
    return {"primary": primary, "others": shown, "more": more, "refused": refused, "edit_url": edit_url}


class Way:
    """The states of a record in their order, and where the verbs lead from the one that it is in."""

    def __init__(self, obj: Any) -> None:
        self.state = getattr(obj, "status", None)
        self.colours: dict[Any, str] = getattr(obj, "STATUS_COLOURS", {})
        self.order = list(self.colours)
        # Somebody can lead it on from here, whether or not he who looks at it.
        self.goes_on = any(
            self._ahead(verb) and self.state not in verb.ends_in
            for verb in actions_of(type(obj))
            if verb.source is None or self.state in verb.source
        )

    def step(self, verb: Action) -> int:
        """How good a next step a verb is: 1 it leads on, 2 back to where it goes on from, 3 perhaps on; 0 none."""
        if self._ahead(verb):
            return 3 if self.state in verb.ends_in else 1
        back = not self.goes_on and self.colours.get(self.state) != "done"
        return 2 if back and self.state not in verb.ends_in and self._good(verb) else 0

    def is_aside(self, verb: Action) -> bool:
        """Whether a verb leads to nothing but states in which the record is given up or went wrong."""
        return bool(verb.ends_in) and not self._good(verb)

    def _good(self, verb: Action) -> list[str]:
        """The states that a verb may lead to in which the record is neither put aside nor late."""
        return [each for each in verb.ends_in if self.colours.get(each, "neutral") not in ("neutral", "late")]

    def _ahead(self, verb: Action) -> bool:
        if self.state not in self.order:
            return False
        place = self.order.index(self.state)
        return any(self.order.index(each) > place for each in self._good(verb))
