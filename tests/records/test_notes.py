"""Notes that people write into a record's timeline: by page and by REST, taken back, read by customers or not."""

import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.accounts.roles import EVERYONE
from crm.api.tokens import issue
from crm.links.making import make_link
from crm.records.actions import withdraw_note, write_note
from crm.records.models import ActionLog, FieldHistory, TimelineNote
from crm.records.timeline import timeline
from tests.world import MORNING, World, nothing_moves, refused


@pytest.fixture
def world(db: None) -> Iterator[World]:
    cache.clear()
    with clock.at(MORNING):
        yield World()


def browser(user: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def by_rest(user: User, data: dict[str, object], scope: str = "write") -> tuple[int, dict]:
    _token, secret = issue(user, "test", (scope,), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})
    answer = client.post("/api/v1/records.write_note/", json.dumps(data), content_type="application/json")
    return answer.status_code, answer.json()


def test_a_note_written_on_the_page_stands_in_the_timeline_coloured_as_internal(world: World) -> None:
    order = world.new_order()
    client = browser(world.root)
    html = client.get(order.get_absolute_url()).content.decode()
    assert 'action="/do/records.write_note/"' in html and f'name="record" value="{order.pk}"' in html
    answer = client.post(
        "/do/records.write_note/", {"about": "orders.order", "record": order.pk, "text": "客户要求周五前到货"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, order.get_absolute_url())
    html = client.get(order.get_absolute_url()).content.decode()
    assert '<li class="internal">' in html and "客户要求周五前到货" in html
    note = TimelineNote.objects.get()
    assert (note.by, note.subject, note.customer_id, note.for_customer) == (world.root, order, world.customer.pk, False)


def test_a_note_leaves_the_record_and_its_version_alone(world: World) -> None:
    order = world.new_order()
    write_note(by=world.root, about=order, text="x")
    version = order.version
    order.refresh_from_db()
    assert order.version == version


def test_the_log_says_that_a_note_was_written_but_not_what_stands_in_it(world: World) -> None:
    order = world.new_order()
    browser(world.root).post(
        "/do/records.write_note/", {"about": "orders.order", "record": order.pk, "text": "secret words"}
    )
    row = ActionLog.objects.get(verb="records.write_note")
    assert (row.actor, row.door, row.customer_id) == (world.root, "page", world.customer.pk)
    assert row.result_pk == TimelineNote.objects.get().pk
    assert row.inputs == {"about": order.pk, "text": "…ords", "for_customer": False}


def test_a_note_about_an_order_stands_in_the_customers_timeline_as_well(world: World) -> None:
    order = world.new_order()
    write_note(by=world.root, about=order, text="too late")
    told = [each for each in timeline(world.customer, world.root) if each["icon"] == "note"]
    assert [(str(each["title"]), each["body"]) for each in told] == [("Note about: order", "too late")]


def test_a_note_is_written_by_rest(world: World) -> None:
    order = world.new_order()
    status, content = by_rest(world.root, {"about": "orders.order", "record": order.pk, "text": "一切正常"})
    note = TimelineNote.objects.get()
    assert (status, content) == (201, {"pk": note.pk, "type": "records.timelinenote", "url": None})
    assert note.text == "一切正常"
    assert ActionLog.objects.get(verb="records.write_note").door == "api"


@pytest.mark.parametrize("about", ["orders.order", "orders.line", "no.such", "nothing", "auth.group"])
def test_a_record_that_is_not_there_or_not_to_be_seen_is_refused_alike(world: World, about: str) -> None:
    order = world.new_order()
    data = {"about": about, "record": order.pk, "text": "x"}
    with nothing_moves():
        status, content = by_rest(world.stranger, data)
        page = browser(world.stranger).post("/do/records.write_note/", data)
    assert (status, page.status_code) == (400, 422)
    assert "There is no such record, or you may not see it." in str(content) and b"no such record" in page.content
    assert not TimelineNote.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\0b"])
def test_a_text_that_is_none_or_too_long_is_refused_and_nothing_moves(world: World, text: str) -> None:
    order = world.new_order()
    with nothing_moves():
        status, content = by_rest(world.root, {"about": "orders.order", "record": order.pk, "text": text})
    assert status == 400 and "text" in str(content)
    assert not TimelineNote.objects.exists()


def test_without_the_right_nobody_writes_and_no_field_is_offered(world: World) -> None:
    order = world.new_order()
    Group.objects.get(name=EVERYONE).permissions.remove(Permission.objects.get(codename="write_note"))
    with nothing_moves():
        status, content = by_rest(world.reader, {"about": "orders.order", "record": order.pk, "text": "x"})
    assert status == 403 and "right" in str(content)
    assert b"records.write_note" not in browser(world.reader).get(order.get_absolute_url()).content


def test_who_sees_a_record_reads_its_notes_and_a_stranger_reads_none(world: World) -> None:
    order = world.new_order()
    write_note(by=world.root, about=order, text="bitte leise")
    assert "bitte leise" in str(timeline(order, world.reader))
    assert "bitte leise" not in str(timeline(order, world.stranger))


def test_only_its_writer_takes_a_note_back_and_history_keeps_what_stood_in_it(world: World) -> None:
    order = world.new_order()
    note = write_note(by=world.reader, about=order, text="wrong place")
    assert f"/do/records.withdraw_note/{note.pk}/" in str(timeline(order, world.reader))
    assert "withdraw_note" not in str(timeline(order, world.root))
    assert browser(world.root).post(f"/do/records.withdraw_note/{note.pk}/").status_code == 404
    note.refresh_from_db()
    assert note.text == "wrong place"
    assert browser(world.reader).post(f"/do/records.withdraw_note/{note.pk}/").status_code == 302
    told = next(each for each in timeline(order, world.root) if each["icon"] == "note")
    assert (str(told["title"]), told["body"], told["internal"]) == ("Note, taken back", "", False)
    change = FieldHistory.objects.get(table_name="records_timelinenote", op="U")
    assert change.before["text"] == "wrong place" and change.after["text"] == ""
    with refused("taken_back"):
        withdraw_note(note, by=world.reader)


def test_a_customer_reads_on_his_page_only_what_is_meant_for_him(world: World) -> None:
    pickup = world.notified()
    write_note(by=world.root, about=pickup, text="only for us")
    write_note(by=world.root, about=pickup, text="西门施工，请走东门", for_customer=True)
    slip = write_note(by=world.root, about=pickup, text="a slip", for_customer=True)
    withdraw_note(slip, by=world.root)
    _link, url = make_link("pickup.pass", pickup, by=world.root, valid_for=timedelta(days=1))
    html = Client().get(urlsplit(url).path).content.decode()
    assert "西门施工，请走东门" in html
    assert "only for us" not in html and "a slip" not in html
    told = next(each for each in timeline(pickup, world.root) if "西门施工" in each["body"])
    assert (told["internal"], str(told["state"]["label"])) == (False, "the customer reads it")


def test_where_a_customer_has_no_page_it_is_not_offered_that_he_reads_it(world: World) -> None:
    record = world.handed_over().records.get()
    html = browser(world.root).get(record.get_absolute_url()).content.decode()
    assert 'value="pickup.record"' in html and 'name="for_customer"' not in html
    data = {"about": "pickup.record", "record": record.pk, "text": "x", "for_customer": True}
    status, _content = by_rest(world.root, data)
    assert status == 400
    assert not TimelineNote.objects.exists()


def test_a_note_is_written_once_however_often_it_is_sent(world: World) -> None:
    order = world.new_order()
    client = browser(world.root)
    for _again in range(2):
        data = {"about": "orders.order", "record": order.pk, "text": "x", "_key": "k1"}
        assert client.post("/do/records.write_note/", data).status_code == 302
    assert TimelineNote.objects.count() == 1
