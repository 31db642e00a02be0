"""How long a sweep takes with the same number due, among few open deadlines and among many."""

import statistics
import time

from django.contrib.contenttypes.models import ContentType

from crm.deadlines.models import Deadline
from crm.deadlines.sweep import sweep
from orders.models import Order
from pickup.bench.filling import settle, without_indexes, without_triggers
from pickup.play.stage import Set

DUE = 200
SWEEPS = 5
OPEN = """
    INSERT INTO deadlines_deadline (rule, subject_type_id, subject_pk, responsible_id, started_at, due_at, warn_at,
        next_at, step, outcome, calendar_version, unit, spans, pauses)
    SELECT 'order.progress', %(kind)s, number, %(user)s, now(), due, due, due, 0, '', 1, '', '[]', '[]'
    FROM generate_series(%(first)s, %(last)s) AS number,
        LATERAL (SELECT now() + interval '30d' + number %% 1000 * interval '1h' AS due) AS due
"""


def sweeps(stage: Set, few: int, many: int) -> tuple[float, float]:
    """Seconds of a sweep among `few` and among `many` open deadlines, each the median of some."""
    kind = ContentType.objects.get_for_model(Order).pk
    seconds, there = [], 0
    with without_triggers() as cursor:
        cursor.execute("TRUNCATE deadlines_deadline CASCADE")
    for number in (few, many):
        with without_triggers() as cursor, without_indexes(Deadline):
            facts = {"kind": kind, "user": stage.roles["sales"][0], "first": there + 1, "last": number}
            cursor.execute(OPEN, facts)
        there = number
        settle()
        sweep()  # what is read once and kept is read now
        seconds.append(statistics.median(_sweep() for _each in range(SWEEPS)))
    return seconds[0], seconds[1]


def _sweep() -> float:
    """Let some deadlines be due, and time the sweep that tells of them."""
    orders = list(Order.objects.order_by("pk").values_list("pk", flat=True)[:DUE])
    late = Deadline.objects.filter(subject_pk__in=orders)
    with without_triggers() as cursor:
        cursor.execute("TRUNCATE outbox_message CASCADE")
        late.update(next_at="2000-01-01T00:00Z", due_at="2000-01-01T00:00Z", step=0, breached_at=None)
    begun = time.perf_counter()
    handled = sweep()
    took = time.perf_counter() - begun
    if handled != DUE:
        raise RuntimeError(f"The sweep handled {handled} deadlines; {DUE} were due.")
    return took
