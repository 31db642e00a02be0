"""The doors of feedback: page, list, search, panels, back office, REST, figures, print, and the customer's link."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from complaints.feedback import actions, figures
from complaints.feedback.link_pages import state_of
from complaints.feedback.models import Feedback
from crm.accounts.models import User
from crm.api.tokens import issue
from crm.records.search import search
from tests.feedback.conftest import Room
from tests.mailed import path_of
from tests.world import nothing_moves, scan


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_shows_what_he_said_who_had_it_and_the_answer(room: Room) -> None:
    feedback = room.passed(files=[scan("list.pdf")])
    given = {"reason": "属生产部", "department": room.department("production")}
    actions.send_back_feedback(feedback, by=room.tester, **given)
    page = client_of(room.world.alice).get(feedback.get_absolute_url())
    assert page.status_code == 200
    for words in ("外箱请加印装箱清单", "属生产部", "list.pdf", "sent back 1 time", "quality", "production"):
        assert words in page.text, words
    assert "feedback.answer_feedback" not in page.text  # it is not with her department
    assert "feedback.answer_feedback" in client_of(room.heads["production"]).get(feedback.get_absolute_url()).text


def test_the_page_asks_the_same_however_often_it_went_round(room: Room, django_assert_max_num_queries: Any) -> None:
    feedback = room.passed()
    client, url = client_of(room.world.alice), feedback.get_absolute_url()
    client.get(url)
    with django_assert_max_num_queries(150) as few:
        client.get(url)
    for code, other in (("quality", "production"), ("production", "quality"), ("quality", "production")):
        given = {"reason": "不属本部门", "department": room.department(other)}
        actions.send_back_feedback(room.fresh(feedback), by=room.heads[code], **given)
    with django_assert_max_num_queries(len(few.captured_queries) + 2):
        client.get(url)


def test_a_clerk_receives_it_on_the_customers_page_and_from_the_contact_log(room: Room) -> None:
    customer, entry, client = room.customer(), room.talked(), client_of(room.world.alice)
    page = client.get(customer.get_absolute_url()).text
    assert f"/do/feedback.receive_feedback/{customer.pk}/" in page
    assert f"/do/feedback.take_as_feedback/{entry.pk}/" in page
    path = f"/do/feedback.take_as_feedback/{entry.pk}/"
    assert "客户希望提供英文说明书" in client.get(path).text
    sent = {"kind": "wish", "about": "order", "content": "希望提供英文说明书", "_key": "k1"}
    assert client.post(path, sent).status_code == 302
    feedback = Feedback.objects.get()
    assert client.post(path, sent).status_code == 302  # the same click once more
    assert Feedback.objects.get() == feedback
    assert feedback.number in client.get(customer.get_absolute_url()).text
    bad = {"channel": "visit", "kind": "praise", "about": "service", "content": "好", "staff": room.tester.pk}
    refused = client.post(f"/do/feedback.receive_feedback/{customer.pk}/", {**bad, "_key": "k2"})
    assert refused.status_code == 422 and "name nobody" in refused.text


def test_the_panel_of_the_order_and_of_the_complaint_name_it(room: Room) -> None:
    order = room.world.new_order()
    feedback = room.received(order=order)
    root = client_of(room.world.root)
    assert feedback.number in root.get(order.get_absolute_url()).text
    complaint = actions.turn_into_complaint(feedback, by=room.world.root, category="packaging")
    assert feedback.number in root.get(complaint.get_absolute_url()).text
    assert complaint.number in root.get(feedback.get_absolute_url()).text


@pytest.mark.parametrize(
    ("tab", "shown"),
    [("mine", 4), ("pass-on", 1), ("answer", 1), ("tell", 1), ("open", 4), ("returned", 1)],
)
def test_every_tab_of_the_list_shows_its_own(room: Room, tab: str, shown: int) -> None:
    room.received()
    passed = room.passed(content="请改包装")
    given = {"reason": "属生产部", "department": room.department("production")}
    actions.send_back_feedback(passed, by=room.tester, **given)
    room.answered()
    room.told()
    user = room.heads["production"] if tab == "answer" else room.world.alice
    page = client_of(user).get(f"/feedback/?tab={tab}")
    assert page.status_code == 200
    assert len(set(Feedback.objects.values_list("number", flat=True)) & set(_numbers(page.text))) == shown


def _numbers(text: str) -> list[str]:
    return [number for number in Feedback.objects.values_list("number", flat=True) if number in text]


def test_it_is_found_by_number_customer_kind_and_subject(room: Room) -> None:
    feedback = room.passed()
    for question in (feedback.number, feedback.customer.name):
        assert list(search(Feedback.objects.visible_to(room.world.alice), question)) == [feedback]
    client = client_of(room.world.alice)
    concerned = room.department("quality").pk
    asked = f"?kind=suggestion&about=packaging&status=passed&concerned={concerned}"
    assert feedback.number in client.get(f"/feedback/{asked}").text
    assert feedback.number not in client.get("/feedback/?kind=praise").text


def test_the_back_office_changes_and_removes_nothing(room: Room) -> None:
    feedback, client = room.received(), client_of(room.world.root)
    url = f"/admin/feedback/feedback/{feedback.pk}/"
    assert client.get(f"{url}change/").status_code == 200
    with nothing_moves():
        assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"{url}change/", {"status": "closed"}).status_code in (200, 302, 403)


def test_the_whole_way_by_rest(room: Room) -> None:
    customer = room.customer()

    def by(user: User) -> Client:
        return Client(headers={"Authorization": f"Bearer {issue(user, 'test', ('write',), days=None)[1]}"})

    sales, quality = by(room.world.alice), by(room.tester)

    def post(client: Client, path: str, body: dict[str, Any]) -> Any:
        return client.post(path, json.dumps(body), content_type="application/json")

    said = {"channel": "phone", "kind": "suggestion", "about": "packaging", "content": "外箱请加印装箱清单"}
    made = post(sales, f"/api/v1/customers/{customer.pk}/feedback.receive_feedback/", said)
    assert made.status_code in (200, 201)
    feedback = Feedback.objects.get()
    base = f"/api/v1/feedbacks/{feedback.pk}/"
    assert quality.get(base).status_code == 404
    given = {"department": room.department("quality").pk, "kind": "suggestion", "about": "packaging"}
    assert post(sales, f"{base}feedback.pass_on_feedback/", given).status_code == 200
    answer = {"verdict": "adopted", "solution": "采纳", "promise": "改印版", "due_on": "2026-11-30"}
    refused = post(sales, f"{base}feedback.answer_feedback/", answer)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_asked")
    assert post(quality, f"{base}feedback.answer_feedback/", answer).status_code == 200
    assert post(sales, f"{base}feedback.tell_answer/", {"channel": "mail"}).status_code == 200
    found = sales.get(base).json()
    assert (found["status"], found["verdict"], len(found["passings"])) == ("told", "adopted", 1)
    assert sales.delete(base).status_code in (403, 404, 405)
    listed = quality.get("/api/v1/feedbacks/", {"status": "told"}).json()
    assert [row["number"] for row in listed["results"]] == [feedback.number]


def test_the_customer_sees_how_far_it_is_and_the_answer_only_once_he_was_told(room: Room) -> None:
    feedback = room.received()
    path, client = path_of("feedback.number"), Client()
    page = client.get(path).text
    with translation.override(room.world.contact.language or "zh-hans"):
        where = str(state_of(feedback))
    for words in (feedback.number, "外箱请加印装箱清单", where):
        assert words in page, words
    actions.pass_on_feedback(feedback, by=room.world.alice, department=room.department("quality"))
    room.answer(feedback)
    page = client.get(path).text
    assert "下批起外箱加印装箱清单" not in page and "改外箱印版" not in page and "head_quality" not in page.lower()
    actions.tell_answer(feedback, by=room.world.alice, channel="phone")
    page = client.get(path).text
    assert "下批起外箱加印装箱清单" in page and "改外箱印版" in page
    actions.send_feedback_link(feedback, by=room.world.alice)
    assert client.get(path).status_code == 410  # another one took its place
    assert feedback.number in client.get(path_of("feedback.number")).text
    assert client.get("/l/forged-token-forged-token/").status_code == 404


def test_the_link_says_that_it_became_a_complaint(room: Room) -> None:
    feedback = room.received()
    path = path_of("feedback.number")
    complaint = actions.turn_into_complaint(feedback, by=room.world.alice, category="packaging")
    assert complaint.number in Client().get(path).text


def test_the_form_prints_whole(room: Room) -> None:
    feedback = room.passed()
    given = {"reason": "属生产部", "department": room.department("production")}
    actions.send_back_feedback(feedback, by=room.tester, **given)
    actions.answer_feedback(
        feedback,
        by=room.heads["production"],
        verdict="declined",
        solution="暂不采纳",
        reason="成本过高",
    )
    page = client_of(room.world.alice).get(f"{feedback.get_absolute_url()}form/")
    assert page.status_code == 200
    for words in ("外箱请加印装箱清单", "属生产部", "暂不采纳", "成本过高", feedback.number):
        assert words in page.text, words


def test_the_figures_count_verdicts_and_the_time_of_departments(room: Room) -> None:
    room.answered()
    room.declined()
    room.passed(kind="praise")
    (row,) = figures.feedback_adopted(room.executive).rows
    assert (row.label, [each.number for each in row.values if each], row.total) == ("quality", [1, 0, 1], "50 % of 2")
    assert row.values[0] is not None and "verdict=adopted" in row.values[0].url
    assert client_of(room.executive).get(row.values[0].url).status_code == 200
    (took,) = figures.feedback_answered(room.world.root).rows
    assert (took.label, [each.number for each in took.more if each]) == ("quality", [2, 0])
    assert figures.feedback_adopted(room.world.stranger).rows == []


def test_who_writes_down_what_is_said_of_himself_is_told_that_it_is_kept(room: Room) -> None:
    customer, alice, client = room.customer(), room.world.alice, Client(headers={"Accept-Language": "en"})
    client.force_login(alice)
    given = {"channel": "visit", "kind": "grumble", "about": "staff", "content": "态度生硬", "staff": alice.pk}
    page = client.post(f"/do/feedback.receive_feedback/{customer.pk}/", given, follow=True)
    [feedback] = Feedback.objects.all()
    assert page.redirect_chain == [("/", 302)] and not Feedback.objects.visible_to(alice).exists()
    assert f"{feedback.number} is kept, but is for others from now on." in page.content.decode()
