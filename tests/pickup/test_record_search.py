"""Pickup records are found by their numbers, the customer and who collected, on the page and in REST (P10)."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from pickup import actions as pickup
from pickup.models import Record
from tests.api.conftest import Api
from tests.world import World


def found(user: object, question: str) -> list[str]:
    """The numbers of the records that REST finds."""
    answer = Api(user).get(f"pickup-records/?{urlencode({'q': question})}")
    assert answer.status_code == 200
    return [row["number"] for row in answer.json()["results"]]


@pytest.fixture
def record(world: World) -> Record:
    """What was handed over to 王小明 for 重庆晨光商贸有限公司."""
    world.handed_over()
    return Record.objects.get()


QUESTIONS: list[Callable[[Record], str]] = [
    lambda record: record.number,
    lambda record: record.pickup.number,
    lambda record: record.pickup.order.number,
    lambda record: record.pickup.customer.name[2:4],
    lambda record: "cgsm",  # 晨光商贸
    lambda record: record.collector,
    lambda record: "wxm",
    lambda record: f"{record.pickup.customer.name[:2]} {record.collector}",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_record_is_found_by_numbers_customer_and_collector(
    world: World, record: Record, question: Callable[[Record], str]
) -> None:
    assert found(world.root, question(record)) == [record.number]


@pytest.mark.parametrize("question", ["PR1999-000001", "zzqq", "张三丰"])
def test_what_is_in_none_of_them_finds_nothing(world: World, record: Record, question: str) -> None:
    assert found(world.root, question) == []


def test_the_page_searches_the_same(world: World, record: Record) -> None:
    client, page = Client(), reverse("pickup-records")
    client.force_login(world.root)
    assert record.number in client.get(page, {"q": "wxm"}).content.decode()
    assert record.number not in client.get(page, {"q": "zzqq"}).content.decode()
    assert 'name="q"' in client.get(page).content.decode()


def test_a_record_is_found_only_by_who_sees_its_pickup(world: World, record: Record) -> None:
    assert found(world.clerk, record.number) == [record.number]
    elsewhere = world.person("elsewhere", "counter")
    type(world.warehouse).objects.create(code="south", name="南岸自提点").clerks.add(elsewhere)
    assert found(elsewhere, record.number) == []


def test_a_record_that_takes_back_is_found_as_well(world: World, record: Record) -> None:
    opposite = pickup.reverse_later(record.pickup, by=world.root, reason="拿错")
    assert found(world.root, opposite.number) == [opposite.number]
    assert found(world.root, "wxm") == [opposite.number, record.number]
