"""Allocation: everyone in question is scored, the best is proposed, and who does not accept loses it (JD 2.3)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import Absence, User
from crm.deadlines.models import Deadline
from crm.deadlines.seeding import seed_calendar
from crm.deadlines.sweep import sweep
from crm.outbox.models import Message
from orders import actions as orders
from orders.allocation import candidates
from orders.models import Allocation, Order, OrderType, Territory
from tests.world import World, nothing_moves, refused, shanghai

S = Order.Status


@pytest.fixture
def desk(world: World) -> World:
    """Alice and Bob take orders; Root, who made the order, does not."""
    seed_calendar([2026])
    world.type  # noqa: B018 - makes Root's territory
    Territory.objects.all().delete()
    for user in (world.alice, world.bob):
        Territory.objects.create(user=user, capacity=8)
    return world


def territory(user: User, **facts: Any) -> None:
    Territory.objects.filter(user=user).update(**facts)


def ranking(order: Order) -> list[tuple[str, str, str]]:
    return [(each.user.username, str(each.score), each.obstacle) for each in candidates(order)]


def test_points_by_hand(desk: World) -> None:
    order = desk.reviewed()
    customer = desk.customer
    customer.owner, customer.business_area, customer.region = desk.alice, "照明", "重庆"
    customer.save()
    territory(desk.alice, areas="开关，照明", regions="重庆, 四川")
    territory(desk.bob, regions="重庆")
    Territory.objects.get(user=desk.bob).types.add(desk.type)
    order = Order.objects.get(pk=order.pk)
    # Alice: 40 her customer, 20 area, 20 region, 30 free, 10 none lately. Bob: 20 type, 20 region, 30, 10.
    assert ranking(order) == [("alice", "120.0", ""), ("bob", "80.0", "")]


def test_load_and_lately_given_orders_count_less(desk: World) -> None:
    for _each in range(3):
        orders.allocate_order(desk.reviewed(), by=desk.root, owner=desk.alice, reason="x")
    Allocation.objects.update(at=clock.now() - timedelta(days=29))
    # Alice: 30 · (1 - 3/8) = 18.75, to the even tenth 18.8; and 10 - 3 = 7.
    assert ranking(desk.reviewed()) == [("bob", "40.0", ""), ("alice", "25.8", "")]
    Allocation.objects.update(at=clock.now() - timedelta(days=31))
    assert ranking(Order.objects.get(status=S.REVIEWED)) == [("bob", "40.0", ""), ("alice", "28.8", "")]


def test_equal_points_go_to_the_first_and_always_to_the_same(desk: World) -> None:
    order = desk.reviewed()
    assert [ranking(order) for _each in range(3)] == [[("alice", "40.0", ""), ("bob", "40.0", "")]] * 3
    assert orders.allocate_order(order, by=desk.root).owner == desk.alice


def test_the_score_is_kept_with_everyones_reasons(desk: World) -> None:
    orders.allocate_order(desk.reviewed(), by=desk.root)
    kept = Allocation.objects.get()
    assert (kept.owner, kept.by, kept.chosen_by_hand, kept.reason) == (desk.alice, desk.root, False, "")
    assert [(each["name"], each["score"], each["obstacle"]) for each in kept.candidates] == [
        ("Alice", "40.0", ""),
        ("Bob", "40.0", ""),
    ]
    assert kept.candidates[0]["reasons"] == [["load", {"load": 0, "capacity": 8}], ["recent", {"recent": 0}]]


@pytest.mark.parametrize("obstacle", ["away", "full", "type", "region", "declined"])
def test_who_cannot_take_it_comes_last_with_the_reason(desk: World, obstacle: str) -> None:
    order = desk.reviewed()
    match obstacle:
        case "away":
            today = clock.today()
            Absence.objects.create(user=desk.alice, first_day=today, last_day=today, deputy=desk.bob)
        case "full":
            orders.allocate_order(desk.reviewed(), by=desk.root, owner=desk.alice, reason="x")
            territory(desk.alice, capacity=1)
        case "type":
            other = OrderType.objects.create(code="special", name="特殊")
            Territory.objects.get(user=desk.alice).types.add(other)
        case "region":
            territory(desk.alice, regions="四川")
        case "declined":
            orders.allocate_order(order, by=desk.root, owner=desk.alice, reason="x")
            orders.decline_order(order, by=desk.alice, reason="忙")
    found = candidates(Order.objects.get(pk=order.pk))
    assert [(each.user, each.obstacle) for each in found] == [(desk.bob, ""), (desk.alice, obstacle)]


def test_who_takes_no_orders_is_not_in_question(desk: World) -> None:
    territory(desk.alice, available=False)
    User.objects.filter(pk=desk.bob.pk).update(is_active=False)
    order, root = desk.reviewed(), desk.root
    assert candidates(order) == []
    with refused("nobody"):
        orders.allocate_order(order, by=root)


def test_the_number_of_queries_does_not_grow_with_the_people(desk: World, django_assert_max_num_queries: Any) -> None:
    order = Order.objects.select_related("customer", "type").get(pk=desk.reviewed().pk)
    for number in range(12):
        Territory.objects.create(user=desk.person(f"p{number}", "sales"))
    with django_assert_max_num_queries(9):
        assert len(candidates(order)) == 14


def test_the_order_desk_may_choose_another_with_a_reason(desk: World) -> None:
    order, root, bob = desk.reviewed(), desk.root, desk.bob
    with refused("reason"):
        orders.allocate_order(order, by=root, owner=bob)
    orders.allocate_order(order, by=root, owner=bob, reason="客户指定")
    kept = Allocation.objects.get()
    assert (kept.owner, kept.chosen_by_hand, kept.reason) == (bob, True, "客户指定")
    assert Message.objects.get(template="orders.allocated").recipient == bob


def test_the_owner_accepts_and_nobody_else(desk: World) -> None:
    order = orders.allocate_order(desk.reviewed(), by=desk.root)
    bob, root = desk.bob, desk.root
    with pytest.raises(Order.DoesNotExist):
        orders.accept_order(order, by=bob)
    with refused("not_owner"):
        orders.accept_order(order, by=root)
    accepted = orders.accept_order(order, by=desk.alice)
    assert (accepted.status, accepted.accepted_at) == (S.ACCEPTED, clock.now())


def test_the_owner_gives_it_back_and_the_next_one_gets_it(desk: World) -> None:
    order = orders.allocate_order(desk.reviewed(), by=desk.root)
    orders.decline_order(order, by=desk.alice, reason="休产假")
    order = Order.objects.get()
    assert (order.status, order.owner) == (S.ALLOCATED, desk.bob)
    first, second = Allocation.objects.order_by("pk")
    assert (first.owner, first.ended, first.ended_reason) == (desk.alice, "declined", "休产假")
    assert (second.owner, second.ended) == (desk.bob, "")


def test_when_nobody_is_left_it_is_at_the_order_desk_again(desk: World) -> None:
    order = orders.allocate_order(desk.reviewed(), by=desk.root)
    for user in (desk.alice, desk.bob):
        orders.decline_order(Order.objects.get(), by=user, reason="忙")
    order = Order.objects.get()
    assert (order.status, order.owner) == (S.REVIEWED, None)
    assert Deadline.objects.open().get(rule="order.allocate").department.code == "order_desk"
    orders.allocate_order(order, by=desk.root, owner=desk.alice, reason="必须有人接")
    assert Order.objects.get().owner == desk.alice


def test_not_accepted_in_time_it_goes_to_the_next_who_has_his_own_time(desk: World) -> None:
    orders.allocate_order(desk.reviewed(), by=desk.root)  # at 9:30: four working hours end at 15:00
    with clock.at(shanghai(23, 14, 59)):
        sweep()
        assert Order.objects.get().owner == desk.alice
    with clock.at(shanghai(23, 15)):
        sweep()
        sweep()
        order = Order.objects.get()
        row = Deadline.objects.open().get(rule="order.accept")
        assert (order.owner, order.status) == (desk.bob, S.ALLOCATED)
        assert (row.responsible, row.due_at) == (desk.bob, shanghai(24, 10))  # 2.5 h of Monday, 1.5 h of Tuesday
        assert Allocation.objects.order_by("pk").first().ended == "not_accepted"
    with clock.at(shanghai(24, 9, 59)):
        sweep()
        assert Order.objects.get().owner == desk.bob
    with clock.at(shanghai(24, 10)):
        sweep()
        assert (Order.objects.get().status, Order.objects.get().owner) == (S.REVIEWED, None)


def test_an_accepted_order_is_not_passed_on(desk: World) -> None:
    order = orders.allocate_order(desk.reviewed(), by=desk.root)
    orders.accept_order(order, by=desk.alice)
    with clock.at(shanghai(30, 9)):
        sweep()
    assert (Order.objects.get().status, Order.objects.get().owner) == (S.ACCEPTED, desk.alice)


def test_the_best_by_hand_needs_no_reason(desk: World) -> None:
    order = desk.reviewed()
    assert orders.allocate_order(order, by=desk.root, owner=desk.alice).owner == desk.alice
    assert Allocation.objects.get().chosen_by_hand is False
    assert Decimal(Allocation.objects.get().candidates[0]["score"]) == 40


def test_clicked_twice_the_order_stays_with_whom_it_was_given(desk: World) -> None:
    """The order counts for nobody: with it the first would fall behind the second, and a click move it on."""
    order = orders.allocate_order(desk.reviewed(), by=desk.root)
    first = {each.user: each.score for each in candidates(order)}
    with refused("has_it"), nothing_moves():
        orders.allocate_order(order, by=desk.root)
    with refused("has_it"):
        orders.allocate_order(order, by=desk.root, owner=desk.alice)
    assert Order.objects.get().owner == desk.alice
    assert Allocation.objects.count() == 1
    assert first[desk.alice] == Decimal(Allocation.objects.get().candidates[0]["score"])


def test_given_to_somebody_else_the_first_is_not_held_against_him(desk: World) -> None:
    order = orders.allocate_order(desk.reviewed(), by=desk.root)
    orders.allocate_order(order, by=desk.root, owner=desk.bob, reason="换人")
    assert {each.user: each.obstacle for each in candidates(order)} == {desk.alice: "", desk.bob: ""}


def test_the_dialog_shows_everybody_in_question_before_one_chooses(desk: World) -> None:
    territory(desk.bob, available=True, regions="四川")
    order = desk.reviewed()
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(desk.root)
    page = client.get(f"/do/orders.allocate_order/{order.pk}/").content.decode()
    table = page[page.index("<caption") : page.index("</table>")]
    alice, bob = table.index("Alice"), table.index("Bob")
    assert alice < table.index("recommended") < table.index("40.0") < bob
    assert "0 of 8 orders in work · 0 orders in thirty days" in table[:bob]
    assert "does not cover this region" in table[bob:]
    assert table.count("recommended") == 1


def test_the_dialog_says_where_nobody_takes_orders(desk: World) -> None:
    Territory.objects.all().delete()
    order = desk.reviewed()
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(desk.root)
    page = client.get(f"/do/orders.allocate_order/{order.pk}/").content.decode()
    assert "Nobody takes orders yet" in page and "<caption" not in page
