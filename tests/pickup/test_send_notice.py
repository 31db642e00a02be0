"""The pickup notice: mail with a link and call task in one step; silence is followed up (ZT 3.3, P12)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.deadlines.models import Deadline
from crm.deadlines.seeding import seed_calendar
from crm.deadlines.sweep import sweep
from crm.links.models import Link
from crm.outbox.models import Message
from customers.models import Contact
from pickup import actions as pickup
from pickup.models import Pickup, Window
from tests.world import MORNING, World, refused, shanghai

S = Pickup.Status


@pytest.fixture
def calendar(world: World) -> None:
    seed_calendar([2026, 2027])


def test_a_notice_is_a_mail_with_a_link_and_a_call_task(world: World) -> None:
    told = world.notified()
    mail = Message.objects.get(channel="mail", template="pickup.notice")
    call = Message.objects.get(channel="call", template="pickup.notice")
    link = Link.objects.get(purpose="pickup.pass")
    assert (told.status, told.notified_at) == (S.NOTIFIED, MORNING)
    assert (mail.email, mail.contact_name, mail.language) == ("wang@example.com", "王小明", "zh-hans")
    assert (call.phone, call.recipient, call.status) == ("+8613800138000", told.owner, "open")
    assert told.code in mail.body and "渝北自提点" in mail.body and "http://testserver/l/" in mail.body
    assert told.code in call.body
    assert (link.subject, link.contact_name, link.expires_at) == (told, "王小明", MORNING + timedelta(days=30))


def test_a_contact_without_mail_is_only_called(world: World) -> None:
    Contact.objects.filter(pk=world.contact.pk).update(email="")
    world.notified()
    assert list(Message.objects.filter(template="pickup.notice").values_list("channel", flat=True)) == ["call"]


def test_nobody_to_reach_is_refused(world: World) -> None:
    planned = world.planned()
    contact = Contact.objects.get()
    contact.email = contact.mobile = contact.phone = ""
    contact.save()
    with refused("unreachable"):
        pickup.send_notice(planned, by=world.root)
    Pickup.objects.update(contact=None)
    with refused("no_contact"):
        pickup.send_notice(planned, by=world.root)


def test_a_second_notice_is_a_second_mail(world: World) -> None:
    told = world.notified()
    pickup.send_notice(told, by=world.root)
    assert Message.objects.filter(channel="mail", template="pickup.notice").count() == 2


def test_a_confirmed_pickup_takes_the_open_call_back(world: World) -> None:
    told = pickup.confirm_pickup(world.notified(), by=world.root)
    assert (told.status, told.confirmed_at) == (S.CONFIRMED, MORNING)
    assert Message.objects.get(channel="call", template="pickup.notice").status == "cancelled"


def test_no_answer_in_twelve_hours_becomes_a_call_task_once(world: World, calendar: None) -> None:
    far = world.window(hours=72)
    told = pickup.plan_pickup(world.ready(), by=world.root, window=far, notify=True)
    with clock.at(MORNING + timedelta(hours=12) - timedelta(minutes=1)):
        sweep()
        assert not Message.objects.filter(template="pickup.unanswered").exists()
    with clock.at(MORNING + timedelta(hours=12)):
        sweep()
        sweep()
    call = Message.objects.get(template="pickup.unanswered")
    assert (call.channel, call.recipient, call.phone) == ("call", told.owner, "+8613800138000")
    assert Pickup.objects.get().status == S.NOTIFIED


def test_who_has_not_answered_is_reminded_once_with_a_link_and_his_first_one_stays_open(
    world: World, calendar: None
) -> None:
    with clock.at(shanghai(23, 8, 45)):
        told = pickup.plan_pickup(world.ready(), by=world.root, window=world.window(hours=72), notify=True)
    row = Deadline.objects.get(rule="pickup.confirm", closed_at=None)
    assert (row.warn_at, row.due_at, row.next_at) == (
        shanghai(23, 17, 45),
        shanghai(23, 20, 45),
        shanghai(23, 16, 30),  # an hour before people leave, for at 17:45 nobody is there
    )
    with clock.at(shanghai(23, 16, 29)):
        sweep()
        assert not Message.objects.filter(template="pickup.reminder").exists()
    with clock.at(shanghai(23, 16, 30)):
        sweep()
        sweep()
    mail = Message.objects.get(template="pickup.reminder")
    assert (mail.channel, mail.email, mail.contact_name) == ("mail", "wang@example.com", "王小明")
    assert "2026" in mail.body and "渝北自提点" in mail.body
    first, second = Link.objects.filter(status="active").order_by("pk")
    assert (first.made_by, second.made_by.username, second.subject) == (world.root, "clock", told)
    found = re.search(r"http://testserver(/l/\S+)", mail.body)
    assert found and Client().get(found[1], follow=True).status_code == 200
    with clock.at(shanghai(23, 20, 45)):
        sweep()
    assert Message.objects.filter(template="pickup.reminder").count() == 1
    assert Message.objects.get(template="pickup.unanswered").channel == "call"


def test_a_customer_who_reads_english_is_reminded_in_english(world: World) -> None:
    told = world.notified()
    Contact.objects.update(language="en")
    pickup.remind_customer(told, by=User.objects.system("clock"))
    mail = Message.objects.get(template="pickup.reminder")
    assert mail.language == "en" and "have not had your answer yet" in mail.body


def test_who_has_no_mail_address_is_not_reminded_but_called_when_the_time_is_over(world: World, calendar: None) -> None:
    Contact.objects.filter(pk=world.contact.pk).update(email="")
    told = pickup.plan_pickup(world.ready(), by=world.root, window=world.window(hours=72), notify=True)
    with refused("no_mail_address"):
        pickup.remind_customer(told, by=User.objects.system("clock"))
    with clock.at(MORNING + timedelta(hours=11)):
        sweep()
    assert not Message.objects.filter(template="pickup.reminder").exists()
    assert Message.objects.filter(template="deadlines.warn", recipient=told.owner).exists()
    with clock.at(MORNING + timedelta(hours=12)):
        sweep()
    assert Message.objects.get(template="pickup.unanswered").channel == "call"


def test_who_has_answered_is_not_reminded(world: World, calendar: None) -> None:
    told = pickup.plan_pickup(world.ready(), by=world.root, window=world.window(hours=72), notify=True)
    pickup.confirm_pickup(told, by=world.root)
    with clock.at(MORNING + timedelta(hours=11)):
        sweep()
    assert not Message.objects.filter(template="pickup.reminder").exists()


def test_silence_is_told_to_the_owner_and_to_his_manager(world: World, calendar: None) -> None:
    order = world.ready()
    order.owner = world.alice
    order.save()
    world.boss  # noqa: B018 - the manager of Alice
    pickup.plan_pickup(order, by=world.root, window=world.window(hours=96), notify=True)
    with clock.at(shanghai(24, 9)):
        sweep()
    late = Message.objects.filter(channel="notice", template__startswith="deadlines")
    assert {message.recipient for message in late} >= {world.alice, world.boss}


def test_who_does_not_come_is_missed_half_an_hour_after_his_window(world: World, calendar: None) -> None:
    told = world.notified()  # 10:00 to 12:00
    with clock.at(shanghai(23, 12, 29)):
        sweep()
        assert Pickup.objects.get().status == S.NOTIFIED
    with clock.at(shanghai(23, 12, 30)):
        sweep()
    missed = Pickup.objects.get()
    notice = Message.objects.get(template="pickup.missed")
    assert (missed.status, notice.recipient) == (S.MISSED, told.owner)
    assert Deadline.objects.get(rule="pickup.missed").closed_at is None
    assert Deadline.objects.get(rule="pickup.collect").closed_at is not None


def test_a_missed_pickup_is_moved_to_another_window(world: World, calendar: None) -> None:
    told = world.notified()
    later = world.window(hours=30)
    with clock.at(shanghai(23, 13)):
        sweep()
        moved = pickup.move_pickup(told, by=world.root, window=later)
    assert (moved.status, moved.window, moved.moves) == (S.CONFIRMED, later, 1)
    assert Window.objects.get(pk=later.pk).taken == 1
    assert Deadline.objects.get(rule="pickup.missed").outcome == "met"


def test_who_is_at_the_counter_is_not_missed(world: World, calendar: None) -> None:
    told = pickup.arrive(world.notified(), by=world.root)
    with clock.at(shanghai(23, 13)):
        sweep()
    assert Pickup.objects.get(pk=told.pk).status == S.ARRIVED


def test_moving_gives_the_first_window_back(world: World) -> None:
    told = world.notified()
    first, later = told.window, world.window(hours=30)
    moved = pickup.move_pickup(told, by=world.root, window=later, reason="堵车")
    assert (moved.window, moved.moves, moved.reason) == (later, 1, "堵车")
    assert list(Window.objects.order_by("starts_at").values_list("taken", flat=True)) == [0, 1]
    assert first.pk != moved.window_id


def test_moving_to_a_full_window_is_refused_and_keeps_the_first(world: World) -> None:
    told = world.notified()
    later = world.window(hours=30, capacity=1)
    Window.objects.filter(pk=later.pk).update(taken=1)
    with refused("window_full"):
        pickup.move_pickup(told, by=world.root, window=later)


def test_a_cancelled_pickup_gives_its_window_back_and_is_called_no_more(world: World) -> None:
    told = world.notified()
    pickup.cancel_pickup(told, by=world.root, reason="客户取消")
    assert Window.objects.get().taken == 0
    assert Message.objects.get(channel="call").status == "cancelled"
    with clock.at(shanghai(23, 13)):
        sweep()
    assert Pickup.objects.get().status == S.CANCELLED
    assert not Message.objects.filter(template="pickup.missed").exists()


def test_who_came_and_left_without_goods_can_be_moved_or_cancelled(world: World) -> None:
    arrived = pickup.arrive(world.notified(), by=world.root)
    later = world.window(hours=30)
    moved = pickup.move_pickup(arrived, by=world.root, window=later)
    assert (moved.status, moved.arrived_at) == (S.CONFIRMED, None)
    again = pickup.arrive(moved, by=world.root)
    assert pickup.cancel_pickup(again, by=world.root, reason="不要了").status == S.CANCELLED
    assert list(Window.objects.values_list("taken", flat=True)) == [0, 0]
