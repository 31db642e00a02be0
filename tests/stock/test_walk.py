"""A walk by chance over everything that moves goods: whatever is tried, the books agree after each step."""

import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db.models import Sum

from crm.refusals import Refused
from orders.models import Line, Order
from pickup import actions as pickup
from pickup.models import Pickup, Window
from pickup.stock import actions as stock
from pickup.stock import ledger
from pickup.stock.models import Movement, Reservation, Stock
from tests.world import HANDED, World

STEPS = 100


class Walk:
    """One walk: `seed` chooses every step and every quantity."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        self.done: Counter[str] = Counter()
        other = type(world.warehouse).objects.create(code="south", name="南岸自提点")
        self.places = [world.warehouse, other]
        first = world.window(capacity=9)
        self.windows = {
            world.warehouse.pk: first,
            other.pk: Window.objects.create(
                warehouse=other, starts_at=first.starts_at, ends_at=first.ends_at, capacity=9
            ),
        }

    def step(self) -> None:
        """Do something that can be tried now; a refusal is an answer like any other."""
        choices: list[Callable[[], object]] = [
            self.receive,
            self.count,
            self.order,
            self.check,
            self.part,
            self.plan,
            self.hand_over,
            self.reverse,
            self.cancel,
            self.call_off,
            self.waive,
        ]
        self.chance.shuffle(choices)
        for choice in choices:
            try:
                if choice() is not None:
                    self.done[choice.__name__] += 1
                    return
            except Refused:
                self.done["refused"] += 1
                return

    def any(self, rows: object) -> object | None:
        rows = list(rows)  # type: ignore[call-overload]
        return self.chance.choice(rows) if rows else None

    def pieces(self, most: int) -> Decimal:
        return Decimal(self.chance.randint(1, most * 2)) / 2

    def receive(self) -> object:
        line = {"product": self.world.product, "quantity": self.pieces(8), "batch": self.chance.choice("AB")}
        return stock.receive_goods(by=self.world.root, warehouse=self.chance.choice(self.places), lines=[line])

    def count(self) -> object:
        line = {"product": self.world.product, "quantity": self.pieces(20), "batch": self.chance.choice("AB")}
        place = self.chance.choice(self.places)
        return stock.count_stock(by=self.world.root, warehouse=place, reason="盘点", lines=[line])

    def order(self) -> object:
        return self.world.confirmed(quantity=str(self.pieces(12)))

    def check(self) -> object:
        order = self.any(Order.objects.filter(status="confirmed"))
        place = self.chance.choice(self.places)
        return order and pickup.check_stock(order, by=self.world.root, warehouse=place)

    def part(self) -> object:
        order = self.any(Order.objects.filter(status="short"))
        place = self.chance.choice(self.places)
        return order and pickup.take_part(order, by=self.world.root, warehouse=place, agreed="x")

    def plan(self) -> object:
        order = self.any(Order.objects.filter(status="ready"))
        held = order and Reservation.objects.filter(line__order=order).first()
        window = held and self.windows[held.stock.warehouse_id]
        return window and pickup.plan_pickup(order, by=self.world.root, window=window)

    def hand_over(self) -> object:
        told = self.any(Pickup.objects.filter(status="planned"))
        if told is None:
            return None
        line = {"line": told.order.lines.get(), "quantity": self.pieces(8), "difference": "x"}  # type: ignore[attr-defined]
        lines = [line] if self.chance.random() < 0.5 else []
        return pickup.hand_over(told, by=self.world.root, lines=lines, **HANDED)

    def reverse(self) -> object:
        told = self.any(Pickup.objects.filter(status="handed_over"))
        return told and pickup.reverse_later(told, by=self.world.root, reason="x")

    def cancel(self) -> object:
        told = self.any(Pickup.objects.filter(status="planned"))
        return told and pickup.cancel_pickup(told, by=self.world.root, reason="x")

    def call_off(self) -> object:
        order = self.any(Order.objects.filter(status="ready")) if self.chance.random() < 0.3 else None
        return order and pickup.call_off(order, by=self.world.root, reason="x")

    def waive(self) -> object:
        order = self.any(Order.objects.filter(lines__collected__gt=0)) if self.chance.random() < 0.3 else None
        return order and pickup.waive_rest(order, by=self.world.root, reason="x")


def sound() -> None:
    """What must hold at every moment."""
    assert ledger.disagreements() == []
    reserved = dict(Reservation.objects.values_list("stock").annotate(total=Sum("quantity")).order_by())
    for row in Stock.objects.all():
        assert row.reserved == reserved.get(row.pk, 0)
        assert 0 <= row.reserved <= row.quantity
    moved = dict(Movement.objects.exclude(line=None).values_list("line").annotate(total=Sum("quantity")).order_by())
    held = dict(Reservation.objects.values_list("line").annotate(total=Sum("quantity")).order_by())
    for line in Line.objects.select_related("order"):
        assert line.collected == -moved.get(line.pk, 0)
        assert 0 <= line.collected <= line.base_quantity
        assert held.get(line.pk, 0) <= line.open_quantity
        if line.order.status in ("collected", "cancelled", "short"):
            assert line.pk not in held
        if line.order.status == "ready":
            assert held[line.pk] > 0
    for window in Window.objects.all():
        assert window.taken <= window.capacity


@pytest.mark.parametrize("seed", [1, 2])
def test_the_books_agree_after_every_step(world: World, seed: int) -> None:
    walk = Walk(world, seed)
    for _number in range(STEPS):
        walk.step()
        sound()
    assert len(walk.done) >= 11, walk.done  # nearly every kind of step, and refusals
