"""Changes at the same moment: one draft per order, one answer per link, and one agreement over the same lines."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import Task
from orders.changes import actions as changes
from orders.changes.models import Change
from orders.models import Order, OrderVersion
from tests.mailed import hidden, path_of
from tests.races.conftest import at_once
from tests.world import World, scan

MORE = {"wish": "customer", "why": "增量", "lines": [{"position": 1, "quantity": Decimal(12)}]}


@pytest.fixture
def order(world: World) -> Order:
    cache.clear()
    return world.confirmed()


def test_of_two_drafts_of_one_order_one_is_made(world: World, order: Order) -> None:
    answers = at_once(*[lambda: changes.draft_change(Order.objects.get(), by=world.root, **MORE)] * 3)
    assert sorted(map(str, answers)) == ["OC2026-000001", "change_open", "change_open"]
    assert Change.objects.count() == 1


def test_he_confirms_and_declines_in_two_windows(world: World, order: Order) -> None:
    changes.send_change(changes.draft_change(order, by=world.root, **MORE), by=world.root)
    path = path_of("changes.confirm")
    sent = hidden(Client().get(path)) | {"answer": "好"}
    answers = at_once(
        lambda: Client().post(path, {**sent, "_key": "first", "_verb": "changes.agree_to_change"}),
        lambda: Client().post(path, {**sent, "_key": "second", "_verb": "changes.decline_change"}),
    )
    assert sorted(each.status_code for each in answers) == [200, 303]  # the other window is told what was done
    assert Change.objects.get().status in ("confirmed", "declined")


def test_the_last_yes_is_said_twice_at_once_and_counts_once(world: World, order: Order) -> None:
    boss = world.boss
    root = User.objects.get(pk=world.root.pk)  # whose department knows its head by now
    change = changes.record_confirmation(changes.draft_change(order, by=root, **MORE), by=root, paper=scan())
    ACTIONS["changes.ask_apply_change"](change, by=root)
    task = Task.objects.get(approver=boss)
    answers = at_once(*[lambda: approvals.approve(Task.objects.get(pk=task.pk), by=boss)] * 2)
    assert sum(isinstance(each, str) for each in answers) == 1
    assert Order.objects.get().total == Decimal("1536.00")
    assert [row.cause for row in OrderVersion.objects.order_by("number")] == ["confirmed", "change"]
