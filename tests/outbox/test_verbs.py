"""What people do with messages: record a call, send again, read."""

from datetime import UTC, datetime, timedelta

import pytest

from crm import clock
from crm.outbox import queue, sender
from crm.outbox.actions import read_notices, record_call, resend_message
from crm.outbox.forms import CallForm
from crm.outbox.models import Message
from crm.records.models import ActionLog
from crm.refusals import Forbidden, Refused, WrongState

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)
S = Message.Status
CONTEXT = {"number": "D-7", "day": "Monday", "link": ""}


@pytest.fixture
def call(hello, alice) -> Message:
    with clock.at(NOON):
        return queue.call(
            assignee=alice,
            contact_name="李娜",
            phone="13800138000",
            template="tests.hello",
            about=None,
            context=CONTEXT,
            language="zh-hans",
            key="call-7",
        )


@pytest.fixture
def notices(hello, alice, bob) -> list[Message]:
    return [
        queue.notify(user, "tests.hello", about=None, context=CONTEXT, key=key)
        for user, key in ((alice, "a"), (alice, "b"), (bob, "a"))
    ]


def test_a_call_that_reached_the_contact_is_done_with_its_result(call, alice):
    with clock.at(NOON + timedelta(hours=1)):
        record_call(call, by=alice, result="reached", note="comes on Friday")
    assert (call.status, call.result, call.note, call.done_by) == (S.DONE, "reached", "comes on Friday", alice)
    assert call.read_at == NOON + timedelta(hours=1)
    assert ActionLog.objects.get().verb == "outbox.record_call"
    assert Message.objects.count() == 1


def test_who_wants_to_be_called_again_becomes_a_new_call_at_that_time(call, alice):
    at = NOON + timedelta(hours=3)
    with clock.at(NOON):
        again = record_call(call, by=alice, result="call_back", call_back_at=at)
    assert (again.status, again.next_at, again.recipient) == (S.OPEN, at, alice)
    assert (again.phone, again.body, again.contact_name) == (call.phone, call.body, "李娜")
    call.refresh_from_db()
    assert (call.status, call.result) == (S.DONE, "call_back")


def test_a_call_is_recorded_once(call, alice):
    record_call(call, by=alice, result="reached")
    with pytest.raises(WrongState):
        record_call(call, by=alice, result="refused")
    call.refresh_from_db()
    assert call.result == "reached"


def test_a_stranger_does_not_see_the_call(call, bob):
    with pytest.raises(Message.DoesNotExist):
        record_call(call, by=bob, result="reached")
    call.refresh_from_db()
    assert call.status == S.OPEN


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"result": "call_back"}, "call_back_at"),
        ({"result": "call_back", "call_back_at": "2020-01-01T10:00"}, "call_back_at"),
        ({"result": "asleep"}, "result"),
        ({}, "result"),
        ({"result": "reached", "note": "x" * 2001}, "note"),
    ],
)
def test_a_result_that_says_too_little_is_refused(data, field, alice):
    form = CallForm(data, by=alice)
    assert not form.is_valid()
    assert list(form.problems()) == [field]


def test_a_time_without_the_wish_to_be_called_again_is_left_out(alice):
    form = CallForm({"result": "reached", "call_back_at": "2020-01-01T10:00"}, by=alice)
    assert form.is_valid()
    assert form.cleaned_data["call_back_at"] is None


def failed(alice) -> Message:
    message = queue.mail(
        template="tests.hello", about=None, context=CONTEXT, key="a", address="old@example.com", language="en"
    )
    Message.objects.filter(pk=message.pk).update(
        status=S.FAILED, attempts=3, last_error="recipient 550", recipient=alice
    )
    return Message.objects.get(pk=message.pk)


def test_a_failed_mail_is_sent_again_to_the_corrected_address(hello, alice, mailbox):
    message = failed(alice)
    resend_message(message, by=alice, address="new@example.com")
    assert (message.status, message.attempts, message.last_error) == (S.QUEUED, 0, "")
    assert ActionLog.objects.get().inputs == {"address": "….com"}
    assert sender.send_due() == 1
    assert mailbox.recipients == ["new@example.com"]


def test_in_test_mode_a_mail_is_not_sent_again(hello, alice, settings):
    message = failed(alice)
    settings.OUTBOX_TEST_MODE = True
    with pytest.raises(Refused) as refused:
        resend_message(message, by=alice)
    assert refused.value.code == "test_mode"
    message.refresh_from_db()
    assert message.status == S.FAILED


def test_a_sent_mail_is_not_sent_again(hello, alice, settings):
    settings.OUTBOX_TEST_MODE = False
    message = failed(alice)
    Message.objects.filter(pk=message.pk).update(status=S.SENT)
    with pytest.raises(WrongState):
        resend_message(message, by=alice)


def test_marking_as_read_touches_ones_own_notices_only(notices, alice):
    with clock.at(NOON):
        read_notices(by=alice)
    states = [Message.objects.get(pk=each.pk) for each in notices]
    assert [each.status for each in states] == [S.READ, S.READ, S.UNREAD]
    assert states[0].read_at == NOON


def test_some_notices_can_be_marked_and_others_left(notices, alice):
    read_notices(by=alice, notices=[notices[1], notices[2]])
    states = [Message.objects.get(pk=each.pk).status for each in notices]
    assert states == [S.UNREAD, S.READ, S.UNREAD]


def test_who_has_left_reads_nothing(notices, alice):
    alice.is_active = False
    alice.save()
    with pytest.raises(Forbidden):
        read_notices(by=alice)
    assert Message.objects.filter(status=S.UNREAD).count() == 3
