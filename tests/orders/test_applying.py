"""An application is written once, with as many queries for many lines as for one."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts.models import User
from crm.api.tokens import issue
from crm.deadlines.models import Deadline
from crm.records.models import ActionLog, FieldHistory
from orders import actions as orders
from orders.models import Order
from tests.world import MORNING, World, refused

S = Order.Status
# Token with rights, customer, type; products; savepoint, log; main contact, prices, the tier's service, number, order,
# lines; open deadlines, calendars' stamp, desk, deadline; log row, log's end, savepoint; the answer, what of its credit
# is to be asked (for the verb and for the one that asks), its lines.
QUERIES = 23


@pytest.fixture
def program(world: World) -> Client:
    _token, secret = issue(world.person("support", "sales_support"), "test", ["write"], days=None)
    return Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})


def ask(program: Client, world: World, lines: list[dict[str, Any]], **more: Any) -> Any:
    body = {"customer": world.customer.pk, "type": world.type.pk, "wanted_on": "2026-12-01", "lines": lines, **more}
    return program.post("/api/v1/orders.apply_order/", json.dumps(body), content_type="application/json")


def test_an_order_with_three_lines_takes_as_many_queries_as_one_with_thirty(world: World, program: Client) -> None:
    lines = [{"product": world.new_product(f"Q{number}").pk, "quantity": "2"} for number in range(30)]
    assert ask(program, world, lines[:1]).status_code == 201  # what is asked once in a process is asked
    counts = []
    for number in (3, 30):
        with CaptureQueriesContext(connection) as asked:
            answer = ask(program, world, lines[:number])
        assert (answer.status_code, len(answer.json()["lines"])) == (201, number)
        counts.append(len(asked))
    assert counts == [QUERIES, QUERIES], "\n".join(each["sql"][:150] for each in asked)


def test_it_is_written_and_logged_once_and_waits_for_its_review(world: World) -> None:
    order = world.new_order()
    log = ActionLog.objects.get(verb="orders.apply_order")
    assert not ActionLog.objects.filter(verb="orders.submit_order").exists()
    assert (log.before, log.after, log.subject_pk, log.result_pk) == ("", "submitted", order.pk, order.pk)
    assert (order.status, order.submitted_at, order.version) == (S.SUBMITTED, MORNING, 0)
    history = FieldHistory.objects.filter(table_name="orders_order", pk_value=order.pk)
    assert list(history.values_list("op", "log_id")) == [("I", log.pk)]
    review = Deadline.objects.get(rule="order.review")
    assert (review.subject_pk, review.started_at, review.closed_at) == (order.pk, MORNING, None)


def test_what_an_order_cannot_have_yet_is_not_asked_for_and_later_it_is(world: World, program: Client) -> None:
    new, accepted = world.new_order(), world.accepted()
    orders.add_milestone(accepted, by=world.root, name="备货", due_on=clock.today())
    orders.report_progress(accepted, by=world.root, progress="半")
    found = [program.get(f"/api/v1/orders/{order.pk}/").json() for order in (new, accepted)]
    assert [(len(each["milestones"]), len(each["progressreports"])) for each in found] == [(0, 0), (1, 1)]


def test_a_draft_waits_for_nothing(world: World) -> None:
    order = world.new_order(draft=True)
    assert (order.status, order.submitted_at, Deadline.objects.filter(subject_pk=order.pk).count()) == (
        S.DRAFT,
        None,
        0,
    )


def test_who_may_not_hand_in_can_only_draft(world: World, writer: User) -> None:
    facts = {
        "customer": world.customer,
        "contact": None,
        "type": world.type,
        "wanted_on": clock.today() + timedelta(days=5),
        "lines": [{"product": world.product, "unit": world.piece, "factor": Decimal(1), "quantity": Decimal(1)}],
    }
    with refused("forbidden"):
        orders.apply_order(by=writer, **facts)
    assert orders.apply_order(by=writer, draft=True, **facts).status == S.DRAFT


@pytest.fixture
def writer(world: World) -> User:
    """Somebody who may apply, and not hand in."""
    user = world.person("writer")
    user.user_permissions.add(Permission.objects.get(codename="apply_order"))
    return User.objects.get(pk=user.pk)
