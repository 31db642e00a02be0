"""The result as a pocket calculator finds it, the correction of coefficients, and the pages that show them."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from satisfaction import actions, results
from satisfaction.models import Campaign, Corrected, Correction
from satisfaction.results import result_of
from satisfaction.scoring import shown
from tests.satisfaction.conftest import CODES, everywhere, lines, released, running
from tests.world import World, nothing_moves, refused

# Three sheets over five items: very satisfied, satisfied, fair, not satisfied, - left blank; * matters most.
SHEETS = ("V* S  F  N  -", "V  V* S  F  -", "S* V* F  -  -")
LEVELS = {"V": "very_satisfied", "S": "satisfied", "F": "fair", "N": "not_satisfied", "-": ""}


def five(world: World) -> Any:
    """The form with its first five items alone, released."""
    draft = actions.draft_edition(released().questionnaire, by=world.root)
    kept = draft.wordings.filter(position__lte=5).select_related("item").order_by("position")
    items = [
        {"code": each.item.code, "section": each.section, "text": each.text, "text_en": each.text_en} for each in kept
    ]
    actions.write_items(draft, by=world.root, items=items)
    return actions.release_edition(draft, by=world.root)


def answered(world: World, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A campaign with five items and the three sheets."""
    edition = five(world)
    monkeypatch.setattr("tests.satisfaction.conftest.released", lambda: edition)
    campaign, invitations = running(world, len(SHEETS))
    for invitation, sheet in zip(invitations, SHEETS, strict=True):
        answers = [
            {"item": code, "level": LEVELS[mark[0]], "matters": mark.endswith("*")}
            for code, mark in zip(CODES, sheet.split(), strict=False)
        ]
        given = {"way": "paper", "returned_on": clock.today()}
        actions.key_in_answers(invitation, by=world.root, answers=answers, **given)
    return Campaign.objects.get(pk=campaign.pk)


def test_scores_ranks_coefficients_and_the_overall_score_by_hand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    result = result_of(answered(world, monkeypatch))
    assert result.recovered == 3
    # (1+1+.8)/3, (.8+1+1)/3, (.6+.8+.6)/3, (0+.6)/3, nothing: each times 100.
    scores = [shown(line.score) for line in result.lines]
    assert scores == [Decimal(each) for each in ("93.33", "93.33", "66.67", "20.00", "0.00")]
    assert [shown(line.answered) for line in result.lines] == [
        Decimal("93.33"),
        Decimal("93.33"),
        Decimal("66.67"),
        Decimal("30.00"),
        None,
    ]
    # Two items are marked twice and share rank 1.5, three are not marked and share rank 4; 1/5 + 1/25 × (3 - rank).
    assert [line.marks for line in result.lines] == [2, 2, 0, 0, 0]
    assert [line.rank for line in result.lines] == [1.5, 1.5, 4, 4, 4]
    assert [line.coefficient for line in result.lines] == [Decimal("0.26")] * 2 + [Decimal("0.16")] * 3
    # .26 × 280/3 × 2 + .16 × (200/3 + 20 + 0) = 48.5333… + 13.8666… = 62.4
    assert shown(result.overall, 6) == Decimal("62.400000")
    assert [(label, shown(score)) for label, score in result.sections] == [
        (result.sections[0][0], Decimal("87.06")),  # (.26 × 93.33 × 2 + .16 × 66.67) / .68
        (result.sections[1][0], Decimal("10.00")),
    ]


def test_without_a_sheet_there_is_no_score(world: World) -> None:
    campaign, _invitations = running(world)
    result = result_of(campaign)
    assert (result.recovered, result.overall) == (0, None)
    assert {line.score for line in result.lines} == {None}
    client = Client()
    client.force_login(world.root)
    assert client.get(f"/surveys/{campaign.pk}/result/").status_code == 200


