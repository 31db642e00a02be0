"""The report drawn: what each chart says is what a pocket calculator finds, and nothing of a handful is drawn."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.exchange.tables import TABLES
from crm.reports import points
from crm.reports.charts import BARS, REPORTS, Figure, Row, Value, chart, drawn
from satisfaction import actions, charts
from satisfaction.charts import PARTS, charts_of
from satisfaction.models import Campaign, Unsent
from satisfaction.report import Evaluation, quadrants
from satisfaction.results import result_of, results_of
from tests.satisfaction.conftest import CODES, customer, everywhere, invite, lines, path_of, plan, post, running
from tests.satisfaction.test_results import answered, correction
from tests.world import World, shanghai


def keyed(world: World, invitation: Any, answers: list[dict[str, Any]], remarks: str = "") -> None:
    given = {"way": "paper", "returned_on": clock.today(), "remarks": remarks}
    actions.key_in_answers(invitation, by=world.root, answers=answers, **given)


def ended(world: World, level: str, *, days: int, sheets: int = 1) -> Campaign:
    """A survey that began so many days from now, whose sheets all say the same, and that is over."""
    with clock.at(clock.now() + timedelta(days=days)):
        campaign = plan(world, opens_on=clock.today(), until=clock.today() + timedelta(days=7))
        asked = [customer(world, 1000 * (days + 1) + each, owner=world.alice) for each in range(sheets)]
        rows = invite(campaign, *asked)
        actions.start_campaign(campaign, by=world.root)
        for each in rows:
            actions.send_invitation(each, by=world.root, way="mail")
            keyed(world, each, lines(everywhere(level)))
        actions.end_campaign(campaign, by=world.root)
    return Campaign.objects.get(pk=campaign.pk)


def numbers(figure: Figure) -> list[tuple[str, list[Any]]]:
    return [(row.label, [each and each.number for each in row.values]) for row in figure.rows]


def test_the_line_over_the_years_has_each_wave_in_its_order(world: World) -> None:
    first, second, third = [
        ended(world, level, days=days) for level, days in (("fair", 0), ("satisfied", 10), ("very_satisfied", 40))
    ]
    figure = charts.index_over_years(Evaluation(third, world.root))
    assert numbers(figure) == [
        ("2026-11", [Decimal("60.00")]),
        ("2026-12", [Decimal("80.00")]),
        ("2027-01", [Decimal("100.00")]),
    ]
    assert [row.values[0].url for row in figure.rows if row.values[0]] == [
        f"/surveys/{each.pk}/evaluation/" for each in (first, second, third)
    ]
    shape = drawn("line", figure)
    # From 60 to 100 over 132 units: 60 lies on the floor at 152, 80 in the middle, 100 on top.
    assert [(mark["y"], mark["text"]) for mark in shape["marks"]] == [
        ("152.0", "60.00"),
        ("86.0", "80.00"),
        ("20.0", "100.00"),
    ]
    assert [tick["label"] for tick in shape["levels"]] == ["60", "70", "80", "90", "100"]
    assert shape["lines"][0]["runs"] == ["95.0,152.0 217.0,86.0 339.0,20.0"]
    assert numbers(charts.index_over_years(Evaluation(first, world.root))) == []  # its score stands above


def test_items_and_sections_are_drawn_beside_the_overall_score(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    of = Evaluation(answered(world, monkeypatch), world.root)
    figure = charts.by_item(of)
    assert [row.values[0].text if row.values[0] else "" for row in figure.rows] == [
        "93.33",
        "93.33",
        "66.67",
        "20.00",
        "0.00",
    ]
    assert figure.rows[0].label.startswith("1. ")
    assert {row.mark for row in figure.rows} == {Decimal("62.40")}
    assert [row.more[0].text for row in figure.rows if row.more[0]] == ["0.260000"] * 2 + ["0.160000"] * 3
    shape = drawn(BARS, figure)
    # The whole width of 400 stands for 100, and not for the best item.
    assert [part["length"] for bar in shape["shapes"] for part in bar["parts"]] == ["373.3", "373.3", "266.7", "80.0"]
    assert {bar["mark_x"] for bar in shape["shapes"]} == {"249.6"}
    sections = [row.values[0].text for row in charts.by_section(of).rows if row.values[0]]
    assert sections == ["87.06", "10.00"]


def test_owner_department_tier_and_region_are_drawn_the_least_content_first(world: World) -> None:
    campaign = plan(world)
    rows = invite(campaign, *(customer(world, each, owner=who) for each, who in enumerate((world.alice, world.bob))))
    actions.start_campaign(campaign, by=world.root)
    for each, level in zip(rows, ("very_satisfied", "fair"), strict=True):
        actions.send_invitation(each, by=world.root, way="mail")
        keyed(world, each, lines(everywhere(level)))
    of = Evaluation(Campaign.objects.get(pk=campaign.pk), world.root)
    owners = charts.by_owner(of)
    assert numbers(owners) == [
        (world.bob.display_name, [Decimal("60.00")]),
        (world.alice.display_name, [Decimal("100.00")]),
    ]
    assert owners.rows[0].url == f"/surveys/invitations/?campaign={campaign.pk}&owner={world.bob.pk}"
    assert [each.text for each in owners.rows[0].more if each] == ["1", "1", "100.0 %"]
    for figure in (charts.by_department(of), charts.by_tier(of), charts.by_region(of)):
        assert [values for _label, values in numbers(figure)] == [[Decimal("80.00")]]
    client = Client()
    client.force_login(world.root)
    assert client.get(owners.rows[0].url).status_code == 200
    for figure in (charts.by_tier(of), charts.by_region(of)):
        page = client.get(figure.rows[0].url).content.decode()
        assert rows[0].number in page


def test_the_quadrant_is_a_scatter_diagram_with_its_lines_and_numbers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = answered(world, monkeypatch)
    of = Evaluation(campaign, world.root)
    figure = charts.importance(of)
    assert figure.cross is not None
    # The mean of 280/3, 280/3, 200/3, 20 and 0 is 820/15; the mean coefficient of five items is a fifth.
    assert (round(figure.cross.x, 6), round(figure.cross.y, 6)) == (0.2, round(820 / 15, 6))
    shape = drawn("scatter", figure)
    # Items 1 and 2 lie on one another, and share one box.
    assert [[row["text"] for row in mark["rows"]] for mark in shape["marks"]] == [["1·2"], ["3"], ["4"], ["5"]]
    assert [mark["tone"] for mark in shape["marks"]] == ["done", "neutral", "soon", "soon"]
    assert shape["marks"][1]["said"].endswith("Score 66.67, Coefficient 0.160000")
    box, cross = shape["marks"][0], shape["cross"]
    assert float(box["x"]) > float(cross["x"])
    assert float(box["box_y"]) < float(cross["y"])  # above: better than the mean
    found = {part["key"]: [each["number"] for each in part["items"]] for part in quadrants(of.result)}
    assert found == {"first": [], "keep": [1, 2], "later": [5, 4], "fine": [3]}


def test_items_that_matter_alike_stand_on_the_line_between_more_and_less(world: World) -> None:
    campaign, [invitation] = running(world)
    keyed(world, invitation, lines({**everywhere("satisfied"), CODES[3]: "fair"}))
    shape = drawn("scatter", charts.importance(Evaluation(campaign, world.root)))
    line = float(shape["cross"]["x"])
    # Each coefficient is a twelfth, written as 0.083333 or 0.083334.
    assert all(abs(float(mark["x"]) - line) < 0.2 for mark in shape["marks"])
    assert [each["label"] for each in shape["moments"]] == ["0.080", "0.085"]


def test_the_first_survey_draws_no_line_over_the_years(world: World) -> None:
    only = ended(world, "fair", days=0)
    assert "survey-index" not in charts_of(Evaluation(only, world.root))
    second = ended(world, "satisfied", days=10)
    assert "survey-index" in charts_of(Evaluation(second, world.root))


def test_items_that_matter_alike_all_matter_however_their_coefficients_are_rounded(world: World) -> None:
    campaign, [invitation] = running(world)
    keyed(world, invitation, lines({**everywhere("satisfied"), CODES[3]: "fair"}))
    found = {part["key"]: len(part["items"]) for part in quadrants(result_of(campaign))}
    assert found == {"first": 1, "keep": 11, "later": 0, "fine": 0}  # a twelfth is 0.083333 or 0.083334


@pytest.mark.parametrize(
    ("given", "ticks"),
    [
        ([60.0, 100.0], [60, 70, 80, 90, 100]),
        ([79.63, 82.94], [79, 80, 81, 82, 83]),
        ([5.0], [4, 4.5, 5]),
        ([0.0, 0.0], [-0.5, 0]),
    ],
)
def test_an_axis_has_round_numbers_around_all_that_lies_on_it(given: list[float], ticks: list[float]) -> None:
    low, high, found = points.scale(given)
    assert [round(each, 9) for each in found][:1] == [round(low, 9)]
    assert low <= min(given) <= max(given) <= high
    assert low < high
    if len(given) > 1 and given[0] != given[1]:
        assert [round(each, 9) for each in found] == ticks


def test_a_line_is_broken_where_a_wave_has_no_score() -> None:
    values = [Value(number, f"{number}") if number else None for number in (50, 60, 0, 70, 80)]
    figure = Figure("", [("", "active")], [Row(f"{at}", [each]) for at, each in enumerate(values)])
    assert [len(run.split()) for run in drawn("line", figure)["lines"][0]["runs"]] == [2, 2]


def test_the_funnel_tells_sent_opened_begun_and_whole_by_owner(world: World) -> None:
    campaign = plan(world)
    owners = (world.alice, world.alice, world.alice, world.bob)
    rows = invite(campaign, *(customer(world, each, owner=who) for each, who in enumerate(owners)))
    actions.start_campaign(campaign, by=world.root)
    for each in rows:
        actions.send_invitation(each, by=world.root, way="mail")
    keyed(world, rows[0], lines(everywhere("fair")))
    keyed(world, rows[1], lines({CODES[0]: "fair"}))
    Unsent.objects.create(invitation=rows[2], begun_at=clock.now(), saved_at=clock.now())
    Client().get(path_of(rows[3]))
    figure = charts.funnel(Evaluation(Campaign.objects.get(pk=campaign.pk), world.root))
    assert numbers(figure) == [
        ("All", [1, 1, 1, 1, 0]),
        (world.alice.display_name, [1, 1, 1, 0, 0]),
        (world.bob.display_name, [0, 0, 0, 1, 0]),
    ]
    assert [row.total for row in figure.rows] == ["2 / 4 · 50.0 %", "2 / 3 · 66.7 %", "0 / 1 · 0.0 %"]
    assert [str(each) for each in figure.more] == ["Sent", "Opened", "Has begun", "Has answered", "Recovery rate"]


def test_every_tone_of_the_funnel_has_its_own_on_paper(world: World) -> None:
    campaign, _rows = running(world)
    used = {tone for _label, tone in charts.funnel(Evaluation(campaign, world.root)).series}
    style = (settings.BASE_DIR / "static" / "crm" / "print_charts.css").read_text()
    paper = dict(re.findall(r"^\.tone-([a-z]+) \{ --tone-fill: ([^;]+);", style, re.MULTILINE))
    assert used == {"done", "active", "pressing", "soon", "neutral"}
    assert len({paper[tone] for tone in used}) == len(used)


def anonymous(world: World, sheets: int) -> Campaign:
    campaign, invitations = running(world, sheets, anonymous=True)
    for each in invitations:
        post(path_of(each), lines(everywhere("fair")), "等候太久")
    with clock.at(shanghai(30, 18)):
        actions.end_campaign(campaign, by=world.root)
    return Campaign.objects.get(pk=campaign.pk)


def test_of_four_anonymous_sheets_nothing_is_drawn_exported_or_printed(world: World) -> None:
    campaign = anonymous(world, 4)
    client = Client()
    client.force_login(world.root)
    for name in ("evaluation", "remarks", "report"):
        page = client.get(f"/surveys/{campaign.pk}/{name}/").content.decode()
        assert '<svg class="drawn"' not in page
        assert "等候太久" not in page
        assert "60.00" not in page
    assert client.get(f"/surveys/{campaign.pk}/workbook/").status_code == 404
    query = QueryDict(f"campaign={campaign.pk}")
    assert {len(TABLES[f"report-{key}"].cells(world.root, query)[1]) for key in PARTS} == {0}


def test_of_five_the_whole_is_drawn_but_no_group_of_customers(world: World) -> None:
    of = Evaluation(anonymous(world, 5), world.root)
    assert list(charts_of(of)) == [
        "survey-scores",
        "survey-sections",
        "survey-quadrants",
        "survey-funnel",
    ]
    assert [each["label"] for each in charts_of(of)["survey-funnel"]["series"]] == ["Has answered", "Has not answered"]
    query = QueryDict(f"campaign={of.campaign.pk}")
    assert [len(TABLES[f"report-survey-{key}"].cells(world.root, query)[1]) for key in ("owners", "scores")] == [0, 12]


def test_an_export_has_what_the_reader_may_see(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = answered(world, monkeypatch)
    table = TABLES["report-survey-scores"]
    query = QueryDict(f"campaign={campaign.pk}")
    head, rows = table.cells(world.root, query)
    assert (head[0], head[-1], rows[0][1]) == ("Item", "Overall score", Decimal("93.33"))
    assert table.cells(world.stranger, query) == ([], [])
    assert (table.allowed(world.root), table.allowed(world.stranger)) == (True, False)
    assert table.cells(world.root, QueryDict("campaign=nonsense")) == ([], [])


def test_the_results_of_many_surveys_are_those_of_each_by_five_queries(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = answered(world, monkeypatch)
    actions.end_campaign(first, by=world.root)
    actions.correct_coefficients(first, by=world.root, **correction(first, "0.5", "0.2", "0.1", "0.1", "0.1"))
    second, _invitations = running(world)
    campaigns = list(Campaign.objects.order_by("pk"))
    with CaptureQueriesContext(connection) as asked:
        found = results_of(campaigns)
    assert len(asked.captured_queries) == 5
    for each in (first, second):
        one = result_of(each)
        assert (found[each.pk].overall, found[each.pk].recovered) == (one.overall, one.recovered)
        assert [line.coefficient for line in found[each.pk].lines] == [line.coefficient for line in one.lines]


@pytest.mark.parametrize("name", ["evaluation", "report", "remarks"])
def test_the_pages_ask_as_much_of_two_waves_and_owners_as_of_four(world: World, name: str) -> None:
    client = Client()
    client.force_login(world.root)

    def asked(campaign: Campaign) -> int:
        client.get(f"/surveys/{campaign.pk}/{name}/")  # what is asked once in a process
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/surveys/{campaign.pk}/{name}/")
        assert page.status_code == 200
        return len(queries.captured_queries)

    ended(world, "fair", days=0)
    few = ended(world, "satisfied", days=20)
    ended(world, "satisfied", days=40, sheets=3)
    many = ended(world, "very_satisfied", days=60, sheets=3)
    for invitation in many.invitations.all()[1:]:
        type(invitation).objects.filter(pk=invitation.pk).update(owner=world.bob, region="成都")
    for index, campaign in enumerate((few, many)):
        campaign.sheets.update(remarks=f"等候太久{index}")
    number = asked(few)
    assert asked(many) == number
    assert number <= {"evaluation": 45, "report": 45, "remarks": 20}[name]


def test_the_report_page_shows_each_part_and_is_refused_to_strangers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = answered(world, monkeypatch)
    client = Client()
    client.force_login(world.root)
    page = client.get(f"/surveys/{campaign.pk}/evaluation/").content.decode()
    for key in PARTS.keys() - {"survey-index"}:  # there is no earlier one
        assert f'id="chart-{key}"' in page
    assert page.count('<svg class="drawn"') == len(PARTS) - 1
    paper = client.get(f"/surveys/{campaign.pk}/report/").content.decode()
    assert paper.count('<svg class="drawn"') == len(PARTS) - 1
    assert '<a href="/surveys/invitations/' not in paper
    client.force_login(world.stranger)
    assert client.get(f"/surveys/{campaign.pk}/evaluation/").status_code in (403, 404)


def test_the_yearly_surveys_stand_among_all_reports_as_far_as_they_may_be_shown(world: World) -> None:
    report = REPORTS["satisfaction-over-years"]
    assert chart(report, world.root)["rows"] == []
    first = ended(world, "fair", days=0)
    handful = anonymous(world, 4)
    Campaign.objects.filter(pk__in=[first.pk, handful.pk]).update(kind="annual")
    ended(world, "satisfied", days=10)  # one in between
    assert numbers(report.figure(world.root)) == [("2026-11", [Decimal("60.00")])]
    assert report.figure(world.stranger).rows == []
    client = Client()
    client.force_login(world.root)
    assert 'id="chart-satisfaction-over-years"' in client.get("/reports/").content.decode()
