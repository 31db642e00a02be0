"""What follows from a survey: low answers act, the report tells, departments do something about it."""

import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import Absence
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from satisfaction import actions
from satisfaction.models import Campaign, Invitation, Measure
from satisfaction.report import compared, earlier, groups_of, quadrants, recovery
from satisfaction.results import result_of
from satisfaction.scoring import shown
from tests.satisfaction.conftest import CODES, customer, everywhere, invite, lines, plan, running
from tests.world import World, nothing_moves, refused, shanghai


def keyed(world: World, invitation: Invitation, levels: dict[str, str], *marked: str, remarks: str = "") -> None:
    given = {"way": "paper", "returned_on": clock.today(), "remarks": remarks}
    actions.key_in_answers(invitation, by=world.root, answers=lines(levels, *marked), **given)


def test_a_low_answer_reaches_the_owner_at_once_and_only_when_it_is_new(world: World) -> None:
    campaign = plan(world)
    [invitation] = invite(campaign, customer(world, 1, owner=world.alice))
    actions.start_campaign(campaign, by=world.root)
    actions.send_invitation(invitation, by=world.root, way="mail")
    low = {**everywhere("satisfied"), "delivery-time": "not_satisfied"}
    keyed(world, invitation, everywhere("satisfied"))
    assert not Message.objects.filter(template="satisfaction.low").exists()
    keyed(world, invitation, low, remarks="等了两个小时")
    keyed(world, invitation, low, remarks="等了两个小时")
    notice = Message.objects.get(template="satisfaction.low")
    assert notice.recipient == world.alice
    assert "按约定时间交货" in notice.texts
    assert "留言：“等了两个小时”请" in notice.texts  # quoted, for he writes his own full stop, or none


def test_while_the_owner_is_away_his_deputy_hears_of_it_and_afterwards_whoever_leads(world: World) -> None:
    campaign = plan(world)
    rows = invite(campaign, customer(world, 1, owner=world.alice), customer(world, 2, owner=world.alice))
    actions.start_campaign(campaign, by=world.root)
    Absence.objects.create(user=world.alice, first_day=clock.today(), last_day=clock.today(), deputy=world.bob)
    actions.send_invitation(rows[0], by=world.root, way="sms")
    assert Message.objects.get(template="satisfaction.survey").recipient == world.bob
    keyed(world, rows[0], {"delivery-time": "not_satisfied"})
    told = Message.objects.filter(template="satisfaction.low").values_list("recipient", flat=True)
    assert set(told) == {world.alice.pk, world.bob.pk}
    actions.send_invitation(rows[1], by=world.root, way="paper")
    assert world.boss
    with clock.at(shanghai(25, 9)):
        world.alice.is_active = False
        world.alice.save()
        later = Invitation.objects.get(pk=rows[1].pk)
        keyed(world, later, {"delivery-time": "not_satisfied"})
    assert Message.objects.filter(template="satisfaction.low").latest("pk").recipient == world.boss


def test_whoever_keyed_a_low_answer_in_is_not_told_of_it(world: World) -> None:
    campaign = plan(world)
    [invitation] = invite(campaign, customer(world, 1, owner=world.alice))
    actions.start_campaign(campaign, by=world.root)
    actions.send_invitation(invitation, by=world.root, way="paper")
    given = {"way": "paper", "returned_on": clock.today(), "answers": lines({"delivery-time": "not_satisfied"})}
    actions.key_in_answers(invitation, by=world.alice, **given)
    assert not Message.objects.filter(template="satisfaction.low").exists()


def grouped(world: World) -> Campaign:
    """Alice's two customers, of whom one is pleased and one does not answer, and Bob's one, who is not pleased."""
    campaign = plan(world)
    asked = [customer(world, each, owner=owner) for each, owner in enumerate((world.alice, world.alice, world.bob))]
    rows = invite(campaign, *asked)
    actions.start_campaign(campaign, by=world.root)
    for each in rows:
        actions.send_invitation(each, by=world.root, way="mail")
    keyed(world, rows[0], everywhere("very_satisfied"))
    with clock.at(shanghai(2, 9, month=12)):
        keyed(world, rows[2], everywhere("fair"))
    return Campaign.objects.get(pk=campaign.pk)


def test_recovery_and_scores_by_owner(world: World) -> None:
    campaign = grouped(world)
    result = result_of(campaign)
    assert recovery(campaign) == {
        "sent": 3,
        "recovered": 2,
        "on_time": 1,
        "rate": Decimal("66.7"),
        "on_time_rate": Decimal("33.3"),
    }
    rows = [
        (each.label, each.sent, each.recovered, each.on_time, shown(each.overall), shown(each.rate, 1))
        for each in groups_of(campaign, result, "owner")
    ]
    assert rows == [
        (world.alice.display_name, 2, 1, 1, Decimal("100.00"), Decimal("50.0")),
        (world.bob.display_name, 1, 1, 0, Decimal("60.00"), Decimal("100.0")),
    ]
    assert shown(result.overall) == Decimal("80.00")
    assert [(each.sent, shown(each.overall)) for each in groups_of(campaign, result, "region")] == [
        (3, Decimal("80.00"))
    ]


def test_an_anonymous_survey_has_no_groups(world: World) -> None:
    campaign, _invitations = running(world, anonymous=True)
    assert groups_of(campaign, result_of(campaign), "owner") == []


