"""How long it takes to score a million answers, against a plain count of the same rows."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts.models import User
from pickup.bench.filling import settle, without_indexes, without_triggers
from pickup.bench.measuring import RUNS, Row, also
from satisfaction import first_form
from satisfaction.models import Answer, Campaign, Edition, Sheet
from satisfaction.results import counted
from satisfaction.scoring import Level

ANSWERS, FEW = 1_000_000, 100_000
AIM = 3
SHEETS = """
    INSERT INTO satisfaction_sheet (id, campaign_id, counted, late, way, remarks)
    SELECT md5('sheet' || number)::uuid, %(campaign)s, true, false, 'link', ''
    FROM generate_series(0, (%(answers)s - 1) / %(items)s) AS number
"""
ROWS = """
    INSERT INTO satisfaction_answer (id, sheet_id, item_id, level, matters)
    SELECT gen_random_uuid(), md5('sheet' || number / %(items)s)::uuid, (%(asked)s)[number %% %(items)s + 1],
        (%(levels)s)[number %% 97 %% 4 + 1], number %% %(items)s = number / %(items)s %% %(items)s
    FROM generate_series(0, %(answers)s - 1) AS number
"""


@also
def scoring(*, small: bool) -> tuple[str, Row]:
    """The size, and what counting plainly and scoring took, in turn, with the middle ratio."""
    answers = FEW if small else ANSWERS
    campaign = fill(answers)
    settle()
    counted(campaign)
    same = Answer.objects.filter(sheet__campaign=campaign, sheet__counted=True)
    pairs = [(_took(same.count), _took(lambda: counted(campaign))) for _each in range(RUNS)]
    with CaptureQueriesContext(connection) as asked:
        counted(campaign)
    middle = statistics.median
    base, ours = middle(pair[0] for pair in pairs), middle(pair[1] for pair in pairs)
    label = f"score {answers:,} answers of a survey in one query, to a plain count of them"
    failed = len(asked.captured_queries) - 1  # each further query is as bad as an answer that is not right
    return f"{answers:,}", Row(label, base, ours, middle(pair[1] / pair[0] for pair in pairs), AIM, failed)


def fill(answers: int) -> Campaign:
    """A campaign that is over, with so many answers; each sheet answers all items and marks one of them."""
    first = Edition.objects.filter(questionnaire__code=first_form.CODE, status=Edition.Status.RELEASED)
    edition, today = first.latest("number"), clock.today()
    campaign = Campaign.objects.create(
        number=f"DC-{answers}",
        name="bench",
        kind=Campaign.Kind.BETWEEN,
        status=Campaign.Status.ENDED,
        edition=edition,
        opens_on=today - timedelta(days=30),
        until=today,
        owner=User.objects.order_by("pk")[0],
    )
    items = list(edition.wordings.order_by("position").values_list("item", flat=True))
    facts: dict[str, Any] = {"campaign": campaign.pk, "answers": answers, "items": len(items), "asked": items}
    with without_triggers() as cursor, without_indexes(Sheet, Answer):
        cursor.execute(SHEETS, facts)
        cursor.execute(ROWS, {**facts, "levels": [level.value for level in Level]})
    return campaign


def _took(do: Callable[[], Any]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    do()
    return (time.perf_counter() - begun) * 1000
