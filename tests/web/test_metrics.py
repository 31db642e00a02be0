"""/metrics is for who measures: by address or by token; for everybody else there is no such page."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client

from crm.web.middleware import trusted

TOKEN = "a-token-of-the-tests-" + "m" * 19
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def configured(settings: Any) -> Any:
    settings.METRICS_ALLOWED = ["127.0.0.0/8", "::1", "10.1.0.0/16"]
    settings.METRICS_TOKEN = TOKEN
    settings.TRUSTED_PROXIES = ["10.1.0.9"]
    trusted.cache_clear()
    yield
    trusted.cache_clear()


def status(address: str, **headers: str) -> int:
    return Client(REMOTE_ADDR=address).get("/metrics", headers=headers).status_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.5", "::1", "10.1.200.3"])
def test_an_allowed_address_reads_them(address: str) -> None:
    assert status(address) == 200


@pytest.mark.parametrize("address", ["10.2.0.1", "203.0.113.5", "2001:db8::1", "", "nowhere"])
def test_for_others_there_is_no_such_page(address: str) -> None:
    assert status(address) == 404


def test_the_token_opens_them_from_anywhere() -> None:
    assert status("203.0.113.5", authorization=f"Bearer {TOKEN}") == 200


@pytest.mark.parametrize("given", ["Bearer ", "Bearer x", f"Basic {TOKEN}", TOKEN, "Bearer ü" + TOKEN])
def test_a_wrong_token_opens_nothing(given: str) -> None:
    assert status("203.0.113.5", authorization=given) == 404


def test_without_a_token_in_the_settings_an_empty_one_opens_nothing(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert status("203.0.113.5", authorization="Bearer ") == 404


def test_behind_a_proxy_it_is_the_callers_own_address_that_counts() -> None:
    assert status("10.1.0.9", x_forwarded_for="203.0.113.5") == 404
    assert status("10.1.0.9", x_forwarded_for="127.0.0.1, 203.0.113.5") == 404
    assert status("10.1.0.9", x_forwarded_for="10.1.0.7") == 200


def test_what_an_unknown_proxy_on_this_machine_passes_on_is_not_near() -> None:
    assert status("127.0.0.1", x_forwarded_for="203.0.113.5") == 404


def test_a_setting_that_is_no_address_is_told(settings: Any) -> None:
    settings.METRICS_ALLOWED = ["127.0.0.1", "everybody"]
    found = [each for each in run_checks() if each.id == "crm.E013"]
    assert [each.msg for each in found] == ["CRM_METRICS_ALLOWED names 'everybody', which is no address."]
