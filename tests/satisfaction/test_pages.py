"""What the pages and papers of a survey show to whom, apart from its figures."""

import re
from datetime import timedelta

from django.test import Client

from crm import clock
from crm.days import begin_of
from satisfaction import actions
from satisfaction.forms import SendForm
from satisfaction.models import Invitation, Sheet
from satisfaction.models.questionnaire import asked_in
from tests.satisfaction.conftest import CODES, customer, everywhere, invite, lines, plan, running
from tests.world import World


def page(world: World, path: str, language: str = "en") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(world.root)
    return client.get(path).content.decode()


def cells(html: str, name: str) -> list[str]:
    """The numbers of a row of the funnel."""
    [row] = re.findall(rf"<tr><td class=\"key\"><a [^>]*>{re.escape(name)}</a></td>(.*?)</tr>", html)
    return re.findall(r"<td class=\"num\"[^>]*>(\d+)", row)


def test_the_funnel_sums_up_all_owners_where_there_are_several(world: World) -> None:
    campaign = plan(world)
    owners = (world.alice, world.alice, world.bob)
    rows = invite(campaign, *(customer(world, number, owner=who) for number, who in enumerate(owners)))
    actions.start_campaign(campaign, by=world.root)
    for each in rows[1:]:
        actions.send_invitation(each, by=world.root, way="mail")
    given = {"way": "phone", "returned_on": campaign.opens_on, "remarks": ""}
    actions.key_in_answers(rows[2], by=world.root, answers=lines(everywhere("fair")), **given)
    html = page(world, f"/surveys/{campaign.pk}/")
    assert cells(html, "Alice") == ["2", "1", "0", "0", "0", "0", "0", "0", "0"]
    assert cells(html, "Total") == ["3", "2", "1", "1", "1", "1", "0", "0", "0"]


def test_whom_the_survey_leaves_out_is_not_counted_among_the_chosen(world: World) -> None:
    campaign = plan(world)
    [_kept, left] = invite(campaign, customer(world, 1), customer(world, 2))
    actions.leave_out(left, by=world.root, reason="已停业")
    assert re.search(
        r"How far it is, by owner</h2> *<span class=\"count\">1</span>", page(world, f"/surveys/{campaign.pk}/")
    )


def test_the_funnel_of_one_owner_needs_no_sum(world: World) -> None:
    campaign, _rows = running(world, 2)
    assert '<td class="key">' in (html := page(world, f"/surveys/{campaign.pk}/"))
    assert ">Total</a>" not in html


def test_days_of_rest_stand_on_the_page_of_a_survey_after_events_alone(world: World) -> None:
    yearly = plan(world)
    after = plan(world, kind="event", trigger="handover", rest_days=30)
    assert "Days of rest for a contact" not in page(world, f"/surveys/{yearly.pk}/")
    assert "Days of rest for a contact" in page(world, f"/surveys/{after.pk}/")


def test_a_survey_that_is_over_goes_to_the_departments_before_its_report_is_closed(world: World) -> None:
    campaign, _rows = running(world)
    actions.end_campaign(campaign, by=world.root)
    first = re.compile(r'<a class="btn btn-primary"[^>]*href="/do/satisfaction\.(\w+)/')
    assert first.findall(page(world, f"/surveys/{campaign.pk}/"))[0] == "hand_out_report"
    actions.hand_out_report(campaign, by=world.root, departments=[world.sales])
    assert first.findall(page(world, f"/surveys/{campaign.pk}/"))[0] == "close_report"


FIRST = re.compile(r'<a class="btn btn-primary"[^>]*href="/do/satisfaction\.(\w+)/')


def test_a_planned_survey_chooses_its_customers_before_it_starts(world: World) -> None:
    campaign = plan(world)
    assert FIRST.findall(page(world, f"/surveys/{campaign.pk}/")) == ["choose_customers"]
    invite(campaign, customer(world, 1))
    assert FIRST.findall(page(world, f"/surveys/{campaign.pk}/")) == ["start_campaign"]


