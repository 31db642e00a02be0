"""Which message exists is exactly once, in the transaction of its cause."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils.translation import override

from crm import clock, via
from crm.accounts.models import Absence, User
from crm.accounts.scopes import involve
from crm.outbox import queue
from crm.outbox.models import Message
from crm.refusals import Refused
from customers.models import Customer

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)
S = Message.Status


def context(**more):
    return {"number": "D-7", "day": date(2026, 9, 21), "link": ""} | more


def mail(key="order-7", **more):
    given = {"address": "li@example.com", "contact_name": "李娜", "language": "zh-hans", "context": context()} | more
    return queue.mail(template="tests.hello", about=None, key=key, **given)


def test_a_mail_is_kept_as_it_will_be_sent_in_the_language_of_the_contact(hello, db, settings):
    settings.OUTBOX_TEST_MODE = False
    with clock.at(NOON):
        message = mail()
    assert message.subject == "订单D-7可以提货"
    assert message.body.startswith("李娜，您好：\n\n请于2026-09-21 (")
    assert (message.status, message.next_at, message.attempts) == (S.QUEUED, NOON, 0)
    assert message.message_id.endswith("@testserver>")


def test_the_same_key_twice_is_one_message(hello, db):
    first, second = mail(), mail(context=context(number="D-8"))
    assert first.pk == second.pk
    assert second.subject == "订单D-7可以提货"
    assert Message.objects.count() == 1


def test_two_people_with_the_same_key_get_a_notice_each(hello, alice, bob):
    for user in (alice, bob, alice):
        queue.notify(user, "tests.hello", about=None, context=context(), key="order-7")
    assert sorted(Message.objects.values_list("recipient__username", flat=True)) == ["alice", "bob"]


def test_several_are_told_once_each_and_of_who_is_away_the_deputy_too_but_not_who_did_it(hello, alice, bob):
    clerk, day = User.objects.create_user("clerk"), date(2026, 9, 21)
    Absence.objects.create(user=bob, deputy=clerk, first_day=day, last_day=day)
    gone = User.objects.create_user("gone")
    Absence.objects.create(user=gone, deputy=alice, first_day=day, last_day=day)
    with clock.at(NOON):
        told = [alice, bob, None, bob, gone, User.objects.system("clock")]
        queue.notify_each(told, "tests.hello", by=alice, about=None, context=context(), key="order-7")
    assert sorted(Message.objects.values_list("recipient__username", flat=True)) == ["bob", "clerk", "gone"]


def test_nobody_who_has_left_is_told_nor_a_stand_in_who_may_not_see_it(hello, alice, bob):
    day = date(2026, 9, 21)
    customer = Customer.objects.create(code="K-1", name="渝辉食品", owner=bob)
    Absence.objects.create(user=bob, deputy=alice, first_day=day, last_day=day)
    gone = User.objects.create_user("gone", email="gone@example.com", mail_notices=True, is_active=False)
    stranger = User.objects.create_user("stranger")
    User.objects.filter(pk=bob.pk).update(manager=stranger)
    with clock.at(NOON):
        for user in (gone, bob):
            given = {"by": stranger, "about": customer, "context": context(), "key": f"order-{user.pk}"}
            queue.notify_each([user], "tests.hello", **given)
    assert sorted(Message.objects.values_list("recipient__username", flat=True)) == ["bob"]
    with clock.at(NOON):
        involve(customer, user=bob, why="test")  # and so who stands in for him sees it, too
        queue.notify_each([bob], "tests.hello", by=stranger, about=customer, context=context(), key="order-8")
    assert sorted(Message.objects.values_list("recipient__username", flat=True)) == ["alice", "bob", "bob"]


def test_a_notice_is_shown_in_the_language_of_its_reader(hello, bob):
    notice = queue.notify(bob, "tests.hello", about=None, context=context(), key="order-7")
    with override("en"):
        assert notice.subject == "Order D-7 is ready"
    with override("zh-hans"):
        assert notice.subject == "订单D-7可以提货"
    assert notice.status == S.UNREAD


def test_who_wants_notices_by_mail_gets_one_with_the_same_words(hello, alice):
    alice.mail_notices = True
    alice.save()
    queue.notify(alice, "tests.hello", about=None, context=context(), key="order-7")
    queue.notify(alice, "tests.hello", about=None, context=context(), key="order-7")
    copy = Message.objects.get(channel="mail")
    assert (copy.email, copy.recipient, copy.subject) == ("alice@example.com", alice, "Order D-7 is ready")
    assert Message.objects.count() == 2


def test_moments_and_numbers_are_written_as_people_write_them(hello, alice):
    given = context(number=Decimal("12000.50"), day=datetime(2026, 9, 21, 6, 30, tzinfo=UTC))
    notice = queue.notify(alice, "tests.hello", about=None, context=given, key="order-7")
    with override("en"):
        assert notice.subject == "Order 12,000.5 is ready"
        assert "by 2026-09-21 14:30 (Mon) & bring" in notice.body


def test_a_call_goes_to_the_deputy_of_who_is_away(hello, alice, bob):
    Absence.objects.create(user=alice, first_day=date(2026, 9, 21), last_day=date(2026, 9, 22), deputy=bob)
    with clock.at(NOON):
        message = queue.call(
            assignee=alice,
            contact_name="李娜",
            phone="138 0013 8000",
            template="tests.hello",
            about=None,
            context=context(),
            language="zh-hans",
            key="call-7",
        )
    assert (message.recipient, message.status, message.next_at) == (bob, S.OPEN, NOON)
    assert message.phone == "+8613800138000"


def test_a_mail_without_an_address_is_refused_and_nothing_is_written(hello, db):
    with pytest.raises(Refused) as refused:
        mail(address="")
    assert refused.value.code == "no_mail_address"
    assert not Message.objects.exists()


def test_a_context_that_lacks_a_variable_is_an_error_of_the_program(hello, alice):
    with pytest.raises(TypeError, match=r"tests\.hello needs link, number"):
        queue.notify(alice, "tests.hello", about=None, context={"day": date(2026, 9, 21)}, key="order-7")
    assert not Message.objects.exists()


def test_neither_address_nor_text_can_be_read_in_the_database(hello, db):
    mail(context=context(number="order-number-7", link="https://example.com/l/secret-token/"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM outbox_message m")
        row = cursor.fetchone()[0]
    assert "li@example.com" not in row
    assert "secret-token" not in row
    assert "order-number-7" not in row
    assert Message.objects.get(email="LI@example.com").email == "li@example.com"


def test_in_test_mode_a_mail_is_kept_and_nothing_is_woken(hello, db, settings, django_capture_on_commit_callbacks):
    settings.OUTBOX_TEST_MODE = True
    with django_capture_on_commit_callbacks() as callbacks:
        assert mail().status == S.SUPPRESSED
    assert callbacks == []


def test_the_sender_is_woken_after_commit_and_once(
    hello, db, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.OUTBOX_TEST_MODE = False
    woken: list[int] = []
    monkeypatch.setattr(queue, "wake", woken.append)
    with django_capture_on_commit_callbacks(execute=True):
        message = mail()
        mail()
        assert woken == []
    assert woken == [message.pk]


def test_a_broker_that_is_down_stops_nobody(hello, db, settings, monkeypatch, django_capture_on_commit_callbacks):
    from kombu.exceptions import OperationalError

    from crm.outbox.tasks import send_message

    def refuse(*args, **options):
        raise OperationalError("connection refused")

    settings.OUTBOX_TEST_MODE = False
    monkeypatch.setattr(send_message, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        message = mail()
    assert Message.objects.get(pk=message.pk).status == S.QUEUED


def test_the_message_knows_the_action_that_caused_it(hello, alice):
    with via.caused_by(4711, 1):
        assert queue.notify(alice, "tests.hello", about=None, context=context(), key="a").cause_id == 4711


def test_what_was_not_sent_yet_can_be_withdrawn(hello, alice, settings):
    settings.OUTBOX_TEST_MODE = False
    message = queue.mail(template="tests.hello", about=alice, context=context(), key="a", address="li@example.com")
    notice = queue.notify(alice, "tests.hello", about=alice, context=context(), key="a")
    assert queue.withdraw(alice, template="tests.other") == 0
    assert queue.withdraw(alice, template="tests.hello") == 1
    message.refresh_from_db()
    notice.refresh_from_db()
    assert (message.status, message.next_at, notice.status) == (S.CANCELLED, None, S.UNREAD)


@pytest.mark.django_db(transaction=True)
def test_two_transactions_with_one_key_write_one_message(hello):
    """The second waits for the first, and answers its message."""
    ready, written = threading.Event(), threading.Event()
    found: list[int] = []

    def first():
        with transaction.atomic():
            found.append(mail().pk)
            written.set()
            ready.wait(60)
        connection.close()

    def second():
        written.wait(60)
        found.append(mail().pk)
        connection.close()

    threads = [threading.Thread(target=each) for each in (first, second)]
    for thread in threads:
        thread.start()
    written.wait(60)
    threads[1].join(0.3)
    assert threads[1].is_alive(), "the second did not wait"
    ready.set()
    for thread in threads:
        thread.join(60)
    assert len(found) == 2
    assert found[0] == found[1]
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_leaves_no_message(hello):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail()
        raise ZeroDivisionError
    assert not Message.objects.exists()
