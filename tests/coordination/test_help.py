"""An owner asks a department for help with an order, and it answers in time (JD 5.1)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import Department, User
from crm.deadlines.models import Deadline
from crm.deadlines.seeding import seed_calendar
from crm.outbox.models import Message
from crm.records.search import search
from crm.reports.today import today
from orders.coordination import actions as coordination
from orders.coordination.figures import help_answered
from orders.coordination.forms import AnswerForm, HelpForm
from orders.coordination.models import HelpRequest, OrderMeeting
from orders.models import Order
from tests.world import MORNING, World, refused, shanghai


@pytest.fixture
def making(world: World) -> Department:
    """Production, with a head and somebody who works there."""
    seed_calendar([2026, 2027])
    making = Department.objects.create(code="production", name="生产部")
    head = world.person("head", "department_manager", department=making)
    world.person("maker", "production", department=making)
    Department.objects.filter(pk=making.pk).update(head=head)
    return Department.objects.get(pk=making.pk)


def user(name: str) -> User:
    return User.objects.get(username=name)


def asked(world: World, making: Department) -> HelpRequest:
    """Alice asks production for help with an order of hers."""
    order = world.accepted()
    Order.objects.filter(pk=order.pk).update(owner=world.alice)
    return coordination.ask_help(
        Order.objects.get(pk=order.pk),
        by=world.alice,
        department=making,
        what="请安排加急",
        needed_on=date(2026, 11, 25),
    )


def told(template: str) -> set[str]:
    rows = Message.objects.filter(template=template, channel=Message.Channel.NOTICE)
    return set(rows.values_list("recipient__username", flat=True))


def test_the_department_is_told_sees_order_and_request_and_has_one_working_day(
    world: World, making: Department, client: Client
) -> None:
    request = asked(world, making)
    assert (request.number[:2], request.status, request.asked_by) == ("HR", "asked", world.alice)
    assert told("coordination.help") == {"head"}
    due = Deadline.objects.about(request).get()
    assert (due.rule, due.responsible, due.department, due.due_at) == (
        "assist.answer",
        None,
        making,
        shanghai(24, 9, 30),
    )
    for name in ("maker", "head"):
        client.force_login(user(name))
        assert client.get(f"/coordination/help/{request.pk}/").status_code == 200
        page = client.get(request.order.get_absolute_url(), headers={"Accept-Language": "en"}).content.decode()
        assert request.number in page and "请安排加急" in page
    rows = [row for group in today(user("maker"))["groups"] for row in group["rows"]]
    assert [(row["label"], str(row["next_step"]["label"])) for row in rows] == [(request, "Answer")]


def test_who_has_nothing_to_do_with_it_finds_it_nowhere(world: World, making: Department, client: Client) -> None:
    request = asked(world, making)
    for name in ("bob", "charlie", "stranger"):
        client.force_login(getattr(world, name))
        assert client.get(f"/coordination/help/{request.pk}/").status_code == 404
        assert client.get(f"/api/v1/help-requests/{request.pk}/").status_code in (403, 404)
        assert client.get(f"/admin/coordination/helprequest/{request.pk}/change/").status_code == 302


def test_it_is_promised_for_a_day_and_done_then_and_whoever_asked_is_told(world: World, making: Department) -> None:
    request = asked(world, making)
    promised = coordination.answer_help(
        request, by=user("maker"), outcome="promised", promised_on=date(2026, 11, 26), answer="周四晚班"
    )
    assert (promised.status, promised.answered_by, promised.promised_on) == (
        "promised",
        user("maker"),
        date(2026, 11, 26),
    )
    assert told("coordination.help_answered") == {"alice"}
    text = Message.objects.get(template="coordination.help_answered").text("zh-hans")
    assert "已承诺" in text["subject"] and "周四晚班" in text["body"]
    first, second = Deadline.objects.about(request).order_by("pk")
    assert (first.outcome, second.rule, second.responsible) == ("met", "assist.promise", user("maker"))
    done = coordination.finish_help(promised, by=user("head"), outcome="已完成喷涂")
    assert (done.status, done.answer, done.done_at) == ("done", "已完成喷涂", clock.now())
    assert not Deadline.objects.about(request).filter(closed_at=None).exists()


def test_what_is_not_possible_is_said_with_the_reason(world: World, making: Department) -> None:
    for given, wrong in (
        ({"outcome": "declined"}, {"answer": "required"}),
        ({"outcome": "promised"}, {"promised_on": "required"}),
        ({"outcome": "promised", "promised_on": "2026-11-20"}, {"promised_on": "past"}),
        ({"outcome": "done"}, {}),
        ({"outcome": "maybe"}, {"outcome": "invalid_choice"}),
    ):
        assert {k: v[0]["code"] for k, v in AnswerForm(given, by=world.root).problems().items()} == wrong
    request = coordination.answer_help(asked(world, making), by=user("head"), outcome="declined", answer="设备检修")
    assert (request.status, request.answer, request.done_at) == ("declined", "设备检修", None)


def test_only_the_department_answers_and_only_once(world: World, making: Department) -> None:
    request = asked(world, making)
    with refused("not_asked"):
        coordination.answer_help(request, by=world.root, outcome="done")
    coordination.answer_help(request, by=user("head"), outcome="done")
    with refused("wrong_state"):
        coordination.answer_help(request, by=user("maker"), outcome="done")


def test_the_head_of_another_department_answers_for_the_one_that_he_leads(world: World, making: Department) -> None:
    Department.objects.filter(pk=making.pk).update(head=world.charlie)
    request = asked(world, Department.objects.get(pk=making.pk))
    assert told("coordination.help") == {"charlie"}
    assert coordination.answer_help(request, by=world.charlie, outcome="done").status == "done"


def test_it_is_found_by_its_number_and_by_the_orders(world: World, making: Department) -> None:
    request, other = asked(world, making), asked(world, making)
    meeting = coordination.call_meeting(by=world.root, meets_at=shanghai(23, 15), place="二楼", departments=[])
    assert list(search(HelpRequest.objects.all(), request.number)) == [request]
    assert list(search(HelpRequest.objects.all(), other.order.number)) == [other]
    assert list(search(OrderMeeting.objects.all(), meeting.number.lower())) == [meeting]


def test_what_is_not_needed_any_more_is_withdrawn(world: World, making: Department) -> None:
    request = coordination.withdraw_help(asked(world, making), by=world.alice, reason="客户改期")
    assert (request.status, request.answer) == ("withdrawn", "客户改期")
    assert Deadline.objects.about(request).get().outcome == "cancelled"


def test_help_is_asked_for_a_day_to_come_and_for_an_order_in_work(world: World, making: Department) -> None:
    form = HelpForm({"department": making.pk, "what": "x", "needed_on": "2026-11-20"}, by=world.alice)
    assert {name: rows[0]["code"] for name, rows in form.problems().items()} == {"needed_on": "past"}
    order = world.reviewed()
    with refused("wrong_state"):
        coordination.ask_help(order, by=world.root, department=making, what="x", needed_on=clock.today())


def test_the_figure_counts_answers_by_department_in_time_and_late(world: World, making: Department) -> None:
    requests = [asked(world, making) for _each in range(3)]
    coordination.answer_help(requests[0], by=user("maker"), outcome="done")
    with clock.at(MORNING + timedelta(days=2)):
        coordination.answer_help(requests[1], by=user("maker"), outcome="done")
        (row,) = help_answered(world.root).rows
        assert (row.label, [each.number for each in row.values if each], row.total) == ("生产部", [1, 2], "2 of 3 late")
        assert row.values[0] is not None and f"department={making.pk}" in row.values[0].url


def test_lists_filter_and_cost_as_many_queries_with_many_rows(world: World, making: Department, client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first = asked(world, making)
    client.force_login(user("maker"))

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    urls = ["/coordination/help/?tab=answer", f"/coordination/help/{first.pk}/"]
    few = [cost(url) for url in urls]
    for _each in range(6):
        asked(world, making)
    assert [cost(url) for url in urls] == few
    rows: Any = client.get(f"/api/v1/help-requests/?order_id={first.order_id}").json()["results"]
    assert [row["number"] for row in rows] == [first.number]
