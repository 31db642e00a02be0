"""A long timeline: a stretch at a time, of one kind or of all, with where each message stands."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import Client

from crm import clock
from crm.outbox.models import Message
from crm.records.actions import write_note
from crm.records.timeline import story, timeline
from customers.actions import add_contact, log_contact, set_payment_terms, verify_customer
from customers.models import Contact, Customer
from tests.world import MORNING, World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    cache.clear()
    with clock.at(MORNING):
        yield World()


def busy(world: World) -> Customer:
    """A customer with verbs, changes that no verb explains, notes and calls, each at a moment of its own."""
    customer = world.customer
    for hour in range(12):
        with clock.at(MORNING + timedelta(hours=hour)):
            verify_customer(customer, by=world.root, remarks=f"asked {hour}")
        with clock.at(MORNING + timedelta(hours=hour, minutes=10)):
            write_note(by=world.root, about=customer, text=f"note {hour}")
        with clock.at(MORNING + timedelta(hours=hour, minutes=20)):
            add_contact(customer, by=world.root, name=f"P{hour}", mobile="")
        with clock.at(MORNING + timedelta(hours=hour, minutes=30)):
            talk = {"channel": "phone", "direction": "out", "next_step": "", "due_on": None}
            log_contact(customer, by=world.root, what=f"talk {hour}", at=clock.now(), **talk)
    return Customer.objects.get(pk=customer.pk)


def stretches(customer: Customer, world: World, limit: int, kind: str = "") -> list[list[tuple]]:
    found, before = [], None
    while True:
        part = story(customer, world.root, limit, kind=kind, before=before)
        found.append([(each["at"], str(each["title"]), each["body"]) for each in part.entries])
        if part.older is None:
            return found
        assert before is None or part.older < before
        before = part.older


@pytest.mark.parametrize("limit", [1, 5, 7, 48])
def test_all_stretches_together_are_the_whole_story_and_nothing_is_told_twice(world: World, limit: int) -> None:
    customer = busy(world)
    whole = [(each["at"], str(each["title"]), each["body"]) for each in timeline(customer, world.root, 1000)]
    told = [each for part in stretches(customer, world, limit) for each in part]
    assert len(whole) > 48
    assert sorted(told, key=str) == sorted(whole, key=str)
    assert [each[0] for each in told] == sorted((each[0] for each in told), reverse=True)


def test_a_stretch_of_one_kind_holds_nothing_else(world: World) -> None:
    customer = busy(world)
    kinds = {
        kind: [each for part in stretches(customer, world, 5, kind) for each in part]
        for kind in ("notes", "talks", "steps", "changes", "files")
    }
    assert [body for _at, _title, body in kinds["notes"]] == [f"note {hour}" for hour in reversed(range(12))]
    assert {title for _at, title, _body in kinds["talks"]} == {"Log a contact"} and len(kinds["talks"]) == 12
    assert {"Verify the record", "Add a contact", "Log a contact"} <= {title for _at, title, _body in kinds["steps"]}
    assert not any("note" in body for _at, _title, body in kinds["steps"])
    assert kinds["files"] == []


def test_changes_are_told_with_what_was_there_before_and_what_is_now(world: World) -> None:
    customer = world.customer
    set_payment_terms(customer, by=world.root, payment_terms="prepay", payment_days=0)
    entries = story(Customer.objects.get(pk=customer.pk), world.root, kind="changes").entries
    assert all(each["changes"] for each in entries)
    lines = {str(line["label"]): (line["before"], line["after"]) for line in entries[0]["changes"]}
    assert lines["payment terms"] == ("On account", "Payment before pickup")


def test_a_change_that_touches_more_than_a_stretch_is_told_whole(world: World) -> None:
    for number in range(9):
        add_contact(world.customer, by=world.root, name=f"P{number}", mobile="")
    Contact.objects.update(title="Buyer")
    customer = Customer.objects.get(pk=world.customer.pk)
    told = [title for part in stretches(customer, world, 3) for _at, title, _body in part]
    assert sum(title.startswith("Changed") for title in told) <= 1 + 10


def test_a_message_says_where_it_stands_and_what_went_wrong(world: World) -> None:
    told = world.notified()
    mail = Message.objects.filter(channel="mail").latest("pk")
    Message.objects.filter(pk=mail.pk).update(status="failed", last_error="refused")
    entry = next(each for each in timeline(told, world.root) if each["icon"] == "mail")
    assert str(entry["state"]["label"]) == "Not delivered" and entry["state"]["colour"] == "late"
    assert entry["trouble"] == Message(last_error="refused").trouble != ""


def test_a_call_that_was_made_says_what_came_of_it(world: World) -> None:
    told = world.notified()
    Message.objects.create(
        channel="call",
        status="done",
        template="pickup.notice",
        language="en",
        recipient=world.root,
        contact_name="王小明",
        key="call:test",
        subject_type=ContentType.objects.get_for_model(told),
        subject_pk=told.pk,
        result="reached",
        note="comes at ten",
        done_by=world.root,
    )
    entry = next(each for each in timeline(told, world.root) if each["icon"] == "phone")
    assert str(entry["state"]["label"]) == "Called"
    assert "Reached" in entry["body"] and "comes at ten" in entry["body"] and str(world.root) in entry["body"]


def test_the_page_shows_one_kind_and_the_stretch_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.web.recordpage.TIMELINE", 5)
    url = busy(world).get_absolute_url()
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.root)
    html = client.get(url, {"story": "notes"}).content.decode()
    assert re.findall(r"note (\d+)</span>", html) == ["11", "10", "9", "8", "7"]
    older = re.search(r'id="story-older"><a [^>]*href="(\?story=notes&amp;before=[^"#]+)#story"', html)[1]
    older = older.replace("&amp;", "&")
    html = client.get(url + older).content.decode()
    assert re.findall(r"note (\d+)</span>", html) == ["6", "5", "4", "3", "2"]
    assert "Back to the newest" in html
    part = client.get(url + older, headers={"HX-Request": "true", "HX-Target": "story-older"}).content.decode()
    assert re.findall(r"note (\d+)</span>", part) == ["6", "5", "4", "3", "2"]
    assert "<main" not in part and "story-tabs" not in part
    part = client.get(url, {"story": "notes"}, headers={"HX-Request": "true", "HX-Target": "story"}).content.decode()
    assert "<main" not in part and 'class="tabs story-tabs"' in part


@pytest.mark.parametrize(
    "query", ["story=nonsense", "before=nonsense", "before=2026-01-01", "before=2026-99-01T00:00Z"]
)
def test_an_address_that_nobody_can_read_shows_the_whole_story(world: World, query: str) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.root)
    answer = client.get(f"{world.customer.get_absolute_url()}?{query}")
    assert answer.status_code == 200 and b"New customer" in answer.content
