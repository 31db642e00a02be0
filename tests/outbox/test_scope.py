"""Who sees which message: whom it goes to, and who may see the customer it is about."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from crm import clock
from crm.accounts.models import Absence, RoleReach, User
from crm.outbox import queue, sender
from crm.outbox.models import Message
from crm.outbox.panels import messages_of
from customers.models import Customer

CONTEXT = {"number": "D-7", "day": "Monday", "link": ""}


@pytest.fixture
def charlie(db) -> User:
    return User.objects.create_user("charlie", name="查理")


@pytest.fixture
def lantern(alice, bob) -> Customer:
    """A customer of Alice's, whom her role shows to her and Bob's does not."""
    role = Group.objects.create(name="tests.own")
    RoleReach.objects.create(role=role, model=ContentType.objects.get_for_model(Customer), reach="own")
    alice.groups.add(role)
    bob.groups.add(role)
    return Customer.objects.create(code="C-1", name="重庆灯饰有限公司", owner=alice, verified_by=alice)


@pytest.fixture
def mail(hello, lantern) -> Message:
    return queue.mail(template="tests.hello", about=lantern, context=CONTEXT, key="a", address="li@example.com")


def seen_by(user: User) -> set[int]:
    return set(Message.objects.visible_to(User.objects.get(pk=user.pk)).values_list("pk", flat=True))


def test_who_sees_the_customer_sees_his_messages_and_nobody_else_does(mail, alice, bob, charlie):
    assert seen_by(alice) == {mail.pk}
    assert seen_by(bob) == seen_by(charlie) == set()


def test_a_superuser_sees_all_and_who_left_nothing(mail, alice, hello):
    boss = User.objects.create_superuser("boss", name="老板")
    assert seen_by(boss) == {mail.pk}
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert seen_by(alice) == set()


def test_a_deputy_sees_the_calls_of_whom_he_stands_in_for_but_not_the_notices(hello, alice, charlie):
    call = queue.call(
        assignee=alice,
        contact_name="李娜",
        phone="13800138000",
        template="tests.hello",
        about=None,
        context=CONTEXT,
        key="c",
    )
    queue.notify(alice, "tests.hello", about=None, context=CONTEXT, key="n")
    assert seen_by(charlie) == set()
    today = clock.today()
    Absence.objects.create(user=alice, first_day=today, last_day=date(2100, 1, 1), deputy=charlie)
    assert seen_by(charlie) == {call.pk}
    assert list(Message.objects.calls_of(charlie)) == [call]


def test_visible_messages_can_be_locked(mail, alice):
    rows = Message.objects.visible_to(alice).select_for_update(of=("self",), no_key=True)
    assert rows.get(pk=mail.pk) == mail


def test_the_owner_of_the_customer_hears_of_a_mail_that_was_not_delivered(hello, lantern, alice, bob, mailbox):
    message = queue.mail(template="tests.hello", about=lantern, context=CONTEXT, key="x", address="unknown@example.com")
    sender.send_one(message.pk)
    told = Message.objects.filter(channel="notice").values_list("recipient__username", flat=True)
    assert list(told) == ["alice"]
    assert message.customer_id == lantern.pk


def test_the_page_of_a_customer_lists_the_messages_about_everything_that_is_his(mail, lantern, alice, hello):
    other = queue.mail(template="tests.hello", about=alice, context=CONTEXT, key="b", address="li@example.com")
    Message.objects.filter(pk=other.pk).update(customer_id=lantern.pk)
    assert [message.pk for message in messages_of(lantern)] == [other.pk, mail.pk]


def test_the_back_office_shows_a_message_read_only_and_without_its_address(mail, client):
    client.force_login(User.objects.create_superuser("boss", name="老板", language="en"))
    assert client.get("/admin/outbox/message/").status_code == 200
    page = client.get(f"/admin/outbox/message/{mail.pk}/change/")
    assert page.status_code == 200
    assert "li@example.com" not in page.text
    assert "订单D-7可以提货" in page.text or "Order D-7 is ready" in page.text
    assert 'name="texts"' not in page.text
    assert client.get("/admin/links/link/").status_code == 200
