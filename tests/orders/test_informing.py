"""What the customer is told while his order runs, and what the order desk is told of problems."""

from datetime import date

import pytest

from crm.accounts.models import Department
from crm.outbox.models import Message
from orders import actions as orders
from orders.models import Order
from tests.world import World, refused


@pytest.fixture
def delivered(world: World) -> Order:
    return world.confirmed(fulfilment="delivery", place="渝北")


def test_the_customer_is_told_how_far_it_is_by_mail(world: World) -> None:
    order = world.accepted()
    orders.tell_progress(order, by=world.root, text="柜体已装配", expected_on=date(2026, 12, 1))
    mail = Message.objects.get(channel="mail", template="orders.progress")
    body = mail.text(mail.language)["body"]
    assert mail.email == order.contact.email
    assert "柜体已装配" in body
    assert "2026-12-01" in body


def test_a_contact_without_mail_is_called(world: World, delivered: Order) -> None:
    contact = delivered.contact
    type(contact).objects.filter(pk=contact.pk).update(email="")
    orders.advise_shipping(delivered, by=world.root, ships_on=date(2026, 12, 1), goods="配电箱 10 台")
    call = Message.objects.get(channel="call", template="orders.shipping")
    assert call.recipient == world.root
    assert "配电箱 10 台" in call.text("zh-hans")["body"]


def test_nobody_to_tell_is_refused_and_nothing_is_kept(world: World, delivered: Order) -> None:
    contact = delivered.contact
    type(contact).objects.filter(pk=contact.pk).update(email="", mobile="", phone="")
    with refused("unreachable"):
        orders.advise_shipping(delivered, by=world.root, ships_on=date(2026, 12, 1), goods="配电箱")


def test_who_collects_himself_gets_the_pickup_notice_instead(world: World) -> None:
    order = world.confirmed()
    with refused("pickup"):
        orders.advise_shipping(order, by=world.root, ships_on=date(2026, 12, 1), goods="配电箱")


def test_the_advice_begins_with_the_wanted_date_and_the_lines(world: World, delivered: Order) -> None:
    form = orders.advise_shipping.bind(by=world.root, obj=delivered)
    assert form.initial["ships_on"] == delivered.wanted_on
    line = delivered.lines.get()
    assert form.initial["goods"] == f"{line.product.name} {line.quantity.normalize():f} {line.unit}"
    past = orders.advise_shipping.bind(by=world.root, obj=delivered, data={"ships_on": "2020-01-01", "goods": "x"})
    assert past.problems()["ships_on"][0]["code"] == "past"


def test_a_problem_that_is_raised_is_told_to_the_order_desk(world: World) -> None:
    order = world.accepted()
    desk = world.person("desk", "order_desk", department=Department.objects.get(code="order_desk"))
    orders.report_progress(order, by=world.root, progress="一半", problems="缺铜排", solutions="换供应商")
    assert not Message.objects.filter(template="orders.problem").exists()
    orders.report_progress(order, by=world.root, progress="一半", problems="缺铜排", raised=True)
    told = Message.objects.filter(template="orders.problem")
    assert {message.recipient for message in told} == {desk}


def test_what_is_raised_must_be_said(world: World) -> None:
    form = orders.report_progress.bind(by=world.root, obj=world.accepted(), data={"progress": "一半", "raised": True})
    assert form.problems()["problems"][0]["code"] == "required"
