"""The calendar of pickups: a week of one counter, window by window."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from crm import clock
from crm.days import monday_of
from crm.small import whole
from crm.web.areas import may_list
from crm.web.requests import SignedIn
from pickup.models import Pickup
from pickup.week import STANDS, week
from pickup.windows import counters_of


@login_required
@require_GET
def calendar(request: SignedIn) -> HttpResponse:
    """The week that `week` lies in (a day, by default today) at the counter `place` (by default the first)."""
    if not may_list(request.user, Pickup):
        raise PermissionDenied
    places = list(counters_of(request.user))
    place = next((each for each in places if each.pk == whole(request.GET.get("place", ""))), None)
    place = place or next(iter(places), None)
    monday = monday_of(_day(request.GET.get("week", "")) or clock.today())
    times, days = week(place, monday, request.user) if place else ([], [])
    this_week = monday_of(clock.today())

    def address(chosen: Any, first: date) -> str:
        return f"{reverse('pickup-calendar')}?place={chosen.pk}&week={first.isoformat()}"

    rows = [
        {"time": at, "slots": [{"day": each.day, "slot": each.slots[number]} for each in days]}
        for number, at in enumerate(times)
    ]
    context: dict[str, Any] = {
        "place": place,
        "places": [{"label": str(each), "url": address(each, monday), "active": each == place} for each in places],
        "days": days,
        "rows": rows,
        "stands": [{"label": label, "tone": tone} for _key, label, tone, _states in STANDS],
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "earlier_url": address(place, monday - timedelta(days=7)) if place else "",
        "later_url": address(place, monday + timedelta(days=7)) if place else "",
        "now_url": address(place, this_week) if place and monday != this_week else "",
    }
    return render(request, "pickup/calendar.html", context)


def _day(text: str) -> date | None:
    """A day of an address within the years that a calendar has; None where there is none, or nobody can read it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None
