"""The figures of complaints against numbers worked out by hand, each within what its reader sees."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from complaints.analysis import cost, counts, rates, rounds, steps
from complaints.analysis import span as spans
from complaints.analysis.charts import ANALYSES
from complaints.analysis.span import Span
from complaints.costs import COSTS, Cost
from complaints.models import Complaint, Plan
from crm.accounts.models import Department
from crm.accounts.scopes import involve
from crm.deadlines.models import Deadline
from crm.exchange.tables import TABLES
from crm.reports.charts import REPORTS, chart
from pickup.models import Record
from tests.analysis.conftest import Pile
from tests.world import MORNING, shanghai

YEAR = Span(date(2025, 12, 1), date(2026, 11, 23))
OCTOBER = shanghai(12, 10, month=10)


def test_complaints_by_category_with_their_shares(pile: Pile) -> None:
    pile.add(times=5, category="quality")
    pile.add(times=3, category="shortage")
    pile.add(times=2, category="delivery")
    pile.add(shanghai(30, 10, month=11).replace(year=2025), times=4, category="price")  # a day before the year
    figure = counts.by_category(pile.world.root, YEAR)
    assert [row.values[0].number for row in figure.rows] == [5, 3, 2]
    assert [[each.text for each in row.more] for row in figure.rows] == [
        ["50.0%", "50.0%"],
        ["30.0%", "80.0%"],
        ["20.0%", "100.0%"],
    ]


def test_a_pareto_chart_draws_the_line_of_shares(pile: Pile) -> None:
    pile.add(times=3, category="quality")
    pile.add(times=1, category="delivery")
    drawn = chart(REPORTS["complaints-by-category"], pile.world.root)
    assert (drawn["line"], drawn["legend"]) == ("300.0,24.5 400.0,60.5", True)  # three quarters of 400, then all
    assert [shape["parts"][0]["length"] for shape in drawn["shapes"]] == ["400.0", "133.3"]


def test_products_and_causes_that_are_not_known_stand_last(pile: Pile) -> None:
    product = pile.world.product
    pile.add(times=1, product=product, cause=pile.damage)
    pile.add(times=2, cause=pile.count)
    pile.add(times=4)
    user = pile.world.root
    assert [row.values[0].number for row in counts.by_product(user, YEAR).rows] == [1, 6]
    assert [row.values[0].number for row in counts.by_cause(user, YEAR).rows] == [2, 1, 4]
    assert counts.by_cause(user, YEAR).rows[0].label == pile.count.path
    assert counts.by_product(user, YEAR).rows[1].url == ""


def test_what_is_rare_stands_together(pile: Pile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MOST", 1)
    pile.add(times=3, category="quality")
    pile.add(times=2, category="delivery")
    pile.add(times=1, category="price")
    rows = counts.by_category(pile.world.root, YEAR).rows
    assert [(row.values[0].number, bool(row.url)) for row in rows] == [(3, True), (3, False)]


def test_departments_and_states_by_severity(pile: Pile) -> None:
    pile.add(times=2, responsible=pile.warehouse, severity="critical", status="closed")
    pile.add(times=1, responsible=pile.warehouse, severity="minor")
    pile.add(times=1, responsible=pile.world.sales, severity="major", status="told")
    user = pile.world.root
    assert [
        [value.number if value else 0 for value in row.values] for row in counts.by_department(user, YEAR).rows
    ] == [[2, 0, 1], [0, 1, 0]]
    assert [[value.number if value else 0 for value in row.values] for row in counts.by_state(user, YEAR).rows] == [
        [0, 0, 1],
        [0, 1, 0],
    ]


def _handed(pile: Pile, at: Any, times: int) -> None:
    """So many handovers of one pickup at a moment: the figure counts records."""
    found = pile.world.handed_over() if not Record.objects.exists() else Record.objects.earliest("pk").pickup
    first = Record.objects.filter(pickup=found).earliest("pk")
    line = first.lines.get()
    for number in range(times):
        record = Record.objects.get(pk=first.pk)
        record.pk, record.number, record.at, record._state.adding = None, f"X{at:%m%d}-{number}", at, True
        record.save()
        record.lines.create(line=line.line, due=line.due, quantity=line.quantity)
    Record.objects.filter(pk=first.pk).update(at=shanghai(1, 9, month=1))


def test_the_rate_for_each_thousand_pickups_by_month_and_product(pile: Pile) -> None:
    _handed(pile, OCTOBER, 8)
    _handed(pile, shanghai(2, 9), 4)
    pile.add(OCTOBER, times=2, product=pile.world.product)
    pile.add(shanghai(3, 9), times=3)
    pile.add(shanghai(3, 9, month=9), times=1)
    user = pile.world.root
    by_month = {row.label: row for row in rates.per_thousand(user, YEAR).rows}
    assert len(by_month) == 12
    found = {label: [row.values[0] and row.values[0].number, row.total] for label, row in by_month.items()}
    assert found["26-10"] == [250.0, "250.0"]  # 2 of 8
    assert found["26-11"] == [750.0, "750.0"]  # 3 of 4
    assert found["26-09"] == [None, ""]  # a complaint and no pickup
    assert found["26-08"] == [None, ""]
    (row,) = rates.per_thousand_by_product(user, YEAR).rows
    # Twelve handovers beside the pickup's own, which is of January.
    assert [row.values[0].number, *(each.number for each in row.more)] == [2 * 1000 / 13, 2, 13]


def _deadline(pile: Pile, rule: str, took: int, allowed: int, met: bool = True) -> None:
    begun = shanghai(2, 9)
    Deadline.objects.create(
        rule=rule,
        subject=pile.add()[0],
        responsible=pile.world.alice,
        started_at=begun,
        due_at=begun + timedelta(hours=allowed),
        warn_at=begun,
        closed_at=begun + timedelta(hours=took) if met else None,
        outcome="met" if met else "",
    )


def test_the_time_of_a_step_against_its_rule(pile: Pile) -> None:
    for took in (1, 2, 3, 4, 5, 6, 7, 8, 9, 20):
        _deadline(pile, "complaint.register", took, 8)
    for _each in range(2):
        _deadline(pile, "complaint.register", 0, 8, met=False)
    figure = steps.step_times(pile.world.root, YEAR)
    (row,) = figure.rows
    assert (row.values[0].number, row.mark) == (5.5, 8.0)  # the median of ten; what still waits has no time yet
    most, in_time, late, share = (each.number for each in row.more)
    assert (most, in_time, late) == (10.1, 8, 4)  # 9 + 0.1 * (20 - 9); two met late, two still wait
    assert round(share, 2) == 66.67
    assert "67%" in row.total
    assert (row.values[0].text, row.more[0].text) == ("5.5", "10.1")  # the heads of the columns say that it is hours


def test_how_many_were_reopened(pile: Pile) -> None:
    pile.add(OCTOBER, times=3)
    pile.add(OCTOBER, round=2)
    pile.add(OCTOBER, round=4)
    found = {row.label: row for row in rounds.reopened(pile.world.root, YEAR).rows}["26-10"]
    assert [each.number for each in found.values] == [3, 2]
    assert [round(float(each.number), 2) for each in found.more] == [40.0, 1.8]  # 2 of 5; (1+1+1+2+4) / 5


def _plan(complaint: Complaint, amount: str, **facts: Any) -> Plan:
    person = complaint.owner
    given = {"outcome": "apology", "round": 1, "solution": "赔", "department": complaint.department, **facts}
    return Plan.objects.create(complaint=complaint, person=person, written_by=person, amount=Decimal(amount), **given)


def test_what_complaints_cost(pile: Pile) -> None:
    paid, twice, waiting = pile.add(OCTOBER, times=3, responsible=pile.warehouse)
    (other,) = pile.add(shanghai(3, 9))
    Complaint.objects.filter(pk__in=[paid.pk, other.pk]).update(approved_at=MORNING)
    Complaint.objects.filter(pk=twice.pk).update(round=2)
    _plan(paid, "300.00")
    _plan(twice, "50.00")
    _plan(twice, "1000.00", round=2)  # not approved yet
    _plan(waiting, "777.00")
    _plan(other, "20.50")
    user = pile.world.root
    by_month = {row.label: row.more[0].number for row in cost.by_month(user, YEAR).rows}
    assert (by_month["26-10"], by_month["26-11"], by_month["26-09"]) == (Decimal(350), Decimal("20.50"), 0)
    rows = cost.by_department(user, YEAR).rows
    assert [row.more[0].number for row in rows] == [Decimal(350), Decimal("20.50")]


def test_an_app_above_adds_its_costs_in_the_place_of_what_was_promised(
    pile: Pile, monkeypatch: pytest.MonkeyPatch
) -> None:
    (complaint,) = pile.add(OCTOBER, approved_at=MORNING)
    _plan(complaint, "300.00")
    paid = Cost("paid", "Paid", lambda: Plan.objects.filter(amount=300), instead_of=("apology",), tone="late")
    monkeypatch.setattr("complaints.costs.COSTS", COSTS)
    COSTS.append(paid)
    try:
        rows = {row.label: row for row in cost.by_month(pile.world.root, YEAR).rows}
    finally:
        COSTS.remove(paid)
    assert [each.number for each in rows["26-10"].values if each] == [Decimal("300.00")]


def test_a_reader_counts_only_what_he_sees(pile: Pile) -> None:
    mine = pile.add(times=2, owner=pile.world.bob, department=None, responsible=pile.warehouse)
    pile.add(times=3, department=None)
    user = pile.world.bob
    assert sum(row.values[0].number for row in counts.by_category(user, YEAR).rows) == 2
    involve(pile.add(department=None)[0], user=user, why="team")
    assert sum(row.values[0].number for row in counts.by_category(user, YEAR).rows) == 3
    assert [row.more[0].number for row in rates.per_thousand(user, YEAR).rows][-1] == 3
    assert len(mine) == sum(sum(v.number for v in row.values if v) for row in counts.by_department(user, YEAR).rows)


@pytest.mark.parametrize("key", sorted(ANALYSES))
def test_every_bar_opens_its_cases_and_as_many_as_it_says(pile: Pile, client_of: Any, key: str) -> None:
    _handed(pile, OCTOBER, 2)
    plain = pile.add(OCTOBER, times=2, product=pile.world.product, cause=pile.damage, responsible=pile.warehouse)
    pile.add(OCTOBER, round=2, category="delivery", severity="major", status="told", approved_at=MORNING)
    _plan(pile.add(OCTOBER, approved_at=MORNING, responsible=pile.world.sales)[0], "10.00")
    _deadline(pile, "complaint.register", 1, 8)
    assert plain
    client, user = client_of(pile.world.root), pile.world.root
    found = 0
    for row in ANALYSES[key].figure(user, YEAR).rows:
        for value in (*row.values, *row.more):
            if value is None or not value.url:
                continue
            answer = client.get(value.url)
            assert answer.status_code == 200, value.url
            found += 1
            counted = value.url.startswith("/complaints/") and isinstance(value.number, int)
            if counted and not key.startswith("complaints-cost"):
                rest = value.url.partition("?")[2]
                listed = client.get(f"/api/v1/complaints/?{rest}").json()
                assert len(listed["results"]) == value.number, value.url
    assert found


@pytest.mark.parametrize("key", sorted(ANALYSES))
def test_each_figure_is_exported_for_the_days_that_are_shown(pile: Pile, key: str) -> None:
    pile.add(OCTOBER, times=2, product=pile.world.product, cause=pile.damage, responsible=pile.warehouse)
    table = TABLES[f"report-{key}"]
    assert table.allowed(pile.world.root) and not table.allowed(pile.world.stranger)
    head, rows = table.cells(pile.world.root, QueryDict("received_from=2026-10-01&received_until=2026-10-31"))
    assert all(len(row) == len(head) for row in rows)
    if key == "complaints-by-category":
        assert [row[1] for row in rows] == [2]
        assert table.cells(pile.world.root, QueryDict("received_from=2026-11-01"))[1] == []


@pytest.mark.parametrize("key", sorted(ANALYSES))
def test_what_a_figure_asks_does_not_grow(pile: Pile, key: str) -> None:
    user, asked = pile.world.root, []
    _handed(pile, OCTOBER, 1)
    for number in range(2):
        product = pile.world.new_product(f"Q{number}")
        department = Department.objects.create(code=f"d{number}", name=f"部门{number}")
        for complaint in pile.add(
            OCTOBER, times=3, product=product, responsible=department, cause=pile.damage, approved_at=MORNING
        ):
            _plan(complaint, "10.00")
        _deadline(pile, ("complaint.register", "complaint.team")[number], 1, 8)
        ANALYSES[key].figure(user, YEAR)
        with CaptureQueriesContext(connection) as queries:
            ANALYSES[key].figure(user, YEAR)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 2 + len(COSTS), asked


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({}, date(2025, 12, 1), date(2026, 11, 23)),
        ({"received_from": "2026-10-01", "received_until": "2026-10-31"}, date(2026, 10, 1), date(2026, 10, 31)),
        ({"received_from": "2026-10-01", "received_until": "2027-10-31"}, date(2026, 10, 1), date(2026, 11, 23)),
        ({"received_from": "2026-12-01"}, date(2025, 12, 1), date(2026, 11, 23)),
        ({"received_from": "0001-01-01"}, date(2025, 12, 1), date(2026, 11, 23)),
        ({"received_from": "1999-01-01"}, date(2023, 12, 1), date(2026, 11, 23)),
        ({"received_from": "<script>", "received_until": "9999-99-99"}, date(2025, 12, 1), date(2026, 11, 23)),
    ],
)
def test_the_days_that_an_address_asks_for(world: Any, query: dict[str, str], first: date, last: date) -> None:
    assert spans.asked(query) == Span(first, last)
