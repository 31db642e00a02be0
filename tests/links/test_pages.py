"""Every purpose that is declared can do what it offers."""

import pytest

from crm.accounts.roles import defaults
from crm.actions import ACTIONS
from crm.links.pages import PAGES
from crm.links.redact import redact_path
from crm.links.throttle import household, throttle


@pytest.mark.parametrize("purpose", sorted(PAGES))
def test_the_verbs_of_a_page_exist_and_the_links_user_may_do_them(purpose):
    verbs = set(PAGES[purpose].verbs)
    assert verbs <= ACTIONS.keys()
    assert verbs <= defaults().system_grants.get("links", set())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/l/4yWJ0x-zQ_1/", "/l/…/"),
        ("/s/4yWJ0x-zQ_1/", "/s/…/"),
        ("GET https://crm.example.com/l/4yWJ0x-zQ_1/?lang=en 200", "GET https://crm.example.com/l/…/?lang=en 200"),
        ("Not Found: /welcome/eyJ0:1x/", "Not Found: /welcome/…/"),
        ("/customers/12/", "/customers/12/"),
        ("/api/v1/l/", "/api/v1/l/"),
    ],
)
def test_a_path_is_written_down_without_its_token(text, shown):
    assert redact_path(text) == shown


def test_a_throttle_counts_by_scope_and_by_who(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert [throttle("tests", "a", 2, 60) for _try in range(3)] == [0, 0, 40]
    assert throttle("tests", "b", 2, 60) == 0
    assert throttle("others", "a", 2, 60) == 0
    monkeypatch.setattr("time.time", lambda: 2_000_000_041.0)
    assert throttle("tests", "a", 2, 60) == 0


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_household_counts_as_one(address, counted):
    assert household(address) == counted
