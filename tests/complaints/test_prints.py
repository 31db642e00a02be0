"""The papers of a complaint: the handling report, the 8D report, and the letter to the customer (K6, K8)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from complaints import actions, papers
from complaints.models import Complaint, Finding
from crm import clock
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import Task
from customers.models import Contact
from tests.complaints.conftest import Room
from tests.world import nothing_moves, scan


@pytest.fixture
def client_of() -> Any:
    def enter(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


def again(room: Room) -> Complaint:
    """A complaint in its second round, of which the result is reported."""
    complaint = room.visited(satisfied=False)
    room.evidence(complaint, "doubtful")
    return room.told(room.find(complaint, facts="第二次调查：仍有划痕", fault="shared"))


def paper(user: Any, complaint: Complaint, name: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(f"{complaint.get_absolute_url()}{name}/")
    assert answer.status_code == 200
    return answer.text


def test_the_opinions_stand_in_three_columns_with_signature_and_date(room: Room) -> None:
    complaint = room.investigating()
    room.verify(complaint)
    actions.sign_opinion(complaint, by=room.heads["quality"], text="漆膜厚度合格")
    page = paper(room.world.alice, complaint, "report")
    assert page.count('<div class="column">') == 3
    assert page.count('<div class="sign"><span>') == 3  # production and sales still have to sign there
    cells = re.findall(r'<div class="column">.*?</td>', page, re.DOTALL)
    assert "漆膜厚度合格" in cells[0] and "Head_Quality" in cells[0] and "2026-11-23 09:30" in cells[0]
    assert "Head_Production" not in cells[1] and "production" in cells[1]


def test_a_column_that_the_matter_does_not_concern_says_so(room: Room) -> None:
    complaint = room.registered(category="delivery")
    cells = re.findall(r'<div class="column">.*?</td>', paper(room.world.alice, complaint, "report"), re.DOTALL)
    with translation.override("en"):
        assert ["Not concerned" in each for each in cells] == [False, True, False]


def test_each_round_has_its_own_finding_plan_approval_and_visit(room: Room) -> None:
    complaint = again(room)
    rounds = papers.rounds_of(complaint)
    assert [each["number"] for each in rounds] == [1, 2]
    assert [each["finding"].facts for each in rounds] == ["装车时划伤", "第二次调查：仍有划痕"]
    assert [len(each["approvals"]) for each in rounds] == [3, 3]
    assert [row["name"] for row in rounds[1]["approvals"]] == ["Head_Warehouse", "Boss", "Executive"]
    assert [[str(row.what) for row in each["measures"]] for each in rounds] == [["更换柜门", "上门道歉"]] * 2
    assert (rounds[0]["visit"].satisfied, rounds[1]["visit"]) == (False, None)
    page = paper(room.world.alice, complaint, "report")
    assert page.count('<h2 class="round">') == 2 and page.count('<div class="column">') == 6
    assert page.index("装车时划伤") < page.index("还是有划痕") < page.index("第二次调查")


def test_a_plan_that_was_changed_and_approved_anew_shows_both_approvals_in_its_round(room: Room) -> None:
    complaint = room.approved()
    actions.change_plan(complaint, by=room.world.alice, reason="客户改主意")
    request = room.asked(room.fresh(complaint))
    for approver in (room.heads["warehouse"], room.world.boss, room.executive):
        task = Task.objects.get(request=request, approver=approver, status="waiting")
        approvals.approve(task, by=approver, opinion="同意变更")
    rounds = papers.rounds_of(room.fresh(complaint))
    assert len(rounds) == 1
    assert [row["opinion"] for row in rounds[0]["approvals"]] == ["", "", "", "同意变更", "同意变更", "同意变更"]


def test_what_a_report_costs_does_not_grow_with_its_rounds(
    room: Room, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    complaint, client = room.told(), client_of(room.world.alice)
    url = f"{complaint.get_absolute_url()}report/"
    client.get(url)
    with django_assert_max_num_queries(60) as once:
        client.get(url)
    actions.record_return_visit(complaint, by=room.world.alice, satisfied=False, channel="phone", words="不行")
    room.told(room.find(room.fresh(complaint)))
    with django_assert_max_num_queries(len(once.captured_queries) + 3):  # the opinions of one more approval
        client.get(url)


def test_the_8d_report_goes_from_team_to_closing(room: Room) -> None:
    complaint = room.visited(satisfied=True)
    head = room.heads["warehouse"]
    measure = actions.plan_improvement(
        complaint, by=room.world.alice, what="加装护角", owner=head, due_on=clock.today()
    )
    actions.finish_measure(measure, by=head, outcome="护角已加装", proof=scan("护角.pdf"))
    actions.close_complaint(room.fresh(complaint), by=room.world.alice, check_on=date(2026, 12, 24))
    page = paper(room.world.alice, complaint, "8d")
    parts = re.split(r"<h2>D\d ", page)
    assert len(parts) == 9
    words = ["Head_Quality", "柜门划伤", "更换柜门", "装车时划伤", "加装护角", "护角.pdf", "2026-12-24", "满意"]
    for part, word in zip(parts[1:], words, strict=True):
        assert word in part, word
    before = parts[7]
    with clock.at(clock.now() + timedelta(days=31)):
        actions.check_effect(room.fresh(complaint), by=room.world.boss, effective=True, effect="三个月未再发生")
    assert "三个月未再发生" not in before
    assert "三个月未再发生" in re.split(r"<h2>D\d ", paper(room.world.alice, complaint, "8d"))[7]


def test_there_is_no_letter_before_the_result_is_reported(room: Room, client_of: Any) -> None:
    complaint, client = room.carried_out(), client_of(room.world.alice)
    url = f"{complaint.get_absolute_url()}letter/"
    assert client.get(url).status_code == 404
    assert url not in client.get(complaint.get_absolute_url()).text
    actions.report_result(complaint, by=room.heads["warehouse"], result="柜门已更换")
    assert client.get(url).status_code == 200
    assert url in client.get(complaint.get_absolute_url()).text
    actions.tell_customer(room.fresh(complaint), by=room.world.alice, channel="mail")
    actions.record_return_visit(
        room.fresh(complaint), by=room.world.alice, satisfied=False, channel="phone", words="不行"
    )
    assert client.get(url).status_code == 404  # a new round has no result yet


def test_the_letter_names_nobody_of_us_but_the_signer_and_nothing_internal(room: Room) -> None:
    complaint = room.told()
    Finding.objects.filter(complaint=complaint).update(explanation="叉车司机无证上岗")
    page = paper(room.world.boss, complaint, "letter")
    body = page[page.index("<main") : page.index("</main>")]
    for words in (
        complaint.number,
        "柜门划伤",
        "装车时划伤",
        "更换两台柜门",
        "更换柜门",
        "柜门已更换",
        "Alice",
        "王小明",
    ):
        assert words in body, words
    for words in (
        "Head_",
        "Boss",
        "Executive",
        "叉车司机",
        "情况属实",
        "已查明",
        "原件核对无误",
        "warehouse",
        "装卸损坏",
    ):
        assert words not in body, words


def test_the_letter_is_in_the_language_of_the_customers_contact(room: Room) -> None:
    complaint = room.told()
    room.world.alice.language = "zh-hans"
    room.world.alice.save(update_fields=["language"])
    chinese = paper(room.world.alice, complaint, "letter")
    assert '<html lang="zh-hans">' in chinese
    Contact.objects.filter(pk=complaint.contact_id).update(language="en")
    english = paper(room.world.alice, complaint, "letter")
    assert '<html lang="en">' in english
    assert "What you complain of" in english and "Yours faithfully" in english
    assert "No." in english


def test_where_it_is_not_our_fault_the_letter_proves_it(room: Room) -> None:
    complaint = room.investigating()
    room.evidence(complaint)
    room.evidence(complaint, "rejected")
    complaint = room.find(complaint, fault="customer", facts="漆膜厚度与封样一致")
    complaint = room.write(complaint, outcome="no_fault", solution="提供检验报告复印件")
    actions.record_agreement(complaint, by=room.world.alice, channel="phone", words="接受")
    actions.sign_opinion(room.fresh(complaint), by=room.world.boss, text="同意按方案处理")
    request = ACTIONS["complaints.ask_approve_plan"](room.fresh(complaint), by=room.world.alice)
    room.decide(request)
    for measure in complaint.measures.all():
        actions.finish_measure(measure, by=measure.owner, outcome="已寄出", proof=scan())
    actions.report_result(room.fresh(complaint), by=room.heads["warehouse"], result="检验报告已寄出")
    page = paper(room.world.alice, complaint, "letter")
    assert page.count("检验报告（") == 1  # the rejected one proves nothing
    assert "质检员" not in page


@pytest.mark.parametrize("name", ["report", "8d", "letter"])
def test_papers_open_for_whom_the_complaint_concerns_and_change_nothing(room: Room, client_of: Any, name: str) -> None:
    complaint = room.told()
    url = f"{complaint.get_absolute_url()}{name}/"
    with nothing_moves():
        assert client_of(room.world.alice).get(url).status_code == 200
        assert client_of(room.heads["quality"]).get(url).status_code == 200
        for user in (room.world.bob, room.world.stranger):
            assert client_of(user).get(url).status_code == 404
        assert Client().get(url).status_code == 302
        assert client_of(room.world.alice).post(url).status_code == 405


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_papers_print_in_both_languages(room: Room, language: str) -> None:
    complaint = room.told()
    with translation.override(language):
        for each in papers.papers(complaint):
            page = each.text()
            assert complaint.number in page and "</html>" in page, each.key
