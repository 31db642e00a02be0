"""The bell, the notices, the calls and the page of a message."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from crm import clock
from crm.outbox import queue
from crm.outbox.models import Message
from crm.outbox.panels import messages_of
from crm.outbox.retention import forget_old

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)
CONTEXT = {"number": "D-7", "day": "Monday", "link": "https://example.com/l/abcdefghijklmnop/"}
S = Message.Status


def notify(user, key="a", **more):
    return queue.notify(user, "tests.hello", about=None, context=CONTEXT | more, key=key)


def ask_to_call(user, key="a", **more):
    given = {"contact_name": "李娜", "phone": "13800138000", "language": "zh-hans", "about": None, **more}
    return queue.call(assignee=user, template="tests.hello", context=CONTEXT, key=key, **given)


@pytest.fixture
def page(client, alice):
    client.force_login(alice)
    return client.get


def test_the_bell_shows_the_newest_notices_and_the_calls_that_wait(hello, alice, bob, page):
    for number in range(10):
        notify(alice, key=str(number), number=f"D-{number}")
    notify(bob, number="D-99")
    ask_to_call(alice)
    shown = page(reverse("bell")).text
    assert "Order D-9 is ready" in shown
    assert "Order D-1 is ready" not in shown
    assert "D-99" not in shown
    assert "1 call to make" in shown
    assert Message.objects.unread_by(alice).count() == 10


def test_a_bell_full_of_notices_costs_no_more_queries_than_one(hello, alice, page, django_assert_max_num_queries):
    for number in range(10):
        notify(alice, key=str(number))
    page(reverse("bell"))
    with django_assert_max_num_queries(7):
        page(reverse("bell"))


def test_opening_a_notice_marks_it_read_and_leads_to_its_record(hello, alice, page):
    notice = notify(alice)
    Message.objects.filter(pk=notice.pk).update(path="/customers/7/")
    answer = page(reverse("notice", args=[notice.pk]))
    assert (answer.status_code, answer.url) == (302, "/customers/7/")
    notice.refresh_from_db()
    assert notice.status == S.READ


def test_another_ones_notice_is_not_there(hello, bob, page):
    notice = notify(bob)
    assert page(reverse("notice", args=[notice.pk])).status_code == 404
    assert page(reverse("message", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.status == S.UNREAD


def test_older_notices_are_on_the_next_page(hello, alice, page):
    for number in range(42):
        notify(alice, key=str(number), number=f"D-{number:03}")
    first = page(reverse("notices"))
    assert "D-041" in first.text
    assert "D-001" not in first.text
    second = page(reverse("notices") + f"?before={first.context['older']}")
    assert "D-001" in second.text
    assert "D-041" not in second.text
    assert second.context["older"] is None


def test_the_calls_page_says_what_to_say_most_urgent_first(hello, alice, page):
    ask_to_call(alice, key="later", contact_name="王强", due=clock.now() + timedelta(hours=2))
    ask_to_call(alice, key="sooner", contact_name="李娜", due=clock.now() - timedelta(hours=2))
    shown = page(reverse("calls")).text
    assert shown.index("李娜") < shown.index("王强")
    assert "13800138000" not in shown
    assert reverse("do", args=["outbox.record_call", Message.objects.get(contact_name="李娜").pk]) in shown


def test_empty_pages_say_what_will_stand_there(alice, page):
    assert "No notices yet" in page(reverse("notices")).text
    assert "No calls to make" in page(reverse("calls")).text


def test_a_strangers_browser_is_sent_to_sign_in(client, db):
    for name in ("bell", "notices", "calls"):
        assert client.get(reverse(name)).status_code == 302


def test_the_page_of_a_sent_mail_shows_its_proof_but_not_the_customers_link(hello, alice, page, settings):
    settings.OUTBOX_TEST_MODE = False
    message = queue.mail(
        template="tests.hello", about=alice, context=CONTEXT, key="a", address="li@example.com", language="en"
    )
    Message.objects.filter(pk=message.pk).update(status=S.SENT, sent_at=NOON, recipient=alice)
    shown = page(reverse("message", args=[message.pk])).text
    assert message.message_id.strip("<>") in shown
    assert "/l/…" in shown
    assert "abcdefghijklmnop" not in shown
    assert "li@example.com" not in shown


def test_a_mail_kept_in_test_mode_shows_its_link_because_nobody_else_has_it(hello, alice, page, settings):
    settings.OUTBOX_TEST_MODE = True
    message = queue.mail(
        template="tests.hello", about=alice, context=CONTEXT, key="a", address="li@example.com", language="en"
    )
    Message.objects.filter(pk=message.pk).update(recipient=alice)
    shown = page(reverse("message", args=[message.pk])).text
    assert "abcdefghijklmnop" in shown
    assert "Kept, test mode" in shown


def test_a_record_lists_its_mails_and_calls_but_no_notices(hello, alice, bob):
    queue.notify(bob, "tests.hello", about=alice, context=CONTEXT, key="n")
    call = ask_to_call(bob, about=alice)
    mail = queue.mail(template="tests.hello", about=alice, context=CONTEXT, key="m", address="li@example.com")
    ask_to_call(bob, key="other", about=bob)
    assert list(messages_of(alice)) == [mail, call]


def test_old_notices_and_mails_go_and_what_waits_for_somebody_stays(hello, alice):
    with clock.at(NOON):
        notice, call = notify(alice), ask_to_call(alice)
        mail = queue.mail(template="tests.hello", about=None, context=CONTEXT, key="m", address="li@example.com")
    with clock.at(NOON + timedelta(days=179)):
        assert forget_old() == 0
    with clock.at(NOON + timedelta(days=181)):
        assert forget_old() == 1
    assert not Message.objects.filter(pk=notice.pk).exists()
    with clock.at(NOON + timedelta(days=4 * 365)):
        assert forget_old() == 1
    assert list(Message.objects.all()) == [call]
    assert mail.pk
