"""Requests are counted together by all processes, and a process does not ask the cache for each."""

from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import RedisError

from crm.api import throttling


class Machine:
    """A clock that stands until it is moved on."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(throttling, "time", machine)
    monkeypatch.setattr(throttling, "_windows", {})
    return machine


def test_a_small_limit_is_counted_request_by_request(machine: Machine) -> None:
    assert [throttling._count("a", 5) for _each in range(3)] == [1, 2, 3]
    assert cache.get("a") == 3


def test_of_a_large_limit_the_cache_is_told_once_a_second_or_by_the_hundredth(machine: Machine) -> None:
    assert [throttling._count("a", 1000) for _each in range(10)] == list(range(1, 11))
    assert cache.get("a") == 1  # nine of them are only known here
    assert throttling._count("a", 1000) == 11
    assert cache.get("a") == 11  # the tenth since made a hundredth of the limit
    throttling._count("a", 1000)
    assert cache.get("a") == 11
    machine.now += 1
    assert throttling._count("a", 1000) == 13
    assert cache.get("a") == 13


def test_what_another_process_counted_is_known_when_the_cache_is_told(machine: Machine) -> None:
    assert throttling._count("a", 1000) == 1
    cache.incr("a", 700)
    assert throttling._count("a", 1000) == 2
    machine.now += 1
    assert throttling._count("a", 1000) == 703


def test_a_cache_that_drops_what_it_was_told_stops_nobody(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful:
        def incr(self, key: str, number: int) -> int:
            raise ValueError(key)

        def add(self, *_arguments: Any) -> bool:
            return False

    monkeypatch.setattr(throttling, "cache", Forgetful())
    assert throttling._count("a", 1) == 0


def test_a_cache_that_is_away_stops_nobody(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: Any) -> int:
        raise RedisError

    monkeypatch.setattr(throttling, "_tell", away)
    assert throttling._count("a", 1) == 0
    assert throttling._count("a", 1) == 0
