"""Each night: where stock is not the sum of its movements, the administrators are told."""

from datetime import timedelta
from decimal import Decimal

from django.test import override_settings

from crm import checks, clock
from crm.deadlines.periodic import JOBS
from crm.outbox.models import Message
from pickup import actions as pickup
from pickup.models import Scan
from pickup.stock.models import Stock
from pickup.stock.nightly import check_books
from tests.world import World


def test_books_that_agree_say_nothing(world: World) -> None:
    world.handed_over()
    assert check_books() == 0
    assert not Message.objects.filter(template="pickup.books_disagree").exists()


def test_of_stock_that_somebody_changed_past_the_system_every_administrator_is_told_once_a_day(world: World) -> None:
    world.receive("100")
    administrator = world.person("admin", "administrator")
    world.person("keeper", "warehouse")
    Stock.objects.update(quantity=Decimal(103))
    assert [JOBS["pickup.books"].body(), JOBS["pickup.books"].body()] == [1, 1]
    told = Message.objects.filter(template="pickup.books_disagree")
    assert {each.recipient for each in told} == {world.root, administrator}
    assert told.all().count() == 2
    assert "渝北自提点 · 配电箱 B1: 103 / 100" in told.first().body
    with clock.at(clock.now() + timedelta(days=1)):
        check_books()
    assert told.all().count() == 4


def test_scans_are_known_for_four_hundred_days(world: World) -> None:
    told = world.notified()
    pickup.scan(told.code, by=world.clerk)
    with clock.at(clock.now() + timedelta(days=399)):
        pickup.scan("00000000", by=world.clerk)
        assert JOBS["pickup.forget"].body() == 0
    with clock.at(clock.now() + timedelta(days=401)):
        assert JOBS["pickup.forget"].body() == 1
    assert [each.typed for each in Scan.objects.all()] == ["00000000"]


@override_settings(SCAN_DAYS=0)
def test_a_day_at_least_is_asked_for() -> None:
    assert [each.msg for each in checks.times()] == ["CRM_SCAN_DAYS is 0."]