def test_waves_are_compared_item_by_item_also_when_they_were_reworded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, [invitation] = running(world)
    keyed(world, invitation, everywhere("fair"))
    actions.end_campaign(first, by=world.root)
    draft = actions.draft_edition(first.edition.questionnaire, by=world.root)
    items = [
        {"code": code, "section": "quality", "text": f"新{code}", "text_en": f"New {code}"} for code in CODES[:2]
    ] + [{"code": "another", "section": "other", "text": "另", "text_en": "Another"}]
    actions.write_items(draft, by=world.root, items=items)
    edition = actions.release_edition(draft, by=world.root)
    monkeypatch.setattr("tests.satisfaction.conftest.released", lambda: edition)
    with clock.at(shanghai(14, 9, month=12)):
        days = {"opens_on": clock.today(), "until": clock.today() + timedelta(days=7)}
        second = plan(world, **days)
        [again] = invite(second, customer(world, 9))
        actions.start_campaign(second, by=world.root)
        actions.send_invitation(again, by=world.root, way="mail")
        given = {"way": "paper", "returned_on": clock.today()}
        answers = [{"item": each["code"], "level": "satisfied", "matters": False} for each in items]
        actions.key_in_answers(again, by=world.root, answers=answers, **given)
    waves = earlier(second)
    assert [(each.pk, wave.recovered) for each, wave in waves] == [(first.pk, 1)]
    rows = compared(result_of(second), waves)
    assert [(row["score"], [each["score"] for each in row["past"]], row["change"]) for row in rows] == [
        (Decimal("80.00"), [Decimal("60.00")], "+20.00"),
        (Decimal("80.00"), [Decimal("60.00")], "+20.00"),
        (Decimal("80.00"), [None], ""),
    ]


def test_what_matters_and_is_below_the_mean_is_to_be_mended_first(world: World) -> None:
    campaign, [invitation] = running(world)
    levels = {**everywhere("satisfied"), CODES[0]: "not_satisfied", CODES[1]: "very_satisfied", CODES[2]: "fair"}
    keyed(world, invitation, levels, CODES[0], CODES[1])
    found = {part["key"]: [each["score"] for each in part["items"]] for part in quadrants(result_of(campaign))}
    # Two items are marked, so they alone lie above the mean coefficient; the mean score is (9 × 80 + 60 + 100) / 12.
    assert found["first"] == [Decimal("0.00")]
    assert found["keep"] == [Decimal("100.00")]
    assert found["later"] == [Decimal("60.00")]
    assert found["fine"] == [Decimal("80.00")] * 9


def test_the_report_is_printed_with_all_its_parts(world: World) -> None:
    campaign = grouped(world)
    actions.end_campaign(campaign, by=world.root)
    given: dict[str, Any] = {"department": world.sales, "kind": "corrective", "what": "增开提货窗口"}
    actions.enter_measure(campaign, by=world.root, owner=world.root, due_on=date(2026, 12, 31), **given)
    client = Client()
    client.force_login(world.root)
    answer = client.get(f"/surveys/{campaign.pk}/report/")
    assert answer.status_code == 200
    page = answer.content.decode()
    for each in ("66.7 %", "33.3 %", "80.00", "增开提货窗口", world.bob.display_name):
        assert each in page
    assert "增开提货窗口" in client.get(campaign.get_absolute_url()).content.decode()


def test_departments_get_the_report_and_enter_measures_that_have_a_day(world: World) -> None:
    campaign = grouped(world)
    with refused("wrong_state"):
        actions.hand_out_report(campaign, by=world.root, departments=[world.sales])
    actions.end_campaign(campaign, by=world.root)
    assert world.boss
    campaign = Campaign.objects.get(pk=campaign.pk)
    world.sales.refresh_from_db()
    actions.hand_out_report(campaign, by=world.root, departments=[world.sales])
    assert Message.objects.get(template="satisfaction.report").recipient == world.boss
    assert campaign.handed_out_at == clock.now()
    keeper = world.person("keeper", "warehouse")
    given: dict[str, Any] = {"department": world.sales, "kind": "preventive", "what": "增开提货窗口"}
    measure = actions.enter_measure(campaign, by=keeper, owner=keeper, due_on=date(2026, 12, 1), **given)
    row = Deadline.objects.about(measure).get(rule="survey.measure")
    assert row.due_at.astimezone(clock.now().tzinfo).date() == date(2026, 12, 1)
    with refused("not_owner"):
        actions.finish_measure(measure, by=world.person("mate", "warehouse"), outcome="已增开")
    actions.finish_measure(measure, by=keeper, outcome="已增开")
    assert Measure.objects.get().status == "done"
    row.refresh_from_db()
    assert row.outcome == "met"


def test_the_workbook_holds_the_calculation_as_formulas(world: World) -> None:
    campaign = grouped(world)
    client = Client()
    client.force_login(world.root)
    answer = client.get(f"/surveys/{campaign.pk}/workbook/")
    assert answer.status_code == 200
    with zipfile.ZipFile(BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    cells = {
        ref: (formula, value)
        for ref, formula, value in re.findall(r'<c r="(\w+)" s="\d+"><f>([^<]*)</f><v>([^<]*)</v></c>', sheet)
    }
    assert cells["H2"] == ('IF(G2=0,"",(B2*1+C2*0.8+D2*0.6+E2*0)/G2*100)', "80.0000000000")
    assert cells["K2"] == ('COUNTIF(J$2:J$13,"&gt;"&amp;J2)+(COUNTIF(J$2:J$13,J2)+1)/2', "6.5000000000")
    assert cells["L2"] == ("1/12+$B$16*((12+1)/2-K2)", "0.0833333333")
    assert cells["M14"] == ("SUM(M2:M13)", "1.0000000000")
    assert cells["N14"] == ('IF(G2=0,"",SUM(N2:N13))', "80.0000000000")
    assert '<c r="B16" s="0"><v>0.0069444444</v></c>' in sheet
    client.force_login(world.stranger)
    with nothing_moves():
        assert client.get(f"/surveys/{campaign.pk}/workbook/").status_code == 404
