"""What surrounds every page: language, content security, the request's id, health and figures."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from crm.deadlines.periodic import note_tick
from crm.web.middleware import trusted
from tests.world import World


def test_the_language_is_the_browsers_until_one_chooses(world: World) -> None:
    assert "Sign in" in Client(headers={"Accept-Language": "en"}).get("/sign-in/").content.decode()
    chinese = Client(headers={"Accept-Language": "zh-CN"})
    page = chinese.get("/sign-in/")
    assert (page["Content-Language"], "登录" in page.content.decode()) == ("zh-hans", True)
    chosen = chinese.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/sign-in/")
    assert "Sign in" in chinese.get("/sign-in/").content.decode()


def test_the_choice_is_the_users_own_and_goes_where_he_goes(world: World) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.root)
    client.post("/language/", {"language": "zh-hans"})
    world.root.refresh_from_db()
    assert world.root.language == "zh-hans"
    other = Client(headers={"Accept-Language": "en"})
    other.force_login(world.root)
    assert "订单" in other.get("/orders/").content.decode()


@pytest.mark.parametrize("given", ["fr", "", "zh-hans<script>"])
def test_a_language_that_there_is_not(db: None, given: str) -> None:
    assert Client().post("/language/", {"language": given}).status_code == 404


def test_a_foreign_place_to_go_to_is_not_gone_to(db: None) -> None:
    answer = Client().post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("path", ["/sign-in/", "/", "/orders/", "/pickups/counter/", "/nowhere/", "/inquiries/ask/"])
def test_nothing_runs_that_is_not_ours(world: World, client_of: Callable[..., Client], path: str) -> None:
    page = client_of(world.root).get(path, follow=True)
    policy = page["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == parts["connect-src"] == parts["form-action"] == "'self'"
    assert parts["frame-ancestors"] == parts["base-uri"] == "'none'"
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
    html = page.content.decode()
    for forbidden in (" style=", "onclick=", "<style", "javascript:", "//cdn"):
        assert forbidden not in html
    for script in html.split("<script")[1:]:
        head = script.partition(">")[0]
        assert "src=" in head or 'type="application/json"' in head


def test_an_error_page_names_the_request(
    world: World, client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(world.root)
    client.raise_request_exception = False

    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("crm.web.listpage.show", broken)
    page = client.get("/orders/")
    assert page.status_code == 500
    assert page["X-Request-ID"] in page.content.decode()
    assert "broken" not in page.content.decode()


def test_a_page_that_is_not_there_says_so_in_the_frame(world: World, client_of: Callable[..., Client]) -> None:
    page = client_of(world.root).get("/nowhere/")
    assert page.status_code == 404
    assert page["X-Request-ID"]


@pytest.fixture
def proxies(settings: Any) -> Iterator[Callable[[str], None]]:
    """`proxies("127.0.0.1")`: who is believed; the answer is kept, and forgotten afterwards."""

    def believe(address: str) -> None:
        settings.TRUSTED_PROXIES = [address]
        trusted.cache_clear()

    yield believe
    trusted.cache_clear()


def test_a_request_id_is_believed_from_a_trusted_proxy_only(db: None, proxies: Callable[[str], None]) -> None:
    given = {"X-Request-ID": "from-the-proxy-1"}
    assert Client().get("/healthz", headers=given)["X-Request-ID"] != "from-the-proxy-1"
    proxies("127.0.0.1")
    assert Client().get("/healthz", headers=given)["X-Request-ID"] == "from-the-proxy-1"
    assert Client().get("/healthz", headers={"X-Request-ID": "x\ny"})["X-Request-ID"] != "x\ny"


def test_healthz_says_what_ails(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    note_tick()
    well = Client().get("/healthz")
    assert (well.status_code, well.json()) == (
        200,
        {"status": "ok", "database": "ok", "cache": "ok", "sweep": "ok"},
    )
    monkeypatch.setattr("crm.web.health._database", lambda: "failing")
    ill = Client().get("/healthz")
    assert (ill.status_code, ill.json()["status"], ill.json()["database"]) == (503, "failing", "failing")


def test_metrics_count_what_waits(world: World) -> None:
    world.new_order()
    lines = dict(line.rsplit(" ", 1) for line in Client().get("/metrics").content.decode().splitlines())
    assert lines["ziti_deadlines_open"] == "2"  # the review, and the customer's verification
    assert lines["ziti_deadlines_late"] == "0"
    assert float(lines["ziti_up_seconds"]) >= 0


def test_the_palette_finds_records_pages_and_what_can_be_begun(world: World, client_of: Callable[..., Client]) -> None:
    order, client = world.new_order(), client_of(world.root)
    html = client.get("/search/", {"q": "晨光"}).content.decode()
    assert world.customer.get_absolute_url() in html and order.get_absolute_url() in html
    assert "/do/orders.apply_order/" in client.get("/search/", {"q": "new order"}).content.decode()
    assert "/orders/" in client.get("/search/", {"q": "orders"}).content.decode()


@pytest.mark.parametrize(
    "typed", ["晨光", "cqcg", "chenguang", "13800138000", "+86 138 0013 8000", "重庆晨光商贸有限公司1", "C2026-000001"]
)
def test_a_customer_is_found_as_people_type(world: World, client_of: Callable[..., Client], typed: str) -> None:
    customer = world.customer
    html = client_of(world.root).get("/search/", {"q": typed}).content.decode()
    assert customer.get_absolute_url() in html or world.contact.get_absolute_url() in html
    assert customer.get_absolute_url() not in client_of(world.charlie).get("/search/", {"q": typed}).content.decode()


@pytest.mark.parametrize("typed", ["", "%", "'; DROP TABLE", "\x00", "配" * 300, "🏮", "𠮷", "‮abc"])
def test_odd_questions_break_nothing(world: World, client_of: Callable[..., Client], typed: str) -> None:
    assert client_of(world.root).get("/search/", {"q": typed}).status_code == 200


def test_texts_for_scripts_are_json(world: World, client_of: Callable[..., Client]) -> None:
    html = client_of(world.root).get("/").content.decode()
    text = html.partition('id="texts"')[2].partition(">")[2].partition("</script>")[0]
    assert "undo" in json.loads(text)
