"""`/healthz` for the load balancer and `/metrics` for Prometheus."""

import secrets
import time
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.sweep import last_tick
from crm.outbox.models import Message
from crm.web.middleware import address_of, trusted, within

STARTED = time.monotonic()
TICK_IS_OLD = timedelta(minutes=5)
UNSENT = [Message.Status.QUEUED, Message.Status.SENDING, Message.Status.FAILED]


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """200 where database and cache answer and the sweep is recent, else 503; names what ails, no more."""
    parts = {"database": _database(), "cache": _cache(), "sweep": _sweep()}
    well = parts["database"] == "ok" and parts["cache"] == "ok"
    return JsonResponse({"status": "ok" if well else "failing", **parts}, status=200 if well else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "failing"
    return "ok"


def _cache() -> str:
    try:
        cache.set("healthz", 1, 5)
    except Exception:  # noqa: BLE001 - whatever the client raises, the answer is the same
        return "failing"
    return "ok"


def _sweep() -> str:
    try:
        last = last_tick()
    except DatabaseError:
        return "unknown"
    if last is None:
        return "not yet"
    return "ok" if clock.now() - last < TICK_IS_OLD else "late"


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Open and late deadlines, messages by state, age of the sweep; in Prometheus' text format.

    For the addresses of CRM_METRICS_ALLOWED and whoever sends CRM_METRICS_TOKEN; for others there is no such page.
    """
    if not (_has_token(request) or _is_near(request)):
        raise Http404
    now = clock.now()
    running = Deadline.objects.filter(closed_at=None)
    last = last_tick()
    lines = [
        f"ziti_up_seconds {time.monotonic() - STARTED:.0f}",
        f"ziti_deadlines_open {running.count()}",
        f"ziti_deadlines_late {running.filter(due_at__lt=now).count()}",
        f"ziti_sweep_age_seconds {(now - last).total_seconds() if last else -1:.0f}",
    ]
    waiting = Message.objects.filter(status__in=UNSENT).values_list("status").annotate(number=Count("pk")).order_by()
    for state, number in waiting:
        lines.append(f'ziti_messages{{state="{state}"}} {number}')
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def _has_token(request: HttpRequest) -> bool:
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    known = settings.METRICS_TOKEN
    return bool(known) and scheme.lower() == "bearer" and secrets.compare_digest(given.encode(), known.encode())


def _is_near(request: HttpRequest) -> bool:
    """Whether the caller's own address is allowed; what a proxy of which we know nothing passes on is nobody's."""
    if "X-Forwarded-For" in request.headers and not trusted(request.META.get("REMOTE_ADDR", "")):
        return False
    return within(address_of(request), settings.METRICS_ALLOWED)
