"""One record that somebody may see: the question whose text is made once for all who see equally far."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from crm import clock
from crm.accounts import scopes
from crm.accounts.models import Absence, User
from crm.accounts.scopes import covers, seen
from customers.models import Customer
from orders.models import Milestone, Order
from pickup.models import Pickup, Record
from tests.world import World

SCOPED = [model for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")]


@pytest.fixture
def busy(world: World) -> World:
    """An order of Alice's that was collected, with all that belongs to it, and one that nobody owns."""
    collected = Order.objects.filter(pk=world.handed_over().order_id)
    collected.update(owner=world.alice, applied_by=world.alice, department=world.alice.department)
    Milestone.objects.create(order=collected.get(), name="备货", owner=world.alice, due_on=clock.today())
    world.ready()
    return world


def people(world: World) -> list[User]:
    gone = world.person("gone", "sales")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    deputy = world.person("deputy", "sales", department=world.charlie.department)
    today = clock.today()
    Absence.objects.create(user=world.alice, deputy=deputy, first_day=today, last_day=today)
    system = User.objects.system("clock")
    named = [world.root, world.alice, world.bob, world.charlie, world.boss, world.clerk, world.reader, world.stranger]
    return [User.objects.get(pk=user.pk) for user in [*named, gone, deputy, system]]


@pytest.mark.parametrize("lock", [False, True])
def test_each_user_sees_of_every_kind_what_its_scope_says(busy: World, lock: bool) -> None:
    met: set[type[models.Model]] = set()
    users = people(busy)
    for model in SCOPED:
        rows = model._default_manager.all()
        for user in users:
            visible = set(rows.visible_to(user).values_list("pk", flat=True))  # type: ignore[attr-defined]
            for row in rows[:20]:
                found = seen(rows, user, row.pk, lock=lock)
                assert found == (row if row.pk in visible else None), f"{user} {row!r}"
                met.add(model)
    assert {Customer, Order, Milestone, Pickup, Record, User} <= met


def test_the_text_is_made_once_for_all_who_see_equally_far(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "_seen", {})
    order = Order.objects.get(owner=busy.alice)
    found = [seen(Order.objects.all(), user, order.pk) for user in (busy.alice, busy.bob, busy.charlie)]
    assert found == [order, None, None]
    assert len(scopes._seen) == 1
    assert seen(Order.objects.all(), busy.root, order.pk) == order
    assert len(scopes._seen) == 2


def test_who_gets_a_wider_reach_sees_more_at_once(busy: World) -> None:
    order = Order.objects.get(owner=busy.alice)
    charlie = busy.charlie
    assert seen(Order.objects.all(), charlie, order.pk) is None
    charlie.groups.add(busy.reader.groups.get())
    assert seen(Order.objects.all(), User.objects.get(pk=charlie.pk), order.pk) == order


def test_a_key_that_is_none_or_too_large_is_nobody_s(world: World) -> None:
    for key in (None, 0, 10**40):
        assert seen(Order.objects.all(), world.alice, key) is None


def test_a_scope_that_asks_something_else_is_left_to_django(world: World) -> None:
    def kept(rows: Any) -> bool:
        return scopes._is_by_reach(rows)

    by_reach = {model for model in SCOPED if kept(model._default_manager.all())}
    assert {Customer, Order, Milestone, Pickup, Record} <= by_reach
    assert User not in by_reach  # a permission decides
    assert apps.get_model("deadlines.Deadline") not in by_reach  # it asks whom one leads


def test_a_deputy_covers_the_absent_on_these_days_only(world: World) -> None:
    today = clock.today()
    Absence.objects.create(user=world.alice, deputy=world.bob, first_day=today, last_day=today)
    assert covers(world.bob, world.alice.pk)
    assert not covers(world.charlie, world.alice.pk)
    assert not covers(world.alice, world.bob.pk)
    with clock.at(clock.now() + timedelta(days=2)):
        assert not covers(world.bob, world.alice.pk)
