"""A customer answers under his link; what is keyed in is kept with who and when."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client

from crm import clock
from crm.outbox.models import Message
from customers.models import Contact
from satisfaction import actions
from satisfaction.models import Answer, Invitation, Sheet
from satisfaction.results import result_of
from satisfaction.scoring import shown
from tests.satisfaction.conftest import CODES, everywhere, lines, path_of, post, running
from tests.world import World, nothing_moves, refused, shanghai


def verb(name: str) -> dict[str, str]:
    return {"_verb": f"satisfaction.{name}", "_key": str(uuid4())}


def test_the_page_asks_all_items_with_four_steps_each(world: World) -> None:
    _campaign, [invitation] = running(world)
    answer = Client().get(path_of(invitation))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count('type="radio"') == 4 * len(CODES)
    assert page.count('value="very_satisfied"') == len(CODES)
    assert "产品质量符合要求" in page


def test_a_customer_answers_and_changes_it_until_the_end_and_twice_counts_once(world: World) -> None:
    campaign, [invitation] = running(world)
    path = path_of(invitation)
    first = post(path, lines(everywhere("fair"), "quality-goods"), "尚可", _version="1", **verb("answer_survey"))
    assert first.status_code == 303
    invitation.refresh_from_db()
    assert invitation.status == "returned"
    assert shown(result_of(campaign).overall) == Decimal("60.00")
    second = lines(everywhere("satisfied"))
    again = post(path, second, "好", _version=str(invitation.version), **verb("answer_survey"))
    assert again.status_code == 303
    assert Sheet.objects.count() == 1
    sheet = Sheet.objects.get()
    assert (sheet.remarks, sheet.late, sheet.way, sheet.counted) == ("好", False, "link", True)
    assert sheet.changed_at is not None
    assert Answer.objects.count() == len(CODES)
    assert shown(result_of(campaign).overall) == Decimal("80.00")


def test_a_post_without_any_item_wipes_out_nothing_that_was_answered(world: World) -> None:
    _campaign, [invitation] = running(world)
    path = path_of(invitation)
    post(path, lines(everywhere("fair")), "尚可", _version="1", **verb("answer_survey"))
    invitation.refresh_from_db()
    with nothing_moves():
        empty = Client().post(path, {"_version": str(invitation.version), "remarks": "", **verb("answer_survey")})
        assert empty.status_code == 422
    assert set(Answer.objects.values_list("level", flat=True)) == {"fair"}
    assert Sheet.objects.get().remarks == "尚可"


def test_partly_answered_and_blank_are_told_apart_and_a_blank_one_is_not_counted(world: World) -> None:
    campaign, [partly, blank] = running(world, 2)
    given = {"way": "paper", "returned_on": clock.today(), "remarks": ""}
    actions.key_in_answers(partly, by=world.root, answers=lines({"quality-goods": "very_satisfied"}), **given)
    actions.key_in_answers(blank, by=world.root, answers=lines({}), **given)
    assert (partly.status, blank.status) == ("partly", "blank")
    result = result_of(campaign)
    assert result.recovered == 1
    assert [shown(line.score) for line in result.lines] == [Decimal("100.00"), *[Decimal("0.00")] * 11]
    assert result.lines[1].answered is None
    sheet = partly.sheet
    assert (sheet.keyed_by, sheet.way, sheet.returned_at) == (world.root, "paper", clock.now())


def test_a_sheet_after_the_last_day_is_late_and_none_is_taken_once_the_report_is_closed(world: World) -> None:
    campaign, [late, later] = running(world, 2)
    path = path_of(later)
    with clock.at(shanghai(2, 9, month=12)):
        actions.end_campaign(campaign, by=world.root)
        given = {"way": "phone", "returned_on": clock.today(), "remarks": ""}
        late = Invitation.objects.get(pk=late.pk)
        actions.key_in_answers(late, by=world.root, answers=lines(everywhere("satisfied")), **given)
        assert Sheet.objects.get().late
        assert result_of(campaign).recovered == 1
        actions.close_report(campaign, by=world.root)
        closed = Invitation.objects.get(pk=later.pk)
        with refused("survey_closed"):
            actions.key_in_answers(closed, by=world.root, answers=lines(everywhere("satisfied")), **given)
        answer = post(path, lines(everywhere("satisfied")), _version=str(closed.version), **verb("answer_survey"))
    assert "radio" not in answer.content.decode()
    assert Sheet.objects.count() == 1


def test_what_the_customer_answered_himself_nobody_keys_in_anew(world: World) -> None:
    campaign, [invitation] = running(world)
    path = path_of(invitation)
    post(path, lines(everywhere("not_satisfied")), _version=str(invitation.version), **verb("answer_survey"))
    invitation.refresh_from_db()
    given = {"way": "paper", "returned_on": clock.today(), "remarks": ""}
    with nothing_moves(), refused("answered_himself"):
        actions.key_in_answers(invitation, by=world.root, answers=lines(everywhere("very_satisfied")), **given)
    assert shown(result_of(campaign).overall) == Decimal("0.00")


def test_what_was_keyed_in_the_customer_may_change_by_his_link(world: World) -> None:
    campaign, [invitation] = running(world)
    path = path_of(invitation)
    given = {"way": "phone", "returned_on": clock.today(), "remarks": ""}
    actions.key_in_answers(invitation, by=world.root, answers=lines(everywhere("fair")), **given)
    version = str(invitation.version)
    post(path, lines(everywhere("satisfied")), _version=version, **verb("answer_survey"))
    sheet = Sheet.objects.get()
    assert (sheet.way, sheet.keyed_by) == ("link", None)
    assert shown(result_of(campaign).overall) == Decimal("80.00")


def test_nothing_comes_back_before_it_was_sent(world: World) -> None:
    _campaign, [invitation] = running(world)
    with clock.at(shanghai(25, 9)):
        codes = [
            [each["code"] for each in keying(world, invitation, day).problems().get("returned_on", [])]
            for day in ("2026-11-22", "2026-11-23", "2026-11-25", "2026-11-26")
        ]
    assert codes == [["not_sent"], [], [], ["future"]]


def keying(world: World, invitation: Invitation, day: str) -> Any:
    return actions.key_in_answers.bind(by=world.root, obj=invitation, data={"way": "paper", "returned_on": day})


def test_an_item_of_another_form_is_refused(world: World) -> None:
    _campaign, [invitation] = running(world)
    strange = [{"item": "no-such", "level": "fair", "matters": False}]
    answer = post(path_of(invitation), strange, _version="1", **verb("answer_survey"))
    assert answer.status_code == 422
    assert not Sheet.objects.exists()


def test_a_customer_declines_and_is_reminded_no_more(world: World) -> None:
    _campaign, [invitation] = running(world)
    answer = Client().post(path_of(invitation), {**verb("decline_survey"), "_version": str(invitation.version)})
    assert answer.status_code == 303
    invitation.refresh_from_db()
    assert (invitation.status, invitation.remind_on) == ("refused", None)
    with refused("wrong_state"):
        actions.remind_invitation(invitation, by=world.root)


def test_who_declined_may_answer_after_all_until_the_end(world: World) -> None:
    _campaign, [invitation] = running(world)
    path = path_of(invitation)
    Client().post(path, {**verb("decline_survey"), "_version": str(invitation.version)})
    page = Client().get(path, headers={"accept-language": "en"}, data={"lang": "en"}).content.decode()
    assert "You did not want to answer, and we ask you no more." in page
    assert "Answer after all" in page
    assert "I do not want to answer</button>" not in page
    invitation.refresh_from_db()
    given = {**verb("answer_survey"), "_version": str(invitation.version)}
    assert post(path, lines(everywhere("fair")), "", **given).status_code == 303
    invitation.refresh_from_db()
    assert (invitation.status, invitation.remind_on) == ("returned", None)
    assert Sheet.objects.get().counted


def test_a_link_opens_its_own_survey_only(world: World) -> None:
    _campaign, [one, other] = running(world, 2)
    post(path_of(one), lines(everywhere("fair")), _version=str(one.version), **verb("answer_survey"))
    other.refresh_from_db()
    assert other.status == "sent"
    assert not Sheet.objects.filter(invitation=other).exists()
    assert Client().get("/l/" + "x" * 24 + "/").status_code == 404


def test_whoever_has_answered_or_declined_is_told_so_before_all_else(world: World) -> None:
    _campaign, [invitation, other] = running(world, 2)
    asked = Client().get(path_of(invitation)).content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", asked) == ["您对我们满意吗？"]
    post(path_of(invitation), lines(everywhere("fair")), _version=str(invitation.version), **verb("answer_survey"))
    assert "大约需要两分钟" in asked
    told = Client().get(path_of(invitation)).content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", told) == ["感谢您的评价。"]
    assert "大约需要两分钟" not in told
    Client().post(path_of(other), {**verb("decline_survey"), "_version": str(other.version)})
    told = Client().get(path_of(other)).content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", told) == ["您已选择不参加，我们不再打扰。"]


def test_a_reminder_asks_in_whole_sentences(world: World) -> None:
    _campaign, [invitation] = running(world)
    Contact.objects.update(language="en")
    with clock.at(clock.now() + timedelta(days=3)):
        actions.remind_invitation(invitation, by=world.root)
    mail = Message.objects.filter(template="satisfaction.survey", subject_pk=invitation.pk).latest("pk")
    assert "have not heard from you yet. Please tell us" in mail.text("en")["body"]