def test_nobody_is_led_to_end_a_survey_while_its_days_run_and_an_answer_is_awaited(world: World) -> None:
    campaign, [invitation] = running(world)
    html = page(world, f"/surveys/{campaign.pk}/")
    assert not FIRST.findall(html)
    assert "/do/satisfaction.end_campaign/" in html  # he may, where he must
    with clock.at(begin_of(campaign.until + timedelta(days=1))):
        assert FIRST.findall(page(world, f"/surveys/{campaign.pk}/")) == ["end_campaign"]
    given = {"way": "phone", "returned_on": campaign.opens_on, "remarks": ""}
    actions.key_in_answers(invitation, by=world.root, answers=lines(everywhere("fair")), **given)
    assert FIRST.findall(page(world, f"/surveys/{campaign.pk}/")) == ["end_campaign"]


def test_a_survey_after_events_is_not_led_to_its_end(world: World) -> None:
    campaign = plan(world, kind="event", trigger="handover", rest_days=30)
    actions.start_campaign(campaign, by=world.root)
    assert not FIRST.findall(page(world, f"/surveys/{campaign.pk}/"))


def test_no_link_of_a_survey_leads_a_department_to_a_list_that_is_not_for_it(world: World) -> None:
    campaign, [invitation] = running(world)
    given = {"way": "phone", "returned_on": campaign.opens_on, "remarks": ""}
    actions.key_in_answers(invitation, by=world.root, answers=lines(everywhere("fair")), **given)
    reader = world.person("quality-reader", "quality")
    for path in (f"/surveys/{campaign.pk}/", f"/surveys/{campaign.pk}/evaluation/"):
        assert "/surveys/invitations/" in page(world, path)
        client = Client(headers={"accept-language": "en"})
        client.force_login(reader)
        html = client.get(path).content.decode()
        assert "<table" in html
        assert "/surveys/invitations/" not in html
    assert client.get("/surveys/invitations/").status_code == 403


def test_a_questionnaire_names_its_editions_to_whoever_may_not_open_them_without_a_link(world: World) -> None:
    questionnaire = plan(world).edition.questionnaire
    edition = actions.draft_edition(questionnaire, by=world.root)
    assert f'href="/surveys/editions/{edition.pk}/"' in page(world, f"/surveys/questionnaires/{questionnaire.pk}/")
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.alice)
    assert client.get(f"/surveys/editions/{edition.pk}/").status_code == 404
    html = client.get(f"/surveys/questionnaires/{questionnaire.pk}/").content.decode()
    assert html.count(str(edition)) >= 2  # among the editions, and in the timeline
    assert "/surveys/editions/" not in html
    assert 'href=""' not in html


def test_departments_and_tiers_are_ticked_and_need_no_key_held_down(world: World) -> None:
    campaign = plan(world)
    assert page(world, f"/do/satisfaction.choose_customers/{campaign.pk}/").count('name="tiers"') == 4
    running_one, _rows = running(world)
    actions.end_campaign(running_one, by=world.root)
    html = page(world, f"/do/satisfaction.hand_out_report/{running_one.pk}/")
    assert f'type="checkbox" name="departments" value="{world.sales.pk}"' in html


def test_the_printed_sheet_asks_in_both_languages_under_the_name_of_its_questionnaire(world: World) -> None:
    made = actions.create_questionnaire(by=world.root, code="walk", name="走访调查表", name_en="Walk-through survey")
    draft = made.editions.get()
    item = {"code": "steady", "section": "quality", "text": "质量稳定", "text_en": "Quality is steady"}
    actions.write_items(draft, by=world.root, items=[item])
    actions.release_edition(draft, by=world.root)
    campaign = plan(world)
    actions.change_campaign(campaign, by=world.root, edition=draft)
    [invitation] = invite(campaign, customer(world, 1))
    html = page(world, f"/surveys/invitations/{invitation.pk}/sheet/", "zh-hans")
    assert re.search(r"<h1>走访调查表 <small[^>]*>Walk-through survey</small></h1>", html)
    assert re.search(r"<td>1\. 质量稳定 <small[^>]*>Quality is steady</small></td>", html)
    assert re.search(r'<th scope="rowgroup"[^>]*>质量 <small[^>]*>Quality of the goods</small></th>', html)
    assert "Please tick one box in each line" in html
    assert re.search(r"<th[^>]*>很满意 <small[^>]*>Very satisfied</small></th>", html)


