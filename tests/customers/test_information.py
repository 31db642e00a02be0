"""What is learned of a customer: notes in time, changes decided field by field, calls and next steps (C2, C7)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.seeding import seed_calendar
from crm.outbox.models import Message
from crm.records.models import ActionLog
from customers import actions as customers
from customers.forms import DecideChangeForm, LogContactForm, ReportChangeForm
from customers.models import ChangeReport, ContactEntry, Customer, Note, Task
from tests.world import MORNING, World, refused, shanghai


def noted(world: World, **facts: Any) -> Note:
    return customers.note_information(by=world.root, owner=None, name="成都光明电器", **facts)


def test_what_was_learned_must_be_entered_within_two_working_days(world: World) -> None:
    seed_calendar([2026])
    note = noted(world, received_at=shanghai(23, 9))
    row = Deadline.objects.get(rule="customer.entry")
    assert row.due_at == shanghai(25, 9)
    contact = {"name": "李四", "mobile": "13900139000"}
    given = {"name": "成都光明电器有限公司", "code": "", "owner": None, "address": "", "contacts": [contact]}
    customer = customers.enter_customer(note, by=world.root, **given)
    note.refresh_from_db()
    row.refresh_from_db()
    assert (note.status, note.customer, row.outcome) == ("entered", customer, "met")


def test_it_may_belong_to_a_known_customer_or_to_nobody(world: World) -> None:
    first, second = noted(world), noted(world)
    customers.match_note(first, by=world.root, customer=world.customer)
    customers.dismiss_note(second, by=world.root, reason="广告")
    assert [(note.status, note.customer, note.reason) for note in Note.objects.order_by("pk")] == [
        ("entered", world.customer, ""),
        ("dismissed", None, "广告"),
    ]
    root = world.root
    with refused("wrong_state"):
        customers.dismiss_note(first, by=root, reason="x")


def reported(world: World) -> ChangeReport:
    lines = [
        {"field": "region", "contact": None, "value": "四川"},
        {"field": "industry", "contact": None, "value": "照明"},
        {"field": "mobile", "contact": world.contact, "value": "+8613900139000"},
    ]
    return customers.report_change(world.customer, by=world.root, lines=lines, changed_on=date(2026, 11, 20))


def test_changes_are_accepted_field_by_field(world: World) -> None:
    report = reported(world)
    region, industry, mobile = report.fields.order_by("pk")
    assert [(row.old, row.new) for row in (region, industry, mobile)] == [
        ("重庆", "四川"),
        ("", "照明"),
        ("+8613800138000", "+8613900139000"),
    ]
    customers.decide_change(report, by=world.root, accept=[region, mobile], decision="行业待核")
    customer = Customer.objects.get()
    world.contact.refresh_from_db()
    assert (customer.region, customer.industry, world.contact.mobile) == ("四川", "", "+8613900139000")
    assert [row.accepted for row in report.fields.order_by("pk")] == [True, False, True]
    assert {row.cause.verb for row in ActionLog.objects.filter(verb__startswith="customers.change_")} == {
        "customers.decide_change"
    }
    root = world.root
    with refused("wrong_state"):
        customers.decide_change(report, by=root, accept=[])


def test_old_and_new_value_stand_side_by_side_and_phones_are_masked(world: World) -> None:
    report = reported(world)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.root)
    page = client.get(report.get_absolute_url()).content.decode()
    region, _industry, mobile = report.fields.order_by("pk")
    for said in ("<del>重庆</del>", "<ins>四川</ins>", "<del>–</del>", "138****8000", "139****9000"):
        assert said in page
    assert "13800138000" not in page and "13900139000" not in page
    labels = [label for _pk, label in DecideChangeForm(by=world.root, obj=report).fields["accept"].choices]
    assert f"{mobile.label}: 138****8000 → 139****9000" in labels
    path = f"/reveal/customers.reportedfield/{mobile.pk}/new/"
    assert path in page
    assert "139 0013 9000" in client.post(path).content.decode()
    look = ActionLog.objects.get(verb="records.reveal")
    assert (look.actor, look.customer_id, look.inputs) == (world.root, world.customer.pk, {"field": "new"})
    assert client.post(f"/reveal/customers.reportedfield/{region.pk}/new/").status_code == 404  # nothing is hidden
    client.force_login(world.stranger)
    assert client.post(path).status_code == 404


def test_rest_has_old_and_new_value_of_each_field(world: World) -> None:
    report = reported(world)
    client = Client()
    client.force_login(world.root)
    details = client.get(f"/api/v1/change-reports/{report.pk}/").json()["details"]
    assert [(each["field"], each["old"], each["new"]) for each in details] == [
        ("region", "重庆", "四川"),
        ("industry", "", "照明"),
        ("mobile", "138****8000", "139****9000"),
    ]


def test_a_report_counts_from_the_day_of_the_change(world: World) -> None:
    seed_calendar([2026])
    reported(world)  # changed on Friday the 20th
    row = Deadline.objects.get(rule="customer.update")
    assert (row.responsible, row.due_at) == (world.root, shanghai(24, 8, 30))


def test_only_fields_of_this_report_can_be_accepted(world: World) -> None:
    first = reported(world)
    other = customers.report_change(
        world.new_customer(),
        by=world.root,
        lines=[{"field": "region", "contact": None, "value": "x"}],
        changed_on=date(2026, 11, 20),
    )
    form = DecideChangeForm({"accept": [other.fields.get().pk]}, by=world.root, obj=first)
    assert [error["code"] for error in form.problems()["accept"]] == ["invalid_choice"]


@pytest.mark.parametrize(
    ("line", "path", "code"),
    [
        ({"field": "mobile", "value": "13900139000"}, "lines[0].field", "belongs"),
        ({"field": "owner", "value": "x"}, "lines[0].field", "invalid_choice"),
        ({"field": "region", "value": ""}, "lines[0].value", "required"),
        ({"field": "licence", "value": "123"}, "lines[0].value", None),
    ],
)
def test_a_report_that_cannot_be(world: World, line: dict[str, Any], path: str, code: str | None) -> None:
    data = {"changed_on": "2026-11-23", "lines": [line]}
    problems = ReportChangeForm(data, by=world.root, obj=world.customer).problems()
    assert list(problems) == [path]
    assert code is None or [error["code"] for error in problems[path]] == [code]


def test_a_change_of_tomorrow_is_not_reported(world: World) -> None:
    line = {"field": "region", "value": "四川"}
    form = ReportChangeForm({"changed_on": "2026-11-24", "lines": [line]}, by=world.root, obj=world.customer)
    assert [error["code"] for error in form.problems()["changed_on"]] == ["future"]


def test_a_next_step_becomes_a_dated_task(world: World) -> None:
    seed_calendar([2026])
    entry = customers.log_contact(
        world.customer,
        by=world.root,
        channel="phone",
        direction="in",
        at=MORNING,
        contact=world.contact,
        what="问交期",
        next_step="寄样品",
        due_on=date(2026, 11, 25),
    )
    task = Task.objects.get()
    assert (task.what, task.due_on, task.owner, task.entry) == ("寄样品", date(2026, 11, 25), world.root, entry)
    assert Deadline.objects.get(rule="customer.task").due_at.date() == date(2026, 11, 25)
    customers.finish_task(task, by=world.root, outcome="已寄")
    assert (task.status, task.outcome) == ("done", "已寄")
    assert Deadline.objects.get(rule="customer.task").outcome == "met"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"at": "2026-11-23 09:31"}, "at"),
        ({"next_step": "x"}, "due_on"),
        ({"next_step": "x", "due_on": "2026-11-22"}, "due_on"),
        ({"what": ""}, "what"),
    ],
)
def test_a_contact_that_cannot_be(world: World, given: dict[str, Any], field: str) -> None:
    data = {"channel": "phone", "direction": "out", "at": "2026-11-23 09:00", "what": "x", **given}
    assert list(LogContactForm(data, by=world.root, obj=world.customer).problems()) == [field]


def link_of(world: World) -> tuple[Client, str]:
    cache.clear()
    customers.ask_for_details(world.customer, by=world.root, contact=world.contact)
    body = Message.objects.get(template="customers.details").text("zh-hans")["body"]
    return Client(), re.search(r"http://testserver(/l/\S+)", body)[1]


def test_the_customer_confirms_his_details_by_link(world: World) -> None:
    client, path = link_of(world)
    page = client.get(path, {"lang": "en"}).content.decode()
    assert world.customer.name in page and "13800138000" not in page
    assert "8000" in page
    hidden = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', page))
    hidden["_verb"] = "customers.verify_customer"
    with clock.at(MORNING + timedelta(days=3)):
        assert client.post(path, hidden).status_code == 303
    assert Customer.objects.get().verified_at == MORNING + timedelta(days=3)


def test_what_he_tells_becomes_a_note_for_the_owner(world: World) -> None:
    client, path = link_of(world)
    page = client.get(path).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', page))
    data = {**hidden, "_verb": "customers.tell_change", "text": "电话换成 13900139000"}
    assert client.post(path, data).status_code == 303
    note = Note.objects.get()
    assert (note.owner, note.customer, note.text) == (world.root, world.customer, "电话换成 13900139000")
    assert not ContactEntry.objects.exists()
