"""Request keys are forgotten when nobody repeats the request any more."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks

from crm import clock
from crm.deadlines.periodic import JOBS
from crm.records import retention
from crm.records.models import ActionLog, RequestKey
from customers import actions as customers
from customers.models import Customer
from tests.world import MORNING, World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(MORNING):
        yield World()


FACTS: dict[str, Any] = {"code": "", "name": "成都光明", "owner": None, "address": "", "contacts": []}


def test_a_key_is_known_for_thirty_days_and_then_forgotten(world: World) -> None:
    first = customers.create_customer(by=world.root, key="k1", **FACTS)
    with clock.at(MORNING + timedelta(days=30)):
        JOBS["records.forget"].body()
        assert customers.create_customer(by=world.root, key="k1", **FACTS) == first
    with clock.at(MORNING + timedelta(days=30, seconds=1)):
        JOBS["records.forget"].body()
        assert not RequestKey.objects.exists()
        assert customers.create_customer(by=world.root, key="k1", **FACTS) != first
    assert Customer.objects.count() == 2
    assert ActionLog.objects.filter(verb="customers.create_customer").count() == 2


def test_the_time_can_be_set(world: World, settings: Any) -> None:
    customers.create_customer(by=world.root, key="k1", **FACTS)
    settings.REQUEST_KEY_DAYS = 2
    with clock.at(MORNING + timedelta(days=2, seconds=1)):
        assert retention.forget_requests() == 1


def test_many_are_removed_in_pieces(world: World, django_assert_num_queries: Any) -> None:
    old = MORNING - timedelta(days=60)
    rows = [RequestKey(scope="user:1", key=str(each), fingerprint="", log_id=1, at=old) for each in range(5)]
    RequestKey.objects.bulk_create(rows)
    with django_assert_num_queries(7):  # three pieces, each found and removed, and nothing more to find
        assert retention.remove(RequestKey.objects.filter(at__lt=MORNING), batch=2) == 5


def test_no_time_at_all_is_a_mistake(settings: Any) -> None:
    settings.REQUEST_KEY_DAYS = 0
    found = [each for each in run_checks() if each.id == "crm.E014"]
    assert [each.msg for each in found] == ["CRM_REQUEST_KEY_DAYS is 0."]
