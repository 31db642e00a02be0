"""Causes that come again, the page of the analysis, and who is told of both (K8)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.analysis.charts import ANALYSES
from complaints.analysis.recurring import of_complaint, patterns
from complaints.analysis.tasks import point_out, tell_of_month
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import Department
from crm.deadlines.periodic import JOBS
from crm.outbox.models import Message
from tests.analysis.conftest import Pile
from tests.world import MORNING, nothing_moves, shanghai

DAY = timedelta(days=1)


def _again(pile: Pile, *days: int, **facts: Any) -> list[Complaint]:
    """Complaints of one product and cause so many days ago."""
    given = {"product": pile.world.product, "cause": pile.damage, "responsible": pile.warehouse, **facts}
    return [pile.add(MORNING - days_ * DAY, **given)[0] for days_ in days]


def told(template: str) -> list[tuple[str, int | None]]:
    rows = Message.objects.filter(template=template).order_by("pk")
    return list(rows.values_list("recipient__username", "subject_pk"))


def test_three_times_within_ninety_days_are_a_pattern_and_two_are_none(pile: Pile) -> None:
    _again(pile, 91, 40, 1)
    assert patterns() == []
    found = _again(pile, 20)
    (pattern,) = patterns()
    assert (pattern.cause, pattern.product, pattern.batch, pattern.number) == (pile.damage, pile.world.product, "", 3)
    assert found[0].pk in pattern.complaints and len(pattern.complaints) == 3


def test_another_cause_or_product_does_not_count(pile: Pile) -> None:
    _again(pile, 3, 2)
    _again(pile, 1, cause=pile.count)
    _again(pile, 1, product=pile.world.new_product("Q1"))
    _again(pile, 1, cause=None)
    assert patterns() == []


def test_a_batch_is_a_pattern_where_its_product_is_none(pile: Pile) -> None:
    others = [pile.world.new_product(f"Q{each}") for each in range(3)]
    for number, product in enumerate(others):
        _again(pile, number, product=product, batch="B7")
    (pattern,) = patterns()
    assert (pattern.product, pattern.batch, pattern.number) == (None, "B7", 3)
    _again(pile, 1, 2, 3, batch="B8")
    assert [(each.batch, each.number) for each in patterns()] == [("B7", 3), ("", 3)]  # B8 is told by its product


def test_how_many_times_is_a_setting(pile: Pile, settings: Any) -> None:
    settings.RECURRING_COMPLAINTS = 2
    _again(pile, 3, 2)
    assert len(patterns()) == 1


def test_a_complaint_says_that_its_cause_came_again_also_the_first_of_them(pile: Pile, client_of: Any) -> None:
    first, second, third = _again(pile, 200, 160, 120)
    (alone,) = _again(pile, 10)
    root = pile.world.root
    assert [(of_complaint(each, root) or (0, None))[0] for each in (first, second, third, alone)] == [3, 3, 3, 0]
    client = client_of(root)
    page = client.get(first.get_absolute_url()).text
    assert 'class="note tone-late"' in page
    url = of_complaint(first, root)[1].url  # type: ignore[index]
    listed = client.get("/api/v1/complaints/?" + url.partition("?")[2]).json()
    assert {row["number"] for row in listed["results"]} == {first.number, second.number, third.number}
    assert 'class="note tone-late"' not in client.get(alone.get_absolute_url()).text


def test_ninety_days_are_counted_from_each_and_not_from_the_first(pile: Pile) -> None:
    early, middle, late, last = _again(pile, 190, 110, 60, 30)
    found = [(of_complaint(each, pile.world.root) or (0, None))[0] for each in (early, middle, late, last)]
    assert found == [0, 3, 3, 3]


def test_who_sees_only_some_of_them_is_told_of_those(pile: Pile) -> None:
    mine = _again(pile, 3, owner=pile.world.bob, department=None)[0]
    _again(pile, 2, 1, department=None)
    assert of_complaint(mine, pile.world.bob) is None
    assert of_complaint(mine, pile.world.root) is not None


def test_the_heads_are_told_once_of_a_pattern(pile: Pile) -> None:
    head = pile.world.person("keeper", "warehouse", department=pile.warehouse)
    Department.objects.filter(pk=pile.warehouse.pk).update(head=head)
    assert JOBS["analysis.recurring"].body is point_out
    found = _again(pile, 30, 20, 10)
    assert point_out() == 1
    assert told("analysis.recurring") == [("keeper", found[-1].pk), ("boss", found[-1].pk)]
    assert Complaint.objects.visible_to(head).filter(pk=found[-1].pk).exists()
    with nothing_moves():
        assert point_out() == 0
    _again(pile, 1)
    assert point_out() == 0 and len(told("analysis.recurring")) == 2
    with clock.at(MORNING + 100 * DAY):
        _again(pile, -95, -96, -97)
        assert point_out() == 1
    assert len(told("analysis.recurring")) == 4


def test_what_the_pointing_out_asks_does_not_grow_with_what_is_known(pile: Pile) -> None:
    counts = []
    for number in range(2):
        _again(pile, 3, 2, 1, product=pile.world.new_product(f"Q{number}"))
        point_out()
        with CaptureQueriesContext(connection) as queries:
            assert point_out() == 0
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6, counts


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (shanghai(1, 8, month=11), 0),  # a Sunday, before anybody works
        (shanghai(2, 8, month=11), 2),  # the first working day
        (shanghai(23, 8, month=11), 2),  # where the clock stood still
        (shanghai(1, 8, month=12), 2),  # a Tuesday
    ],
)
def test_the_month_is_told_on_the_first_working_day(pile: Pile, moment: Any, number: int) -> None:
    pile.world.person("chief", "executive")
    assert JOBS["analysis.monthly"].body is tell_of_month
    with clock.at(moment):
        assert tell_of_month() == number
        with nothing_moves():
            assert tell_of_month() == 0
    assert len(told("analysis.monthly")) == number


def test_the_notice_tells_each_what_he_sees(pile: Pile) -> None:
    pile.world.person("chief", "executive")
    pile.add(shanghai(12, 9, month=10), times=3, cause=pile.damage)
    pile.add(shanghai(12, 9, month=10), times=1, department=None)
    pile.add(shanghai(12, 9, month=9), times=2)
    tell_of_month()
    texts = {row.recipient.username: str(row.texts) for row in Message.objects.filter(template="analysis.monthly")}
    assert "4 complaints came in in 2026-10, 2 in the month before" in texts["chief"]
    assert "3 complaints came in in 2026-10, 2 in the month before" in texts["boss"]
    assert "装卸损坏" in texts["boss"] and "Damaged in handling" in texts["boss"]
    assert "received_from=2026-10-01" in texts["boss"] and "2026-10-31" in texts["boss"]


def test_the_page_shows_every_figure_and_what_came_again(pile: Pile, client_of: Any) -> None:
    _again(pile, 3, 2, 1)
    client = client_of(pile.world.boss)
    page = client.get("/complaints/analysis/")
    assert page.status_code == 200
    for key in ANALYSES:
        assert f'id="chart-{key}"' in page.text, key
    assert pile.damage.path in page.text and "received_from=" in page.text
    assert "/complaints/analysis/" in client.get("/complaints/").text
    narrow = client.get("/complaints/analysis/?received_from=2026-10-01&received_until=2026-10-31").text
    assert 'value="2026-10-01"' in narrow and 'value="2026-10-31"' in narrow
    html = page.text[page.text.index("<main") : page.text.index("</main>")]
    assert " style=" not in html and "<script" not in html


def test_who_answers_for_nobodys_time_limits_finds_no_analysis(pile: Pile, client_of: Any) -> None:
    for user in (pile.world.alice, pile.world.stranger):
        assert client_of(user).get("/complaints/analysis/").status_code == 403
    assert "/complaints/analysis/" not in client_of(pile.world.alice).get("/complaints/").text
    assert Client().get("/complaints/analysis/").status_code == 302


def test_what_the_page_costs_does_not_grow(pile: Pile, client_of: Any) -> None:
    client, counts = client_of(pile.world.root), []
    for number in range(2):
        _again(pile, 3, 2, 1, product=pile.world.new_product(f"Q{number}"))
        client.get("/complaints/analysis/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/complaints/analysis/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 32, counts
