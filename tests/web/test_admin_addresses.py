"""No address of the back office fails, whatever somebody writes into it: an id that is none, or nobody's."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from tests.world import World, nothing_moves

ODD = {"text": "abc", "missing": "987654321", "huge": "9" * 30, "nul": "%00", "negative": "-1"}


def routes(patterns: Any, before: str = "") -> Iterator[str]:
    """Every address with a gap, as it is declared."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, before + str(each.pattern))
        elif isinstance(each, URLPattern) and "<" in before + str(each.pattern):
            yield before + str(each.pattern)


def addresses(odd: str) -> list[str]:
    with override("en"):
        found = [route for route in routes(get_resolver().url_patterns) if route.startswith("admin/")]
    return [re.sub(r"<[^>]+>", odd, "/" + route) for route in found if not route.startswith("admin/(?P")]


def test_the_walk_meets_every_admin(world: World) -> None:
    walked = " ".join(addresses("abc"))
    for model in admin.site._registry:
        assert f"/admin/{model._meta.app_label}/{model._meta.model_name}/abc/change/" in walked


@pytest.mark.parametrize("odd", ODD)
def test_an_id_that_is_none_is_not_found(world: World, odd: str) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(world.root)
    failed = []
    with nothing_moves():
        for address in addresses(ODD[odd]):
            for answer in (browser.get(address), browser.post(address)):
                if answer.status_code >= 500:
                    failed.append(address)
    assert failed == []
