"""The workbook works out, by its own formulas, what the pages show and what one finds by hand."""

from typing import Any

import pytest

from crm import clock
from satisfaction import actions, first_groups
from satisfaction.models import Campaign, RemarkGroup, Sheet
from satisfaction.report import Evaluation
from satisfaction.workbook import workbook_of
from tests.satisfaction.conftest import CODES, customer, everywhere, invite, lines, plan
from tests.satisfaction.formulas import Workbook
from tests.satisfaction.test_report import anonymous, ended, keyed
from tests.satisfaction.test_results import answered, correction
from tests.world import World


def written(campaign: Campaign, world: World) -> Workbook:
    return Workbook(workbook_of(Evaluation(Campaign.objects.get(pk=campaign.pk), world.root)))


def agrees(book: Workbook) -> int:
    """Each formula comes to what is written into its cell; answers how many there are."""
    cells = book.cells()
    for sheet, cell, formula in cells:
        value, said = book.worked_out(sheet, cell), book.written(sheet, cell)
        if isinstance(value, str):
            assert (said or "") == value, (sheet, cell, formula)
        else:
            assert said is not None, (sheet, cell, formula)
            assert float(said) == pytest.approx(float(value), abs=1e-5), (sheet, cell, formula)
    return len(cells)


def column(book: Workbook, sheet: str, letter: str, rows: int) -> list[Any]:
    return [book.worked_out(sheet, f"{letter}{row}") for row in range(2, rows + 2)]


def test_every_formula_comes_to_what_is_written_in_its_cell(world: World) -> None:
    ended(world, "fair", days=-7)
    campaign = plan(world)
    owners = (world.alice, world.alice, world.bob, world.bob)
    rows = invite(campaign, *(customer(world, each, owner=who) for each, who in enumerate(owners)))
    actions.start_campaign(campaign, by=world.root)
    for each in rows:
        actions.send_invitation(each, by=world.root, way="mail")
    keyed(world, rows[0], lines(everywhere("very_satisfied"), CODES[0], CODES[1]), "很好")
    keyed(world, rows[1], lines({**everywhere("satisfied"), CODES[0]: "not_satisfied", CODES[2]: ""}, CODES[0]))
    keyed(world, rows[2], lines(everywhere("fair"), CODES[3]), "等候太久")
    first_groups.make(RemarkGroup)
    keys = [str(each) for each in Sheet.objects.filter(remarks="等候太久").values_list("pk", flat=True)]
    given = {"remarks": keys, "groups": RemarkGroup.objects.filter(code__in=["pickup", "people"])}
    actions.group_remarks(campaign, by=world.root, **given)
    actions.end_campaign(campaign, by=world.root)
    measure: dict[str, Any] = {"department": world.sales, "kind": "corrective", "what": "增开提货窗口"}
    actions.enter_measure(campaign, by=world.root, owner=world.root, due_on=clock.today(), **measure)
    book = written(campaign, world)
    assert [each.title for each in book.formulas.worksheets] == [
        campaign.number,
        "Sections",
        "Importance",
        "Earlier surveys",
        "Groups",
        "Answers of the groups",
        "How far it came",
        "Groups of remarks",
        "Customers' remarks",
        "Measures",
    ]
    # Six an item and their sums, 3 a section, 3 an item and 2 means, 2 an item and the whole, 5 groups of 12 items …
    assert agrees(book) == (12 * 6 + 2) + 4 * 3 + (12 * 3 + 2) + 13 * 2 + 5 * 3 + 5 * 12 * 3 + (9 + 3) + 3
    assert column(book, "Groups", "B", 2) == [world.alice.display_name, world.bob.display_name]
    assert column(book, "Groups", "F", 2) == [100.0, 50.0]
    assert column(book, "Groups of remarks", "B", 3) == [1, 1, 1]


def test_the_sheets_beside_the_calculation_are_those_found_by_hand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = answered(world, monkeypatch)
    book = written(campaign, world)
    assert agrees(book) > 50
    number = campaign.number
    # As test_results has it by hand: scores, coefficients, the overall score, sections.
    assert [round(each, 2) for each in column(book, number, "H", 5)] == [93.33, 93.33, 66.67, 20.0, 0.0]
    assert [float(each) for each in column(book, number, "M", 5)] == [0.26, 0.26, 0.16, 0.16, 0.16]
    assert round(book.worked_out(number, "N7"), 6) == 62.4
    assert [round(each, 2) for each in column(book, "Sections", "D", 2)] == [87.06, 10.0]
    assert column(book, "Sections", "B", 2) == [3, 2]
    assert round(book.worked_out("Importance", "C7"), 6) == round(820 / 15, 6)
    kept, fine, later = (
        "Keep up: matters, and is above the mean",
        "Enough is done: matters less, and is above the mean",
        "Mend later: matters less, and is below the mean",
    )
    assert column(book, "Importance", "E", 5) == [kept, kept, fine, later, later]


def test_a_correction_stands_in_the_workbook_and_all_sheets_follow_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = answered(world, monkeypatch)
    actions.end_campaign(campaign, by=world.root)
    given = correction(campaign, "0.5", "0.2", "0.1", "0.1", "0.1")
    actions.correct_coefficients(campaign, by=world.root, **given)
    book = written(campaign, world)
    assert agrees(book) > 50
    assert round(book.worked_out(campaign.number, "N7"), 6) == 74.0
    # The one group of owners is the whole: by the corrected coefficients as well.
    assert round(book.worked_out("Groups", "H2"), 6) == 74.0
    assert book.written(campaign.number, "D11") == "领导小组议定"


def test_changed_counts_change_every_sheet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = answered(world, monkeypatch)
    book = written(campaign, world)
    sheet = book.formulas[campaign.number]
    sheet["D4"], sheet["B4"] = 0, 2  # two who said "fair" of the third item are very satisfied instead
    assert round(book.worked_out(campaign.number, "H4"), 2) == 93.33
    assert round(book.worked_out(campaign.number, "N7"), 6) == round(62.4 + 80 / 3 * 0.16, 6)
    assert round(book.worked_out("Importance", "C4"), 2) == 93.33


def test_without_a_sheet_every_formula_is_empty_and_of_an_anonymous_one_no_group_is_there(world: World) -> None:
    campaign = plan(world)
    assert agrees(written(campaign, world)) > 0
    five = written(anonymous(world, 5), world)
    assert agrees(five) > 0
    names = [each.title for each in five.formulas.worksheets]
    assert "Groups" not in names
    assert [each.value for each in five.formulas["How far it came"][1]] == [
        "Owner",
        "Chosen",
        "Sent",
        "Has answered",
        "Recovery rate",
    ]
