"""An administrator's own wording: it wins, it knows variables only, and nothing in it is ever run."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from crm.accounts.models import User
from crm.outbox import queue
from crm.outbox.models import Message, MessageTemplate
from crm.outbox.render import LANGUAGES, html_of, present, preview, starting_text
from crm.outbox.templates import TEMPLATES, problems_of

CASES = [
    (key, channel, language)
    for key, message in sorted(TEMPLATES.items())
    for channel in message.channels
    for language in LANGUAGES
]


@pytest.mark.parametrize(("key", "channel", "language"), CASES)
def test_every_message_has_a_text_in_every_language_and_uses_known_variables_only(key, channel, language, db):
    text = preview(key, channel, language)
    assert text["subject"]
    assert text["body"]
    source = starting_text(key, channel, language)
    assert problems_of(key, source["subject"] + source["body"]) == []


def test_amounts_have_their_currency_and_other_numbers_none(db):
    text = preview("advances.broken", "notice", "en")
    assert "¥8,000.00 is missing" in text["body"]
    told = present({"open": Decimal("12800.00"), "days": Decimal(16), "lines": [{"amount": Decimal("0.10")}]})
    assert told == {"open": "¥12,800.00", "days": "16", "lines": [{"amount": "¥0.10"}]}


def test_every_message_has_at_least_one_channel():
    assert [key for key, message in TEMPLATES.items() if not message.channels] == []


def wording(**more):
    given = {"key": "tests.hello", "channel": "mail", "language": "en", "subject": "{{ number }}!", "body": "Come."}
    return MessageTemplate(**given | more)


def test_an_own_wording_wins_in_its_language_and_channel_only(hello, db):
    wording(body="Dear {{recipient}}, come to {{ company }}.").save()
    context = {"number": "D-7", "day": "Monday", "link": ""}
    for language in LANGUAGES:
        queue.mail(
            template="tests.hello",
            about=None,
            context=context,
            key=language,
            address="li@example.com",
            contact_name="Li Na",
            language=language,
        )
    english, chinese = Message.objects.get(language="en"), Message.objects.get(language="zh-hans")
    assert (english.subject, english.body) == ("D-7!", "Dear Li Na, come to Ziti.")
    assert chinese.subject == "订单D-7可以提货"


def test_a_variable_that_the_message_has_not_is_refused(hello, db):
    with pytest.raises(ValidationError) as refused:
        wording(body="Call {{ phone }}").full_clean()
    assert list(refused.value.message_dict) == ["body"]
    assert "“phone”" in refused.value.message_dict["body"][0]


@pytest.mark.parametrize(
    "body", ["{% include 'x' %}", "{{ number.__class__ }}", "{{ number|upper }}", "{# note #}", "{{ 1 }} {%", "{{}}"]
)
def test_anything_that_is_more_than_a_variable_is_refused(body, hello, db):
    with pytest.raises(ValidationError):
        wording(body=body).full_clean()


def test_what_a_variable_holds_is_not_read_as_a_template(hello, db):
    wording(body="Number {{ number }}").save()
    context = {"number": "{{ company }}{% now 'Y' %}", "day": "", "link": ""}
    message = queue.mail(
        template="tests.hello", about=None, context=context, key="a", address="li@example.com", language="en"
    )
    assert message.body == "Number {{ company }}{% now 'Y' %}"


def test_a_customers_words_cannot_become_html():
    html = html_of("<b>", "<script>alert(1)</script> & https://example.com/?a=1&b=2", "en")
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in html
    assert 'href="https://example.com/?a=1&amp;b=2"' in html


def test_a_line_of_words_and_an_address_becomes_a_button():
    html = html_of("Order", "Hello\n\nConfirm: https://example.com/l/abc/\n\nBye", "en")
    assert ">Confirm</a></p>" in html


def test_the_back_office_shows_every_message_in_both_languages_and_begins_with_the_built_in_text(hello, client, db):
    client.force_login(User.objects.create_superuser("boss", name="老板", language="en"))
    catalogue = client.get(reverse("admin:outbox_messagetemplate_changelist"))
    assert catalogue.status_code == 200
    assert "tests.hello" in catalogue.text
    shown = client.get(reverse("admin:wording-preview", args=["tests.hello", "mail"]))
    assert "Order D-1 is ready" in shown.text
    assert "订单D-1可以提货" in shown.text
    assert client.get(reverse("admin:wording-preview", args=["tests.hello", "fax"])).status_code == 404
    add = reverse("admin:outbox_messagetemplate_add") + "?key=tests.hello&channel=mail&language=en"
    shown = client.get(add).text
    assert "Order {{ number }} is ready" in shown
    assert "<code>{{ day }}</code> 2026-09-21" in shown


def test_the_back_office_saves_a_wording_and_refuses_a_stale_page(hello, client, db):
    client.force_login(User.objects.create_superuser("boss", name="老板", language="en"))
    data = {"key": "tests.hello", "channel": "mail", "language": "en", "subject": "S", "body": "{{ nobody }}"}
    add = reverse("admin:outbox_messagetemplate_add")
    assert client.post(add, data).status_code == 200
    assert not MessageTemplate.objects.exists()
    assert client.post(add, data | {"body": "B {{ number }}"}).status_code == 302
    row = MessageTemplate.objects.get()
    assert row.version == 1
    change = reverse("admin:outbox_messagetemplate_change", args=[row.pk])
    page = client.get(change)
    assert "B D-1" in page.text
    assert client.post(change, data | {"body": "late", "seen_version": 0}).status_code == 200
    row.refresh_from_db()
    assert row.body == "B {{ number }}"
    assert client.post(change, data | {"body": "now", "seen_version": 1}).status_code == 302
    row.refresh_from_db()
    assert (row.body, row.version) == ("now", 2)
    assert client.post(change, data | {"key": "outbox.failed", "body": "later", "seen_version": 2}).status_code == 302
    row.refresh_from_db()
    assert (row.key, row.body) == ("tests.hello", "later")
