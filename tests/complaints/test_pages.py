"""The doors of complaints: page, list, search, panels, back office, REST, and the customer's links."""

import json
from typing import Any

import pytest
from django.test import Client

from complaints import actions
from complaints.models import Complaint
from crm.api.tokens import issue
from crm.records.search import search
from tests.complaints.conftest import Room
from tests.mailed import hidden, path_of
from tests.world import everything, nothing_moves, scan


@pytest.fixture
def client_of() -> Any:
    def enter(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


def test_the_page_shows_what_is_known_and_who_owes_what(room: Room, client_of: Any) -> None:
    earlier = room.world.customer
    given = {"channel": "hotline", "category": "quality", "content": "上次也划伤", "product": room.world.product}
    first = actions.receive_complaint(earlier, by=room.world.root, **given)
    complaint = room.found()
    page = client_of(room.world.root).get(complaint.get_absolute_url())
    assert page.status_code == 200
    for words in ("B1", "一台破损", "柜门划伤", first.number, "检验报告", "装车时划伤", "SHA-256", "已查明"):
        assert words in page.text, words


def test_the_page_asks_the_same_however_much_stands_on_it(
    room: Room, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    complaint = room.investigating()
    client = client_of(room.world.alice)
    url = complaint.get_absolute_url()
    room.evidence(complaint)
    client.get(url)
    with django_assert_max_num_queries(200) as few:
        client.get(url)
    for _each in range(4):
        room.evidence(complaint)
        given = {"what": "再查", "due_on": complaint.teamtasks.earliest("pk").due_on}
        actions.add_task(
            room.fresh(complaint), by=room.world.alice, department=room.heads["quality"].department, **given
        )
    with django_assert_max_num_queries(len(few.captured_queries) + 2):
        client.get(url)


def test_two_taps_at_the_counter_open_a_complaint(room: Room, client_of: Any) -> None:
    pickup = room.handed_over()
    client = client_of(room.world.clerk)
    assert "complaints.complain_at_counter" in client.get(pickup.get_absolute_url()).text
    path = f"/do/complaints.complain_at_counter/{pickup.pk}/"
    dialog = client.get(path).text
    assert "一台破损" in dialog and "柜门划伤" in dialog
    sent = {"category": "quality", "content": "柜门划伤", "photo": scan("door.pdf"), "_key": "k1"}
    assert client.post(path, sent).status_code == 302
    complaint = Complaint.objects.get()
    assert (complaint.pickup, complaint.batch, complaint.received_by) == (pickup, "B1", room.world.clerk)
    assert complaint.number in client.get(pickup.get_absolute_url()).text
    assert client.get(complaint.get_absolute_url()).status_code == 200


def test_list_search_and_panels_show_it_to_whom_it_concerns_only(room: Room, client_of: Any) -> None:
    complaint = room.registered()
    assert complaint.order is not None
    for user, seen in ((room.world.alice, True), (room.heads["quality"], True), (room.world.bob, False)):
        client = client_of(user)
        assert (complaint.number in client.get("/complaints/").text) is seen, user
        assert (client.get(complaint.get_absolute_url()).status_code == 200) is seen, user
    found = search(Complaint.objects.visible_to(room.world.alice), complaint.number)
    assert list(found) == [complaint]
    client = client_of(room.world.alice)
    assert complaint.number in client.get(complaint.order.get_absolute_url()).text
    assert complaint.number in client_of(room.world.root).get(complaint.customer.get_absolute_url()).text


@pytest.mark.parametrize("tab", ["mine", "tasks", "register", "open", "reopened"])
def test_every_tab_of_the_list_opens(room: Room, client_of: Any, tab: str) -> None:
    complaint = room.received()
    page = client_of(room.world.root).get(f"/complaints/?tab={tab}")
    assert page.status_code == 200
    assert complaint.number in client_of(room.world.root).get("/complaints/?status=received&category=quality").text


def test_the_back_office_changes_and_removes_no_complaint(room: Room, client_of: Any) -> None:
    complaint = room.received()
    client = client_of(room.world.root)
    url = f"/admin/complaints/complaint/{complaint.pk}/"
    assert client.get(f"{url}change/").status_code == 200
    with nothing_moves():
        assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"{url}change/", {"status": "closed"}).status_code in (200, 302, 403)
    assert client.get("/admin/complaints/cause/").status_code == 200
    assert room.fresh(complaint).status == "received"


def test_the_whole_way_by_rest(room: Room) -> None:
    complaint = room.received()
    _token, secret = issue(room.world.alice, "test", ("write",), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    base = f"/api/v1/complaints/{complaint.pk}/"

    def post(verb: str, body: dict[str, Any]) -> Any:
        return client.post(f"{base}complaints.{verb}/", json.dumps(body), content_type="application/json")

    registered = {"category": "delivery", "severity": "minor", "wish": "apology", "content": "送货晚到"}
    assert post("register_complaint", registered).status_code == 200
    assert post("close_complaint", {"check_on": "2026-12-30"}).json()["error"]["code"] == "wrong_state"
    complaint.refresh_from_db()
    assert (complaint.category, complaint.batch) == ("delivery", "B1")
    assert complaint.order is not None and complaint.pickup is not None
    tasks = [
        {"department": each["department"].pk, "what": "查", "due_on": "2026-11-24"} for each in room.team(complaint)
    ]
    assert post("form_team", {"lead": room.world.alice.pk, "tasks": tasks}).status_code == 200
    answer = client.get(base).json()
    assert (answer["status"], len(answer["teamtasks"])) == ("investigating", 3)
    assert client.delete(base).status_code in (403, 404, 405)
    assert client.patch(base, "{}", content_type="application/json").status_code in (403, 404, 405)
    found = client.get("/api/v1/complaints/", {"status": "investigating"}).json()
    assert [row["number"] for row in found["results"]] == [complaint.number]


def test_the_customer_sees_how_far_it_is_and_adds_to_it(room: Room) -> None:
    complaint = room.received()
    path, client = path_of("complaints.number"), Client()
    page = client.get(path)
    assert complaint.number in page.text and "柜门划伤" in page.text
    sent = {**hidden(page), "_verb": "complaints.add_to_complaint", "text": "又发现一处划伤", "photo": scan("two.pdf")}
    assert client.post(path, sent).status_code == 303
    piece = complaint.evidences.get()
    assert (piece.what, piece.status, piece.file is not None) == ("又发现一处划伤", "unjudged", True)
    before = everything()
    client.post(path, sent)  # the same once more, as an impatient finger sends it
    assert everything() == before
    assert "又发现一处划伤" in client.get(path).text
    actions.judge_evidence(piece, by=room.world.alice, verdict="accepted", reason="属实")


def test_the_customer_agrees_to_the_plan_by_his_link_once(room: Room) -> None:
    complaint = room.write(room.found())
    actions.send_plan(complaint, by=room.world.alice)
    path, client = path_of("complaints.plan"), Client()
    page = client.get(path)
    assert "更换两台柜门" in page.text
    sent = {**hidden(page), "_verb": "complaints.agree_to_plan", "answer": "同意"}
    assert client.post(path, sent).status_code == 303
    plan = complaint.plans.get()
    assert (plan.agreed_how, plan.answer) == ("link", "同意")
    before = everything()
    client.post(path, {**sent, "_key": "another", "_verb": "complaints.decline_plan", "answer": "不要"})
    assert everything() == before


def test_a_plan_that_was_written_anew_is_not_agreed_to_by_the_old_link(room: Room) -> None:
    complaint = room.write(room.found())
    actions.send_plan(complaint, by=room.world.alice)
    path, client = path_of("complaints.plan"), Client()
    sent = {**hidden(client.get(path)), "_verb": "complaints.agree_to_plan", "answer": "同意"}
    room.write(room.fresh(complaint), solution="只道歉")
    with nothing_moves():
        client.post(path, sent)
    assert complaint.plans.get().agreed_at is None


def test_a_customer_declines_the_plan_with_his_words(room: Room) -> None:
    complaint = room.write(room.found())
    actions.send_plan(complaint, by=room.world.alice)
    path, client = path_of("complaints.plan"), Client()
    sent = {**hidden(client.get(path)), "_verb": "complaints.decline_plan", "answer": "要换整柜"}
    assert client.post(path, sent).status_code == 303
    plan = complaint.plans.get()
    assert (plan.answer, plan.agreed_at, room.fresh(complaint).status) == ("要换整柜", None, "found")


def test_the_handling_report_prints_whole_for_whom_it_concerns_only(room: Room, client_of: Any) -> None:
    complaint = room.visited(satisfied=True)
    url = f"{complaint.get_absolute_url()}report/"
    page = client_of(room.world.alice).get(url)
    assert page.status_code == 200
    words = ("检验报告", "情况属实", "装车时划伤", "更换两台柜门", "Executive", "更换柜门", "满意", "柜门已更换")
    for each in words:
        assert each in page.text, each
    for user in (room.world.bob, room.world.stranger):
        assert client_of(user).get(url).status_code == 404, user
