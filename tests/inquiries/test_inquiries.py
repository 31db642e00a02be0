"""Inquiries: recorded, answered at once or passed on, called back, ordered or closed, each in time (O1)."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client

from crm import clock
from crm.accounts.models import Department, Participant
from crm.deadlines.models import Deadline
from crm.deadlines.seeding import seed_calendar
from crm.outbox.models import Message
from crm.records.models import ActionLog
from customers import actions as customers
from customers.models import ContactEntry, Customer
from orders import actions as orders
from orders.inquiries import actions as inquiries
from orders.inquiries.forms import AnswerForm, InquiryForm, PassOnForm
from orders.inquiries.models import Inquiry
from orders.models import Order
from tests.world import MORNING, World, nothing_moves, refused, shanghai

S = Inquiry.Status


@pytest.fixture
def reception(world: World) -> Any:
    seed_calendar([2026])
    return world.person("lin", "reception", department=Department.objects.create(code="front", name="前台"))


def record(user: Any, **facts: Any) -> Inquiry:
    return inquiries.record_inquiry(by=user, **{"name": "渝中某公司", "matter": "配电箱的价格？", **facts})


def test_it_waits_for_whoever_takes_it_one_working_day(world: World, reception: Any) -> None:
    found = record(reception)
    row = Deadline.objects.get(rule="inquiry.reply")
    assert (found.number, found.status, found.owner) == ("IQ2026-000001", S.OPEN, None)
    assert (row.due_at, row.department.code) == (shanghai(24, 9, 30), "front")
    assert Deadline.objects.get(rule="inquiry.application").due_at == shanghai(25, 9, 30)


def test_an_urgent_one_has_two_working_hours(world: World, reception: Any) -> None:
    record(reception, urgent=True)
    assert Deadline.objects.get(rule="inquiry.reply.urgent").due_at == shanghai(23, 11, 30)
    assert not Deadline.objects.filter(rule="inquiry.reply").exists()


def test_it_counts_from_when_it_was_received_not_written_down(world: World, reception: Any) -> None:
    record(reception, received_at=shanghai(20, 16, 0))  # a Friday
    assert Deadline.objects.get(rule="inquiry.reply").due_at == shanghai(23, 16, 0)


def test_answered_at_once_it_waits_for_nobody(world: World, reception: Any) -> None:
    found = record(reception, answer="128 元一台")
    assert (found.status, found.answer, found.reply) == (S.ANSWERED, "128 元一台", "oral")
    assert (found.answered_by, found.answered_at) == (reception, MORNING)
    assert not Deadline.objects.filter(rule="inquiry.reply").exists()


def test_passed_on_the_receiver_is_told_and_the_reception_keeps_seeing_it(world: World, reception: Any) -> None:
    found = record(reception, owner=world.alice)
    notice = Message.objects.get(template="inquiries.passed_on")
    assert (found.status, found.owner, found.department) == (S.PASSED, world.alice, world.sales)
    assert notice.recipient == world.alice and "配电箱的价格？" in notice.body
    assert Inquiry.objects.visible_to(reception).get() == found
    assert Deadline.objects.get(rule="inquiry.reply").responsible == world.alice


def test_passed_to_a_department_all_of_it_are_told_and_one_takes_it(world: World, reception: Any) -> None:
    people = {world.alice, world.bob}
    found = record(reception, department=world.sales)
    told = {notice.recipient for notice in Message.objects.filter(template="inquiries.passed_on")}
    assert people <= told
    inquiries.take_inquiry(found, by=world.bob)
    assert (found.owner, found.status) == (world.bob, S.PASSED)
    bob = world.bob
    with refused("yours"):
        inquiries.take_inquiry(found, by=bob)
    with pytest.raises(Inquiry.DoesNotExist):
        inquiries.take_inquiry(found, by=world.charlie)


def test_a_known_customers_question_goes_to_his_salesperson(world: World, reception: Any) -> None:
    customers.assign_customer(world.customer, by=world.root, owner=world.alice)
    assert record(reception, customer=Customer.objects.get()).owner == world.alice


def test_an_important_customers_question_goes_to_the_manager_at_once(world: World, reception: Any) -> None:
    world.customer.tier = "vip"
    world.customer.save()
    customers.assign_customer(world.customer, by=world.root, owner=world.alice)
    boss = world.boss
    found = record(reception, customer=Customer.objects.get())
    assert Message.objects.get(template="inquiries.important").recipient == boss
    assert Inquiry.objects.visible_to(boss).filter(pk=found.pk).exists()


def test_a_stranger_who_turns_out_to_be_important_goes_to_the_manager_then(world: World, reception: Any) -> None:
    world.customer.tier = "key"
    world.customer.save()
    customers.assign_customer(world.customer, by=world.root, owner=world.alice)
    found, boss = record(reception), world.boss
    assert not Message.objects.filter(template="inquiries.important").exists()
    inquiries.link_customer(found, by=world.root, customer=Customer.objects.get())
    assert Message.objects.get(template="inquiries.important").recipient == boss
    assert Participant.objects.get(subject_pk=found.pk, user=boss)


def test_an_important_customer_of_nobody_goes_to_the_head_of_the_department(world: World, reception: Any) -> None:
    Customer.objects.filter(pk=world.customer.pk).update(tier="vip", owner=None)
    boss = world.boss
    record(reception, customer=Customer.objects.get(), department=world.sales)
    assert Message.objects.get(template="inquiries.important").recipient == boss


def test_whoever_passes_it_on_keeps_seeing_it(world: World, reception: Any) -> None:
    found = record(reception, owner=world.alice)
    west = world.charlie.department
    inquiries.pass_on_inquiry(found, by=world.alice, department=west)
    assert [Inquiry.objects.visible_to(each).exists() for each in (world.alice, world.bob, world.charlie)] == [
        True,
        False,
        True,
    ]


def test_a_written_answer_carries_our_phone_and_is_called_after(world: World, reception: Any, settings: Any) -> None:
    settings.COMPANY_PHONE, settings.COMPANY_ADDRESS = "023-63860000", "重庆市渝北区"
    found = record(reception, owner=world.alice, email="li@example.com", contact_name="李四")
    inquiries.answer_inquiry(found, by=world.alice, answer="128 元一台，有货", reply="mail")
    mail = Message.objects.get(template="inquiries.answer")
    assert (mail.email, mail.contact_name) == ("li@example.com", "李四")
    for said in ("128 元一台，有货", "023-63860000", "重庆市渝北区", "配电箱的价格？"):
        assert said in mail.text(mail.language)["body"]
    row = Deadline.objects.open().get(rule="inquiry.callback")
    assert row.due_at == shanghai(23, 11, 30)
    customers.assign_customer(world.customer, by=world.root, owner=world.alice)
    inquiries.link_customer(found, by=world.alice, customer=world.customer)
    inquiries.call_back(found, by=world.alice, what="已收到，很满意")
    row.refresh_from_db()
    assert (row.outcome, found.called_back_at) == ("met", MORNING)
    assert ContactEntry.objects.get().what == "已收到，很满意"
    alice = world.alice
    with refused("called"):
        inquiries.call_back(found, by=alice, what="x")


def test_a_call_back_is_kept_though_the_customer_is_a_colleagues(world: World, reception: Any) -> None:
    found = record(reception, owner=world.alice, customer=world.customer)
    inquiries.answer_inquiry(found, by=world.alice, answer="有货", reply="written")
    inquiries.call_back(found, by=world.alice, what="已通知")
    assert found.called_back_at == MORNING
    assert not ContactEntry.objects.exists()
    row = ActionLog.objects.get(verb="inquiries.call_back")
    assert (row.customer_id, row.inputs["what"]) == (world.customer.pk, "已通知")


def test_a_head_of_department_who_logs_no_contacts_may_still_call_back(world: World, reception: Any) -> None:
    head = world.person("head", "department_manager")
    found = record(reception, customer=world.customer, owner=head)
    inquiries.answer_inquiry(found, by=head, answer="有货", reply="written")
    assert not head.has_perm("customers.log_contact")
    inquiries.call_back(found, by=head, what="已通知")
    assert ContactEntry.objects.get().what == "已通知"


def test_a_spoken_answer_needs_no_call(world: World, reception: Any) -> None:
    found = record(reception, answer="有货", owner=None)
    root = world.root
    with refused("spoken"):
        inquiries.call_back(found, by=root, what="x")


def test_it_is_closed_without_intent_with_the_reason(world: World, reception: Any) -> None:
    found = record(reception, answer="没有这个型号")
    inquiries.close_inquiry(found, by=world.root, reason="型号停产")
    assert (found.status, found.closing_reason) == (S.CLOSED, "型号停产")
    assert Deadline.objects.get(rule="inquiry.application").outcome == "met"


def test_an_order_of_it_carries_it_on_and_only_once(world: World, reception: Any) -> None:
    found, root = record(reception, answer="有货"), world.root
    line = {"product": world.product, "quantity": 2, "unit": world.piece, "factor": 1}
    given = {
        "customer": world.customer,
        "type": world.type,
        "lines": [line],
        "contact": None,
        "wanted_on": clock.today() + timedelta(days=3),
    }
    order = orders.order_inquiry(found, by=root, **given)
    found.refresh_from_db()
    assert (found.status, found.customer, order.inquiry) == (S.ORDERED, world.customer, found)
    assert Deadline.objects.get(rule="inquiry.application").outcome == "met"
    with refused("wrong_state"):
        orders.order_inquiry(found, by=root, **given)
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"matter": ""}, "matter"),
        ({"matter": "长" * 5001}, "matter"),
        ({"matter": "路灯\ufffd"}, "matter"),  # what was no UTF-8 when it came
        ({"name": "a\0b"}, "name"),
        ({"phone": "not a phone"}, "phone"),
        ({"email": "nowhere"}, "email"),
        ({"received_at": "2026-11-23 09:31"}, "received_at"),
        ({"channel": "pigeon"}, "channel"),
    ],
)
def test_an_inquiry_that_cannot_be(world: World, given: dict[str, Any], field: str) -> None:
    data = {"name": "渝中某公司", "matter": "？", "channel": "phone", **given}
    assert list(InquiryForm(data, by=world.root).problems()) == [field]


def test_without_an_address_nothing_is_answered_by_mail(world: World) -> None:
    found = world.new_inquiry(email="")
    assert list(AnswerForm({"answer": "x", "reply": "mail"}, by=world.root, obj=found).problems()) == ["reply"]
    assert [error["code"] for error in PassOnForm({}, by=world.root, obj=found).problems()[""]] == ["required"]


QUESTION = {"name": "路人", "phone": "13800138000", "matter": "有路灯吗？"}


@pytest.fixture
def anyone(world: World) -> Client:
    cache.clear()
    seed_calendar([2026])
    return Client(headers={"Accept-Language": "en"})


def test_anyone_asks_on_the_website(world: World, anyone: Client) -> None:
    page = anyone.post("/inquiries/ask/", QUESTION)
    found = Inquiry.objects.get()
    assert page.status_code == 200 and found.number in page.content.decode()
    assert (found.channel, found.received_by.username, found.status) == ("web", "web", S.OPEN)
    assert Deadline.objects.filter(rule="inquiry.reply").exists()


def test_who_leaves_no_way_to_answer_is_asked_again(world: World, anyone: Client) -> None:
    with nothing_moves():
        page = anyone.post("/inquiries/ask/", {**QUESTION, "phone": ""})
    assert page.status_code == 422
    assert "Leave a phone number or a mail address" in page.content.decode()
    assert "有路灯吗？" in page.content.decode()


def test_a_robot_is_thanked_and_forgotten(world: World, anyone: Client) -> None:
    assert anyone.post("/inquiries/ask/", {**QUESTION, "website": "https://spam.example"}).status_code == 200
    assert not Inquiry.objects.exists()


def test_too_many_questions_from_one_address_are_not_taken(
    world: World, anyone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_000_000_800.0)  # the windows of an hour begin at 999,997,200
    for _each in range(10):
        assert anyone.post("/inquiries/ask/", QUESTION).status_code == 200
    with nothing_moves():
        page = anyone.post("/inquiries/ask/", QUESTION)
    assert page.status_code == 429 and "Too many questions came from here." in page.content.decode()
    assert page["Retry-After"] == "3600"
    assert "有路灯吗？" in page.content.decode()  # what was typed is still there
    assert Inquiry.objects.count() == 10
    monkeypatch.setattr("time.time", lambda: 1_000_004_400.0)
    assert anyone.post("/inquiries/ask/", QUESTION).status_code == 200


def test_the_form_speaks_the_language_that_is_asked_for(world: World, anyone: Client) -> None:
    page = anyone.get("/inquiries/ask/", {"lang": "zh-hans"})
    assert page["Content-Language"] == "zh-hans" and 'href="?lang=en"' in page.text
    assert anyone.get("/inquiries/ask/")["Content-Language"] == "en"
    assert anyone.get("/inquiries/ask/", {"lang": "klingon"})["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("matter", "said"),
    [
        ("有路灯吗".encode("gb18030"), "A part of this text arrived unreadable. Please type it again."),
        (b"lamp\x00s", "Null characters are not allowed."),
    ],
)
def test_text_that_arrived_broken_is_asked_for_again(world: World, anyone: Client, matter: bytes, said: str) -> None:
    body = b"name=Li&phone=13800138000&matter=" + quote(matter).encode()
    with nothing_moves():
        page = anyone.post("/inquiries/ask/", body, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 422 and page.text.count(said) == 2  # at the field, and on top
