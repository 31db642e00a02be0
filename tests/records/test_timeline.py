"""The timeline: verbs, changes and files in words, newest first, within what one may see."""

from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.records import timeline as module
from crm.records.entries import entry
from crm.records.masks import reveal
from crm.records.models import ActionLog
from crm.records.timeline import register_timeline, timeline
from customers.actions import add_contact, add_document, log_contact, set_payment_terms, verify_customer
from customers.models import Contact, Customer
from orders.inquiries.models import Inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(huawei):
    return Customer.objects.get(pk=huawei.pk)


def after_the_verb():
    """What ends with the transaction of a verb; a test's transaction goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('crm.actor', '', true), set_config('crm.log', '', true)")


def shown(entries):
    return [(str(each["actor"]), str(each["title"])) for each in entries]


def changes(each):
    return {str(line["label"]): (line["before"], line["after"]) for line in each["changes"]}


def test_a_verb_is_told_with_actor_words_and_changes(mine, root):
    set_payment_terms(mine, by=root, payment_terms="credit", payment_days=30)
    first = timeline(mine, root)[0]
    assert (str(first["actor"]), str(first["title"])) == ("Root", "Set payment terms")
    assert changes(first) == {"payment terms": ("Payment before pickup", "On account"), "days to pay": ("0", "30")}


def test_what_somebody_wrote_is_told(mine, alice):
    verify_customer(mine, by=alice, remarks="asked Mrs Li")
    first = timeline(mine, alice)[0]
    assert "asked Mrs Li" in first["body"]
    assert changes(first)["verified by"] == ("", "Alice")


def test_a_key_is_shown_by_name_and_a_moment_in_local_time(mine, root, bob):
    with clock.at(datetime(2026, 9, 21, 6, 30, tzinfo=UTC)):
        verify_customer(mine, by=root, remarks="")
    after_the_verb()
    Customer.objects.filter(pk=mine.pk).update(owner=bob)
    entries = timeline(mine, root)
    assert changes(entries[0]) == {"owner": ("Alice", "Bob")}
    assert changes(entries[-1])["last verified"][1] == "2026-09-21 14:30"


def test_an_identifier_is_told_by_its_tail(contact, alice):
    Contact.objects.filter(pk=contact.pk).update(mobile="13900139123")
    first = timeline(contact, alice)[0]
    assert changes(first) == {"mobile": ("****8000", "****9123")}
    assert "139001" not in str(timeline(contact, alice))


def test_a_change_behind_the_products_back_names_the_database_account(mine, root):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET region = 'X'")
        cursor.execute("SELECT session_user")
        account = cursor.fetchone()[0]
    first = timeline(mine, root)[0]
    assert (first["actor"], first["title"]) == (f"Database account {account}", "Changed")
    assert changes(first) == {"region": ("", "X")}


def test_a_customers_timeline_gathers_what_belongs_to_him(mine, root):
    add_contact(mine, by=root, name="王小明", mobile="13800138000")
    log_contact(mine, by=root, channel="phone", direction="out", what="asked for prices", next_step="", due_on=None)
    after_the_verb()
    contact = Contact.objects.get(name="王小明")
    Contact.objects.filter(pk=contact.pk).update(title="Buyer")
    entries = timeline(mine, root)
    assert [str(title) for _actor, title in shown(entries)][:3] == ["Changed: 王小明", "Log a contact", "Add a contact"]
    assert changes(entries[0]) == {"contact: title": ("", "Buyer")}
    assert "asked for prices" in entries[1]["body"]
    assert "王小明" in entries[2]["body"]
    assert "13800138" not in str(entries)  # a moment in it may have any three digits


def test_a_file_stands_in_the_timeline_with_its_link(mine, root, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("licence.pdf", b"%PDF-1.7 x")
    add_document(mine, by=root, upload=file, kind="licence", title="", number="", expires_on=None)
    added = next(each for each in timeline(mine, root) if each["icon"] == "paperclip")
    assert added["body"] == "licence.pdf"
    assert '<a href="/files/' in added["body_html"]


def test_looks_are_not_told(contact, root):
    reveal(contact, "mobile", by=root)
    assert all("clear" not in str(each["title"]) for each in timeline(contact, root))


def test_of_what_belongs_to_the_customer_one_is_told_what_one_may_see(mine, root, alice, charlie):
    inquiry = Inquiry.objects.create(number="Q1", name="secret", matter="x", customer=mine, received_by=charlie)
    kind = ContentType.objects.get_for_model(Inquiry)
    ActionLog.objects.create(
        verb="inquiries.x", actor=root, subject_type=kind, subject_pk=inquiry.pk, customer_id=mine.pk, door="page"
    )
    assert "secret" in str(timeline(mine, root))
    assert "secret" not in str(timeline(mine, alice))
    assert "inquiries.x" not in str(timeline(mine, alice))


def test_a_consequence_of_what_one_does_not_see_tells_no_word_of_it(mine, root, alice, charlie):
    inquiry = Inquiry.objects.create(number="Q1", name="x", matter="x", received_by=charlie)
    log = ActionLog.objects.create(
        verb="customers.verify_customer",
        actor=root,
        subject_type=ContentType.objects.get_for_model(Inquiry),
        subject_pk=inquiry.pk,
        inputs={"remarks": "secret"},
        door="page",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('crm.actor', %s, true), set_config('crm.log', %s, true)", [str(root.pk), str(log.pk)]
        )
    Customer.objects.filter(pk=mine.pk).update(region="X")
    first = timeline(mine, alice)[0]
    assert changes(first) == {"region": ("", "X")}
    assert (first["actor"], first["body"]) == ("Root", "")


def test_other_apps_add_entries(mine, root, monkeypatch):
    monkeypatch.setattr(module, "SOURCES", {None: [], Customer: []})
    at = datetime(2020, 1, 1, tzinfo=UTC)
    called = entry(at, "Called", actor="Li", internal=True, body="<b>")
    register_timeline(Customer, lambda obj, user, limit, before: [called])
    last = timeline(mine, root)[-1]
    assert (last["title"], last["internal"], last["body_html"]) == (
        "Called",
        True,
        '<span class="wrap">&lt;b&gt;</span>',
    )


def test_the_number_of_queries_does_not_grow_with_the_entries(mine, root):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            timeline(mine, root)
        return len(captured)

    verify_customer(mine, by=root, remarks="1")
    add_contact(mine, by=root, name="王", mobile="")
    Contact.objects.update(title="x")
    before = queries()
    for number in range(5):
        verify_customer(mine, by=root, remarks=str(number))
        add_contact(mine, by=root, name=f"王{number}", mobile="")
    Contact.objects.update(title="y")
    assert queries() == before <= 14


def test_it_is_limited_and_newest_first(mine, root):
    for number in range(6):
        verify_customer(mine, by=root, remarks=str(number))
    entries = timeline(mine, root, 4)
    assert len(entries) == 4
    assert [each["at"] for each in entries] == sorted((each["at"] for each in entries), reverse=True)
    assert "5" in entries[0]["body"]


def test_it_is_drawn(mine, root):
    set_payment_terms(mine, by=root, payment_terms="credit", payment_days=30)
    html = render_to_string("parts/timeline.html", {"record": {"story": {"entries": timeline(mine, root)}}})
    assert "Set payment terms" in html and "On account" in html


def test_texts_are_escaped(mine, root):
    verify_customer(mine, by=root, remarks="<script>")
    assert "&lt;script&gt;" in timeline(mine, root)[0]["body_html"]
