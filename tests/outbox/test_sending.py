"""Mails through a real SMTP server: what arrives, what does not, and what happens when something dies."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils.translation import override

from crm import clock
from crm.accounts.models import User
from crm.outbox import queue, sender
from crm.outbox.failures import explain
from crm.outbox.models import Message

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)
S = Message.Status


def queued(address="li@example.com", key="order-7", **more):
    given = {"contact_name": "李娜", "language": "zh-hans", "about": None} | more
    context = {"number": "D-7", "day": "周一", "link": "https://example.com/l/abcdefgh/"}
    with clock.at(NOON):
        return queue.mail(template="tests.hello", address=address, context=context, key=key, **given)


def send(after=timedelta(0)):
    with clock.at(NOON + after):
        return sender.send_due()


def now(message):
    message.refresh_from_db()
    return message


def test_a_mail_arrives_with_its_text_its_html_and_its_headers(hello, db, mailbox, settings):
    settings.DEFAULT_FROM_EMAIL = "紫藤 <noreply@example.com>"
    message = queued()
    assert send() == 1
    (mail,) = mailbox.mails
    assert mail["Subject"] == "订单D-7可以提货"
    assert mail["To"].addresses[0].display_name == "李娜"
    assert mail["To"].addresses[0].addr_spec == "li@example.com"
    assert mail["From"].addresses[0].display_name == "紫藤"
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "zh-hans"
    text, html = mail.iter_parts()
    assert (
        text.get_content()
        .replace("\r", "")
        .startswith("李娜，您好：\n\n请于周一前提货。\n\n确认提货：https://example.com/l/abcdefgh/")
    )
    assert '<a href="https://example.com/l/abcdefgh/" style=' in html.get_content()
    assert ">确认提货</a>" in html.get_content()
    assert mailbox.recipients == ["li@example.com"]
    assert (now(message).status, message.sent_at, message.attempts) == (S.SENT, NOON, 1)


def test_what_was_sent_is_not_sent_again(hello, db, mailbox):
    queued()
    assert (send(), send(timedelta(days=1))) == (1, 0)
    assert len(mailbox.mails) == 1


def test_a_refused_recipient_is_given_up_at_once_and_a_person_is_told(hello, alice, mailbox):
    boss = User.objects.create_superuser("boss", name="老板")
    message = queued("unknown@example.com")
    assert send() == 0
    assert now(message).status == S.FAILED
    assert (message.last_error, message.next_at) == ("recipient 550 5.1.1", None)
    with override("en"):
        assert explain(message.last_error) == "The mail server does not accept this address. (550 5.1.1)"
        notice = Message.objects.get(recipient=boss, channel="notice")
        assert notice.subject == "A mail to 李娜 was not delivered"
    assert notice.path == f"/messages/{message.pk}/"
    assert send(timedelta(days=1)) == 0


def test_a_temporary_refusal_is_tried_again_with_growing_delay_and_then_given_up(hello, db, mailbox):
    User.objects.create_superuser("boss", name="老板")
    message = queued("later@example.com")
    waits, after = [], timedelta(0)
    while send(after) == 0 and now(message).status == S.QUEUED:
        waits.append(message.next_at - NOON - after)
        after = message.next_at - NOON
    minute = timedelta(minutes=1)
    assert waits == [minute, 5 * minute, 30 * minute, 120 * minute, 720 * minute]
    assert (message.status, message.attempts, message.last_error) == (S.FAILED, 6, "recipient 451 4.7.1")
    assert Message.objects.filter(channel="notice").count() == 1


def test_a_server_that_is_down_costs_nothing_but_time(hello, db, serve):
    first, second = queued(key="a"), queued(key="b")
    assert send() == 0
    assert (now(first).status, first.last_error) == (S.QUEUED, "unreachable")
    assert now(second).attempts == 0, "the second was tried although the server is down"
    mailbox = serve()
    assert send(timedelta(minutes=1)) == 2
    assert sorted(mailbox.ids) == sorted([first.message_id, second.message_id])
    assert (now(first).status, now(first).last_error) == (S.SENT, "")


def test_a_sender_that_died_after_its_claim_is_replaced_and_the_mail_keeps_its_id(hello, db, mailbox, monkeypatch):
    message = queued()

    class Killed(BaseException):
        pass

    def die(*_args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sender, "_mail_of", die)
        with pytest.raises(Killed):
            send()
    assert (now(message).status, message.claimed_at) == (S.SENDING, NOON)
    assert send(timedelta(minutes=9)) == 0
    assert send(timedelta(minutes=11)) == 1
    assert mailbox.ids == [message.message_id]
    assert (now(message).status, message.attempts) == (S.SENT, 2)


def test_a_sender_that_was_taken_for_dead_does_not_undo_what_the_other_noted(hello, db, mailbox):
    message = queued()
    with clock.at(NOON):
        slow = sender._claim(Message.objects.filter(pk=message.pk))
    assert send(timedelta(minutes=11)) == 1
    sender._failed(slow, "unreachable", for_good=False)
    assert now(message).status == S.SENT


def test_in_test_mode_nothing_leaves(hello, db, mailbox, settings):
    waiting = queued(key="a")
    settings.OUTBOX_TEST_MODE = True
    kept = queued(key="b")
    assert send() == 0
    assert not sender.send_one(waiting.pk)
    assert (now(waiting).status, now(kept).status) == (S.SUPPRESSED, S.SUPPRESSED)
    assert mailbox.mails == []


def test_one_mail_that_cannot_be_read_does_not_hold_up_the_others(hello, db, mailbox):
    User.objects.create_superuser("boss", name="老板")
    broken, fine = queued(key="a"), queued(key="b")
    Message.objects.filter(pk=broken.pk).update(next_at=NOON - timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_message SET texts = 'ffffffff:::nonsense' WHERE id = %s", [broken.pk])
    assert send() == 1
    assert mailbox.ids == [fine.message_id]
    state = Message.objects.defer(*sender.SECRET).get(pk=broken.pk)
    assert (state.status, state.last_error) == (S.FAILED, "unreadable")


def test_an_address_with_a_line_break_cannot_smuggle_in_a_header(hello, db, mailbox):
    User.objects.create_superuser("boss", name="老板")
    queued(contact_name="李娜\r\nBcc: thief@example.com")
    send()
    assert mailbox.recipients in ([], ["li@example.com"])
    assert all(mail["Bcc"] is None for mail in mailbox.mails)


def test_no_log_line_names_the_recipient(hello, db, mailbox, caplog):
    User.objects.create_superuser("boss", name="老板")
    queued("unknown@example.com")
    send()
    assert "was not sent: recipient 550 5.1.1" in caplog.text
    assert "unknown@example.com" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(hello, mailbox):
    for number in range(12):
        queued(key=f"order-{number}")
    start, sent = threading.Barrier(2), []

    def work():
        start.wait(60)
        sent.append(send())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(sent) == 12
    assert len(mailbox.ids) == len(set(mailbox.ids)) == 12
    assert Message.objects.filter(status=S.SENT).count() == 12