def test_the_answers_are_counted_by_one_statement_however_many_sheets(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = answered(world, monkeypatch)
    with CaptureQueriesContext(connection) as asked:
        recovered, found = results.counted(campaign)
    assert (len(asked.captured_queries), recovered, len(found)) == (1, 3, 4)


def test_sheets_of_another_or_wholly_blank_ones_are_not_counted(world: World) -> None:
    campaign, [blank, said, other] = running(world, 3)
    given = {"way": "paper", "returned_on": clock.today()}
    actions.key_in_answers(blank, by=world.root, answers=lines({}), **given)
    assert results.counted(campaign) == (0, {})
    actions.key_in_answers(said, by=world.root, answers=lines({CODES[0]: "fair"}), **given)
    actions.key_in_answers(other, by=world.root, answers=lines({}, CODES[1]), **given)  # a mark alone
    recovered, found = results.counted(campaign)
    assert (recovered, len(found)) == (2, 2)
    recovered, found = results.counted(campaign, invitation=said)
    assert (recovered, len(found)) == (1, 1)
    assert results.counted(campaign, invitation=blank) == (0, {})


def correction(campaign: Campaign, *values: str) -> dict[str, Any]:
    codes = [line.wording.item.code for line in result_of(campaign).lines]
    given = [{"item": code, "value": Decimal(each)} for code, each in zip(codes, values, strict=True)]
    return {"reason": "领导小组议定", "lines": given}


@pytest.mark.parametrize(("last", "difference"), [("0.199999", "0.000001"), ("0.25", "0.05"), ("0.2001", "0.0001")])
def test_a_correction_whose_sum_is_not_exactly_one_is_refused_with_the_difference(
    world: World, monkeypatch: pytest.MonkeyPatch, last: str, difference: str
) -> None:
    campaign = answered(world, monkeypatch)
    actions.end_campaign(campaign, by=world.root)
    given = correction(campaign, "0.2", "0.2", "0.2", "0.2", last)
    with refused("sum_not_one") as caught:
        actions.correct_coefficients(campaign, by=world.root, **given)
    assert f" {difference}" in caught.value.sentence


def test_a_correction_counts_and_is_kept_with_who_when_and_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = answered(world, monkeypatch)
    actions.end_campaign(campaign, by=world.root)
    given = correction(campaign, "0.5", "0.2", "0.1", "0.1", "0.1")
    actions.correct_coefficients(campaign, by=world.root, **given)
    kept = Correction.objects.get()
    assert (kept.by, kept.at, kept.reason) == (world.root, clock.now(), "领导小组议定")
    assert Corrected.objects.filter(correction=kept).count() == 5
    result = result_of(campaign)
    assert [line.coefficient for line in result.lines] == [
        Decimal(each) for each in ("0.5", "0.2", "0.1", "0.1", "0.1")
    ]
    assert [line.computed for line in result.lines] == [Decimal("0.26")] * 2 + [Decimal("0.16")] * 3
    assert shown(result.overall, 6) == Decimal("74.000000")  # .7 × 93.333… + .1 × 86.666…
    client = Client()
    client.force_login(world.root)
    page = client.get(f"/surveys/{campaign.pk}/result/").content.decode()
    for each in ("74.00", "93.33", "0.260000", "0.500000", "领导小组议定", "66.7 %"):
        assert each in page


def test_a_correction_names_each_item_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = answered(world, monkeypatch)
    actions.end_campaign(campaign, by=world.root)
    given = correction(campaign, "0.2", "0.2", "0.2", "0.2", "0.2")
    given["lines"][4]["item"] = given["lines"][0]["item"]
    with refused("other_items"):
        actions.correct_coefficients(campaign, by=world.root, **given)
    actions.close_report(campaign, by=world.root)
    with refused("wrong_state"):
        actions.correct_coefficients(campaign, by=world.root, **given)


def test_answers_of_one_campaign_do_not_count_in_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = answered(world, monkeypatch)
    other, _invitations = running(world)
    with nothing_moves():
        assert (result_of(campaign).recovered, result_of(other).recovered) == (3, 0)


@pytest.mark.parametrize("page", ["campaign", "invitation", "questionnaire", "edition", "preview", "sheet", "customer"])
def test_the_pages_are_there(world: World, page: str) -> None:
    campaign, [invitation] = running(world)
    given = {"way": "paper", "returned_on": clock.today(), "remarks": "送货及时"}
    actions.key_in_answers(invitation, by=world.root, answers=lines(everywhere("not_satisfied")), **given)
    edition = campaign.edition
    paths = {
        "campaign": (campaign.get_absolute_url(), "送货及时"),
        "invitation": (invitation.get_absolute_url(), "The goods are of the quality we need"),
        "questionnaire": (edition.questionnaire.get_absolute_url(), "顾客满意度调查表"),
        "edition": (edition.get_absolute_url(), "quality-goods"),
        "preview": (f"{edition.get_absolute_url()}preview/", "The goods are of the quality we need"),
        "sheet": (f"{invitation.get_absolute_url()}sheet/", invitation.number),
        "customer": (invitation.customer.get_absolute_url(), campaign.name),
    }
    client = Client()
    client.force_login(world.root)
    path, expected = paths[page]
    answer = client.get(path)
    assert answer.status_code == 200
    assert expected in answer.content.decode()
    if page != "customer":
        client.force_login(world.stranger)
        assert client.get(path).status_code in (403, 404)


def test_whose_remark_it_is_stands_there_only_for_whom_the_customer_is(world: World) -> None:
    campaign, [invitation] = running(world)
    given = {"way": "paper", "returned_on": clock.today(), "remarks": "送货及时"}
    actions.key_in_answers(invitation, by=world.root, answers=lines(everywhere("fair")), **given)
    client, found = Client(), {}
    for user in (world.root, world.alice):
        client.force_login(user)
        page = client.get(campaign.get_absolute_url()).content.decode()
        found[user.username] = ("送货及时" in page, invitation.customer.name in page)
    assert found == {"root": (True, True), "alice": (True, False)}


def test_a_late_sheet_that_comes_while_the_waves_are_counted_breaks_nothing(world: World) -> None:
    """Sheets and answers are counted one after the other: what comes between them is never more answers than sheets."""
    campaign, [early, late] = running(world, 2)
    given = {"way": "phone", "returned_on": clock.today(), "answers": lines(everywhere("fair"))}
    actions.key_in_answers(early, by=world.root, **given)
    actions.end_campaign(campaign, by=world.root)
    come: list[bool] = []

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if "GROUP BY" in sql and not come:
            come.append(True)
            actions.key_in_answers(late, by=world.root, **given)
        return answer

    with connection.execute_wrapper(meanwhile):
        found = results.results_of([Campaign.objects.get(pk=campaign.pk)])[campaign.pk]
    assert come
    assert found.recovered == 2
    assert shown(found.overall) == Decimal("30.00")  # of the second nothing is known yet but that it came
