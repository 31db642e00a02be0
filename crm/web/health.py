"""`/healthz` for the load balancer and `/metrics` for Prometheus."""

import time
from datetime import timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.sweep import last_tick
from crm.outbox.models import Message

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
    """Open and late deadlines, messages by state, age of the sweep; in Prometheus' text format."""
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
