"""Rows as tuples mean what Django's own `values_list` means, with fewer joins."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Count, F

from crm import fetching
from crm.accounts.models import User
from crm.deadlines.models import CalendarDay
from crm.fetching import joined, number, tuples, tuples_of
from crm.listing import LISTINGS, Listing
from customers.models import Contact, Customer
from orders.models import Order
from tests.world import World

PATHS = ["number", "customer__name", "owner__name", "customer_id", "total", "customer__owner__name", "received_at"]


def by_django(rows: Any, paths: list[str], most: int) -> list[tuple[Any, ...]]:
    return list(rows.values_list("pk", *paths)[:most])


SUMMED = {"contracts"}  # what is executed and open is summed up from the order's lines: annotations, read by Django


@pytest.mark.parametrize("key", sorted(LISTINGS.keys() - SUMMED))
def test_every_list_is_read_without_joins(key: str) -> None:
    """What is read otherwise would mean the same; it only takes longer, which nobody would see."""
    listing = LISTINGS[key]
    if type(listing).rows is not Listing.rows:
        return  # it works out a column of its own, which only Django knows how to read
    paths = [column.path for column in listing.columns if column.kind != "deadline"]
    assert fetching._reading(listing.model, ("pk", *paths)) is not None
    sql, _values = listing.model._base_manager.values_list("pk")[:5].query.sql_with_params()
    assert sql.startswith(fetching._select(listing.model, fetching._column(listing.model, listing.model._meta.pk)))


@pytest.mark.parametrize("key", sorted(LISTINGS))
def test_every_list_holds_for_each_user_what_django_finds(world: World, key: str) -> None:
    world.new_order()
    listing = LISTINGS[key]
    paths = [column.path for column in listing.columns if column.kind != "deadline"]
    for user in (world.root, world.alice, world.charlie):
        rows = listing.rows(user).order_by("pk")
        assert tuples(rows, paths, 20) == by_django(rows, paths, 20)


@pytest.mark.parametrize("order", [["-pk"], ["pk"], ["number", "pk"], ["-total", "-pk"], ["customer__name", "-pk"]])
def test_filters_and_orders_are_django_s(
    world: World, many: Callable[[int], Any], order: list[str], django_assert_num_queries: Any
) -> None:
    many(7)
    Order.objects.filter(number="T0003").update(owner=None)
    Order.objects.filter(number="T0004").update(owner=world.alice, total=5)
    everything = Order.objects.order_by(*order)
    for rows in (
        everything,
        everything.filter(owner=world.alice),
        everything.filter(customer__owner=None),
        everything.filter(paid__lt=F("total")),
        everything.unpaid(),
        everything.visible_to(world.alice),
        everything.visible_to(world.charlie),
        everything.none(),
    ):
        with django_assert_num_queries(0 if rows.query.is_empty() else 1) as asked:
            found = tuples(rows, PATHS, 5)
        assert found == by_django(rows, PATHS, 5)
        assert not asked or "(SELECT t0." in asked[0]["sql"] or asked[0]["sql"].startswith("EXECUTE kept_")


def test_what_is_not_plain_is_left_to_django(world: World, many: Callable[[int], Any]) -> None:
    many(3)
    rows = Customer.objects.order_by("pk")
    for special, paths in (
        (rows.filter(orders__number__startswith="T").distinct(), ["name"]),
        (rows.annotate(number=Count("orders")), ["name", "number"]),
        (rows.annotate(called=F("name")), ["called"]),
    ):
        assert tuples(special, paths, 10) == by_django(special, paths, 10)
        assert tuples(special, paths, 10) != []


def test_a_value_that_is_kept_as_something_else_is_made_python_s_again(world: World) -> None:
    Contact.objects.create(customer=world.customer, name="王芳", mobile="13800138000")
    rows = Contact.objects.order_by("pk")
    assert tuples(rows, ["name", "mobile"], 10)[-1][1:] == ("王芳", "+8613800138000")


def test_no_name_joins_nothing(world: World) -> None:
    assert joined(Order.objects.all(), ()).query.select_related is False
    assert joined(Order.objects.all(), ("owner", "customer")).query.select_related == {"owner": {}, "customer": {}}


def test_a_path_to_oneself_is_not_taken_for_the_row(world: World) -> None:
    manager = world.alice
    User.objects.filter(pk=world.bob.pk).update(manager=manager)
    rows = User.objects.filter(pk=world.bob.pk)
    assert tuples(rows, ["name", "manager__name", "manager__manager__name"], 1) == by_django(
        rows, ["name", "manager__name", "manager__manager__name"], 1
    )
    assert tuples(rows, ["manager__name"], 1)[0][1] == manager.name


def test_a_date_stays_a_date(db: None) -> None:
    rows = CalendarDay.objects.order_by("pk")
    assert tuples(rows, ["date", "working", "calendar__name"], 3) == by_django(
        rows, ["date", "working", "calendar__name"], 3
    )


def test_the_number_comes_with_the_rows(
    world: World, many: Callable[[int], Any], django_assert_num_queries: Any
) -> None:
    many(7)
    everything = Order.objects.order_by("-pk")
    mine = everything.filter(number__gte="T0003", customer__name__contains=world.customer.name[:2])
    with django_assert_num_queries(1):
        rows, count = tuples_of(mine, ["number"], 2, counted=mine, most=3)
    assert (rows, count) == (by_django(mine, ["number"], 2), 3)  # counted no further
    with django_assert_num_queries(1):
        rows, count = tuples_of(mine.filter(number="T0004"), ["number"], 2, counted=everything, most=100)
    assert ([row[1] for row in rows], count) == (["T0004"], 7)
    assert tuples_of(mine, ["number"], 2, counted=None, most=3)[1] is None
    assert tuples_of(mine.filter(number="no"), ["number"], 2, counted=mine, most=3) == ([], None)
    assert tuples_of(mine.none(), ["number"], 2, counted=mine, most=3) == ([], None)
    named = mine.annotate(called=F("number"))
    assert tuples_of(named, ["called"], 2, counted=named, most=3) == (by_django(named, ["called"], 2), None)
    with django_assert_num_queries(1):
        assert (number(mine, 3), number(mine.none(), 3)) == (3, 0)
