"""The clerk's side: page, list, the step to a complaint, REST, the back office, and who may see it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from complaints import actions as complaints
from complaints.inbox import actions
from complaints.inbox.models import Incoming, PublicForm
from complaints.models import Complaint, Evidence
from crm import clock
from crm.accounts.models import Department
from crm.api.tokens import issue
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import Attachment
from customers.models import Contact, ContactEntry, Customer
from tests.inbox.conftest import PNG, arrive, close, letter
from tests.world import World, nothing_moves, refused, scan

GIVEN: dict[str, Any] = {"category": "appearance", "content": "两台柜门划伤"}


def with_photo(**heads: str) -> Incoming:
    message = letter(**heads)
    message.add_attachment(PNG, maintype="image", subtype="png", filename="柜门.png")
    return arrive(message)


def test_one_step_makes_a_complaint_that_came_when_the_mail_came(world: World) -> None:
    item = with_photo(From="wang@example.com")
    with clock.at(clock.now() + timedelta(hours=2)):
        complaint = actions.make_complaint(
            item, by=world.alice, customer=world.customer, contact=world.contact, **GIVEN
        )
    item.refresh_from_db()
    assert (item.status, item.complaint, item.done_by) == ("complaint", complaint, world.alice)
    assert (complaint.customer, complaint.contact, complaint.channel) == (world.customer, world.contact, "mail")
    assert complaint.received_at == complaint.round_at == item.received_at
    due = Deadline.objects.about(complaint).get(rule="complaint.register").due_at
    assert clock.now() + timedelta(hours=4) <= due <= clock.now() + timedelta(hours=6)  # as if registered at once
    piece = Evidence.objects.get(complaint=complaint)
    assert piece.added_by.username == "links"  # so that who made the complaint may judge it
    assert (piece.what, piece.file and piece.file.name, piece.taken_at) == ("柜门.png", "柜门.png", item.received_at)
    assert Attachment.objects.about(complaint).get().sha256 == Attachment.objects.about(item).get().sha256
    told = Message.objects.get(template="complaints.number")
    assert told.email == "wang@example.com"
    assert not Deadline.objects.open().about(item).exists()
    assert Deadline.objects.about(item).get(rule="complaint.inbox").closed_at is not None


def test_a_stranger_becomes_a_potential_customer_and_gets_his_number(world: World) -> None:
    item = with_photo()
    complaint = actions.make_complaint(item, by=world.alice, new_customer="江北李强五金", **GIVEN)
    customer = Customer.objects.get(name="江北李强五金")
    assert (complaint.customer, customer.status, customer.owner) == (customer, "potential", world.alice)
    assert (complaint.contact and complaint.contact.name, complaint.order) == ("李强", None)
    assert Message.objects.get(template="complaints.number").email == "li@example.com"


def test_sales_looks_after_whom_reception_enters(world: World) -> None:
    reception = world.person("reception", "reception", department=Department.objects.create(code="desk", name="前台"))
    complaint = actions.make_complaint(arrive(letter()), by=reception, new_customer="江北李强五金", **GIVEN)
    assert complaint.customer.owner == complaint.owner == world.boss
    assert Complaint.objects.visible_to(reception).filter(pk=complaint.pk).exists()


def test_the_sender_is_kept_as_a_contact_only_where_the_clerk_says_so(world: World) -> None:
    given = {"customer": world.customer, **GIVEN}
    first = actions.make_complaint(arrive(letter()), by=world.root, **given)
    assert first.contact == world.contact
    second = actions.make_complaint(arrive(letter(Message_ID="<2@x>")), by=world.root, keep_sender=True, **given)
    assert second.contact is not None
    assert (second.contact.email, second.contact.customer) == ("li@example.com", world.customer)
    assert Contact.objects.filter(customer=world.customer).count() == 2


def test_the_clerk_puts_a_stranger_s_answer_to_its_complaint(world: World) -> None:
    known = complaints.receive_complaint(world.customer, by=world.root, channel="hotline", **GIVEN)
    item = with_photo(Subject=f"Re: {known.number}")
    actions.put_to_complaint(item, by=world.root, complaint=known)
    item.refresh_from_db()
    assert (item.status, item.complaint) == ("added", known)
    piece = Evidence.objects.get(complaint=known)
    assert (piece.file and piece.file.name, piece.status) == ("柜门.png", "unjudged")


def test_nothing_is_added_to_a_closed_complaint(world: World) -> None:
    known = complaints.receive_complaint(world.customer, by=world.root, channel="hotline", **GIVEN)
    close(known)
    known.refresh_from_db()
    item = arrive(letter())
    with refused("closed"):
        actions.put_to_complaint(item, by=world.root, complaint=known)


def test_a_message_is_made_into_one_complaint_only(world: World) -> None:
    item = arrive(letter())
    actions.make_complaint(item, by=world.root, customer=world.customer, **GIVEN)
    item.refresh_from_db()
    with refused("wrong_state"):
        actions.make_complaint(item, by=world.root, customer=world.customer, **GIVEN)


def test_what_is_set_aside_has_a_reason_and_can_be_looked_at_after_all(world: World) -> None:
    item = arrive(letter())
    actions.set_aside(item, by=world.alice, reason="广告")
    item.refresh_from_db()
    assert (item.status, item.reason, item.done_by) == ("aside", "广告", world.alice)
    assert not Deadline.objects.open().about(item).exists()
    actions.look_again(item, by=world.alice)
    item.refresh_from_db()
    assert (item.status, item.reason, item.done_by) == ("new", "", None)
    assert Deadline.objects.open().about(item).filter(rule="complaint.inbox").exists()


def test_what_was_taken_for_a_machine_can_be_looked_at_too(world: World) -> None:
    item = arrive(letter(Subject="自动回复失灵，请处理"))
    assert item.status == "automatic"
    actions.look_again(item, by=world.alice)
    complaint = actions.make_complaint(item, by=world.root, customer=world.customer, **GIVEN)
    assert complaint.status == "received"


# Pages.


def test_the_page_shows_words_as_words_and_files_by_name(world: World, client_of: Any) -> None:
    message = letter("<script>alert(1)</script>\n第二行 http://track.example/1.gif")
    message.add_attachment(PNG, maintype="image", subtype="png", filename="柜门.png")
    message.add_attachment(b"MZ\x90\x00" + b"\x00" * 80, maintype="application", subtype="x", filename="坏.exe")
    item = arrive(message)
    page = client_of(world.alice).get(item.get_absolute_url())
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script>alert" not in page.text and 'src="http://track' not in page.text
    for words in ("柜门.png", "坏.exe", "李强"):
        assert words in page.text
    assert "li@example.com" not in page.text  # masked as other addresses are


def test_the_page_says_that_an_address_is_only_a_claim(world: World, client_of: Any) -> None:
    known = complaints.receive_complaint(world.customer, by=world.root, channel="hotline", **GIVEN)
    item = arrive(letter(From="wang@example.com", Subject="别的"))
    page = client_of(world.root).get(item.get_absolute_url()).text
    assert "王小明" in page and world.customer.name in page
    thief = arrive(letter(From="thief@example.com", Subject=known.number, Message_ID="<2@x>"))
    assert known.number in client_of(world.root).get(thief.get_absolute_url()).text


def test_the_dialog_has_what_is_known_in_it(world: World, client_of: Any) -> None:
    item = arrive(letter(From="wang@example.com"))
    page = client_of(world.root).get(f"/do/inbox.make_complaint/{item.pk}/").text
    for words in ("到货两台柜门划伤", world.customer.name, "王小明"):
        assert words in page


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "customer"),
        ({"customer": "own", "new_customer": "某公司"}, "customer"),
        ({"new_customer": "known"}, "new_customer"),
        ({"customer": "own", "contact": "foreign"}, "contact"),
    ],
)
def test_whose_it_is_must_be_clear(world: World, sent: dict[str, str], field: str) -> None:
    other = world.new_customer(name="另一家")
    foreign = Contact.objects.get(customer=other)
    values = {"own": world.customer.pk, "known": other.name, "foreign": foreign.pk}
    item = arrive(letter())
    given = {name: values.get(value, value) for name, value in sent.items()}
    _token, secret = issue(world.root, "test", ("write",), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    with nothing_moves():
        answer = client.post(
            f"/api/v1/inbox/{item.pk}/inbox.make_complaint/",
            json.dumps({**GIVEN, **given}),
            content_type="application/json",
        )
    assert answer.status_code == 400
    assert field in json.dumps(answer.json()["error"])


@pytest.mark.parametrize("tab", ["new", "today", "done", "aside", "automatic", ""])
def test_every_tab_of_the_list_opens(world: World, client_of: Any, tab: str) -> None:
    item = arrive(letter())
    page = client_of(world.alice).get(f"/complaints/inbox/?tab={tab}")
    assert page.status_code == 200
    assert (f'href="{item.get_absolute_url()}"' in page.text) is (tab in ("new", "today", ""))
    assert (item.number in page.text) is (tab in ("new", "today", ""))


def test_the_list_asks_the_same_however_much_is_in_it(
    world: World, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of(world.alice)
    arrive(letter())
    client.get("/complaints/inbox/")
    with django_assert_max_num_queries(100) as few:
        client.get("/complaints/inbox/")
    for number in range(4):
        arrive(letter(Message_ID=f"<{number}@x>"))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/complaints/inbox/")


def test_only_those_who_look_after_it_see_it(world: World, client_of: Any) -> None:
    item = with_photo()
    file = Attachment.objects.about(item).get()
    reception = world.person("reception", "reception", department=Department.objects.create(code="desk", name="前台"))
    seen = {reception: True, world.alice: True, world.bob: True, world.boss: True, world.charlie: False}
    seen |= {world.clerk: False, world.stranger: False}
    for user, sees in seen.items():
        client = client_of(user)
        assert (client.get(item.get_absolute_url()).status_code == 200) is sees, user
        assert (client.get(file.get_absolute_url()).status_code == 200) is sees, user
        assert Incoming.objects.visible_to(user).filter(pk=item.pk).exists() is sees, user


def test_the_complaint_s_page_shows_what_came_in_word_for_word(world: World, client_of: Any) -> None:
    item = with_photo()
    complaint = actions.make_complaint(item, by=world.root, customer=world.customer, **GIVEN)
    page = client_of(world.root).get(complaint.get_absolute_url()).text
    assert item.number in page and "到货两台柜门划伤，请处理。" in page


def test_rest_reads_and_turns_messages(world: World) -> None:
    item = with_photo()
    _token, secret = issue(world.alice, "test", ("write",), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    found = client.get("/api/v1/inbox/?status=new").json()
    assert [each["number"] for each in found["results"]] == [item.number]
    detail = client.get(f"/api/v1/inbox/{item.pk}/").json()
    assert (detail["subject"], detail["text"]) == (item.subject, item.text)
    done = client.post(
        f"/api/v1/inbox/{item.pk}/inbox.set_aside/", json.dumps({"reason": "广告"}), content_type="application/json"
    )
    assert done.status_code == 200
    item.refresh_from_db()
    assert item.status == "aside"


def test_an_erp_opens_a_complaint_with_a_file_by_rest(world: World) -> None:
    _token, secret = issue(world.root, "erp", ("write",), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "erp-1"})
    path = f"/api/v1/customers/{world.customer.pk}/complaints.receive_complaint/"
    sent = {"channel": "other", "category": "shortage", "content": "ERP：少两件", "photo": scan("delivery.pdf")}
    answer = client.post(path, sent)
    assert answer.status_code == 201, answer.text
    complaint = Complaint.objects.get()
    assert (complaint.content, complaint.evidences.get().file.name) == ("ERP：少两件", "delivery.pdf")  # type: ignore[union-attr]
    sent["photo"].seek(0)  # type: ignore[attr-defined]
    assert client.post(path, sent).status_code in (200, 201)
    assert Complaint.objects.count() == 1


def test_the_back_office_shows_and_changes_no_message(world: World, client_of: Any) -> None:
    item = arrive(letter())
    client = client_of(world.root)
    url = f"/admin/inbox/incoming/{item.pk}/"
    page = client.get(f"{url}change/")
    assert page.status_code == 200 and "li@example.com" not in page.text
    with nothing_moves():
        assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"{url}change/", {"status": "aside"}).status_code in (200, 302, 403)


def test_an_administrator_closes_the_public_form_and_opens_it_again(world: World, client_of: Any) -> None:
    client = client_of(world.person("keeper", "administrator", is_staff=True))
    assert client.get("/admin/inbox/publicform/").status_code == 200
    assert client.post("/admin/inbox/publicform/add/", {}).status_code == 302
    assert not PublicForm.is_open()
    assert client.get("/admin/inbox/publicform/add/").status_code == 403
    assert Client().get("/complain/").status_code == 503
    assert client.post("/admin/inbox/publicform/1/change/", {"open": "on"}).status_code == 302
    assert PublicForm.is_open()
    assert Client().get("/complain/").status_code == 200


# Out of a talk.


def test_a_talk_becomes_a_complaint_with_its_words(world: World, client_of: Any) -> None:
    entry = ContactEntry.objects.create(
        customer=world.customer, by=world.root, channel="visit", what="回访：柜门划伤", contact=world.contact
    )
    client = client_of(world.root)
    assert f"/do/inbox.complain_of_talk/{entry.pk}/" in client.get(world.customer.get_absolute_url()).text
    assert "回访：柜门划伤" in client.get(f"/do/inbox.complain_of_talk/{entry.pk}/").text
    sent = {"category": "appearance", "content": "回访：柜门划伤", "_key": "k"}
    assert client.post(f"/do/inbox.complain_of_talk/{entry.pk}/", sent).status_code == 302
    complaint = Complaint.objects.get()
    assert (complaint.content, complaint.channel, complaint.contact) == ("回访：柜门划伤", "visit", world.contact)
    assert complaint.incoming.get().entry == entry
    with refused("made"):
        actions.complain_of_talk(entry, by=world.root, category="appearance", content="x")


@pytest.mark.parametrize(
    ("talked", "came"), [("phone", "hotline"), ("mail", "mail"), ("meeting", "visit"), ("wechat", "other")]
)
def test_how_one_talked_says_how_the_complaint_came(world: World, talked: str, came: str) -> None:
    entry = ContactEntry.objects.create(customer=world.customer, by=world.root, channel=talked, what="x")
    assert actions.complain_of_talk(entry, by=world.root, **GIVEN).channel == came