def test_which_item_a_line_is_about_has_a_line_of_its_own_on_a_phone(world: World) -> None:
    campaign, [invitation] = running(world)
    wide = 'class="cell cell-wide" data-label="Survey item"'
    items = campaign.edition.wordings.count()
    html = page(world, f"/do/satisfaction.key_in_answers/{invitation.pk}/")
    assert html.count(wide) == items
    actions.end_campaign(campaign, by=world.root)
    assert page(world, f"/do/satisfaction.correct_coefficients/{campaign.pk}/").count(wide) == items


def test_a_measure_says_which_item_it_is_about(world: World) -> None:
    campaign, _rows = running(world)
    actions.end_campaign(campaign, by=world.root)
    wording = campaign.edition.wordings.select_related("item").get(item__code="delivery-time")
    given = {"department": world.sales, "kind": "corrective", "owner": world.alice, "due_on": campaign.until}
    actions.enter_measure(campaign, by=world.root, item=wording.item, what="提前一天备货", **given)
    assert "<b>提前一天备货</b><div>Goods are ready at the agreed time</div>" in page(world, f"/surveys/{campaign.pk}/")


def test_a_sheet_is_keyed_in_as_it_stands_on_paper_item_by_item(world: World) -> None:
    _campaign, [invitation] = running(world)
    path = f"/do/satisfaction.key_in_answers/{invitation.pk}/"
    html = page(world, path)
    assert re.findall(r'type="hidden" name="answers-\d+-item" value="([\w-]+)"', html) == CODES
    told = re.findall(r'<span class="told">(.*?)</span>', html)
    assert told == [each.text_en for each in asked_in(invitation.campaign.edition)]
    assert html.count('type="radio"') == 5 * len(CODES)  # four steps, or left blank
    assert "data-add-line" not in html
    assert "data-drop-line" not in html
    given = {f"answers-{place}-item": code for place, code in enumerate(CODES)}
    given |= {f"answers-{place}-level": "" for place in range(len(CODES))}
    given |= {"answers-1-level": "fair", "answers-1-matters": "on", "way": "paper", "remarks": "等候太久"}
    client = Client()
    client.force_login(world.root)
    answer = client.post(path, {**given, "returned_on": f"{clock.today():%Y-%m-%d}", "_version": invitation.version})
    assert answer.status_code == 302
    sheet = Sheet.objects.get()
    assert list(sheet.answers.values_list("item__code", "level", "matters")) == [(CODES[1], "fair", True)]
    assert re.search(r'name="answers-1-level" value="fair"[^>]* checked', page(world, path))


def test_coefficients_are_corrected_item_by_item_and_none_is_taken_away(world: World) -> None:
    campaign, [invitation] = running(world)
    given = {"way": "phone", "returned_on": campaign.opens_on, "remarks": ""}
    actions.key_in_answers(invitation, by=world.root, answers=lines(everywhere("fair")), **given)
    actions.end_campaign(campaign, by=world.root)
    html = page(world, f"/do/satisfaction.correct_coefficients/{campaign.pk}/")
    assert re.findall(r'type="hidden" name="lines-\d+-item" value="([\w-]+)"', html) == CODES
    assert "data-add-line" not in html
    assert "data-drop-line" not in html


def test_the_way_by_which_a_customer_can_be_reached_is_chosen_beforehand(world: World) -> None:
    rows = invite(plan(world), *(customer(world, number) for number in range(3)))
    _mailed, called, neither = rows
    for each, gone in ((called, ["email"]), (neither, ["email", "mobile", "phone"])):
        for name in gone:
            setattr(each.contact, name, "")
        each.contact.save()
    ways = [SendForm(by=world.root, obj=Invitation.objects.get(pk=each.pk))["way"].value() for each in rows]
    assert ways == ["mail", "sms", "paper"]
    assert SendForm(by=world.root)["way"].value() == "mail"


def test_who_gets_a_copy_for_the_management_review_is_named_with_his_department(world: World) -> None:
    campaign, [invitation] = running(world)
    given = {"way": "phone", "returned_on": campaign.opens_on, "remarks": ""}
    actions.key_in_answers(invitation, by=world.root, answers=lines(everywhere("fair")), **given)
    actions.end_campaign(campaign, by=world.root)
    world.alice  # noqa: B018 - she is there before the page is made
    html = page(world, f"/do/satisfaction.hand_to_review/{campaign.pk}/")
    assert f"{world.alice} · {world.alice.department}" in html
