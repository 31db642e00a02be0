"""What surrounds every page: language, content security, the request's id, health and figures."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from csp.decorators import csp_exempt, csp_replace
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from crm import clock
from crm.accounts.models import Department, User
from crm.deadlines.models import Deadline
from crm.deadlines.periodic import note_tick
from crm.outbox.models import Message
from crm.web.glance import glance
from crm.web.middleware import Policy, trusted
from customers.models import Customer
from orders.models import Order
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


def test_a_page_may_have_a_policy_of_its_own() -> None:
    @csp_replace({"img-src": ["https://maps.example"]})
    def replacing(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    request = RequestFactory().get("/")
    policy = Policy(replacing)(request)["Content-Security-Policy"]
    assert "img-src https://maps.example" in policy
    assert "default-src 'none'" in policy
    assert "Content-Security-Policy" not in Policy(csp_exempt()(lambda _request: HttpResponse()))(request)


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


def test_the_frame_counts_what_the_pages_behind_it_show(world: World, django_assert_num_queries: Any) -> None:
    order = world.new_order()
    desk = Department.objects.create(code="desk", name="订单部", name_en="Order desk")
    User.objects.filter(pk=world.root.pk).update(department=desk)
    root = User.objects.get(pk=world.root.pk)
    kinds = ContentType.objects.get_for_models(Order, Customer)
    now, facts = clock.now(), {"subject_pk": order.pk, "started_at": clock.now(), "warn_at": clock.now()}
    for number, (model, days, whose) in enumerate(
        [
            (Order, -1, {"responsible": root}),
            (Order, 6, {"responsible": None, "department": desk}),
            (Customer, 1, {"responsible": root, "department": desk}),
            (Order, 8, {"responsible": root}),
            (Order, 1, {"responsible": None, "department": None}),
            (Order, 1, {"responsible": world.alice, "department": desk}),
            (Order, 1, {"responsible": root, "closed_at": now}),
        ]
    ):
        due = now + timedelta(days=days)
        Deadline.objects.create(rule=f"test.{number}", subject_type=kinds[model], due_at=due, **whose, **facts)
    Message.objects.create(channel="notice", recipient=root, status="unread", template="x", key="test-1")
    Message.objects.create(channel="notice", recipient=root, status="read", template="x", key="test-2")
    Message.objects.create(channel="notice", recipient=world.alice, status="unread", template="x", key="test-3")
    for user in (root, world.alice, world.stranger):
        with django_assert_num_queries(1):
            seen = glance(user)
        assert seen.waiting_count == Deadline.objects.waiting_for(user).count()
        assert sum(seen.waiting.values()) == seen.waiting_count
        assert seen.unread == Message.objects.unread_by(user).count()
    waiting = Deadline.objects.waiting_for(root).values_list("subject_type", flat=True)
    assert Counter(glance(root).waiting) == Counter(waiting)
    assert glance(root).waiting[kinds[Customer].pk] == 1
    with django_assert_num_queries(0):
        assert str(root.department) == "Order desk"


def test_what_is_kept_of_the_frame_is_the_readers_own(world: World, client_of: Callable[..., Client]) -> None:
    root, alice = client_of(world.root), client_of(world.alice)
    tokens = set()
    for client, name, path in (
        (root, world.root.display_name, "/orders/"),
        (alice, world.alice.display_name, "/orders/"),
        (root, world.root.display_name, "/orders/?q=<b>"),
        (alice, world.alice.display_name, "/customers/"),
        (root, world.root.display_name, "/orders/"),
    ):
        html = client.get(path).content.decode()
        assert f"Menu of {name}" in html and html.count("Menu of ") == 1
        found = re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', html)
        assert len(set(found)) == 1 and found[0] not in tokens
        tokens.add(found[0])
        here = re.findall(r'name="next" value="([^"]*)"', html)
        assert set(here) == {path.replace("<", "%3C").replace(">", "%3E")}
        current = re.findall(r'<li><a href="([^"]+)" aria-current="page"', html)
        assert current == [path.partition("?")[0]]
    chinese = client_of(world.root, **{"Accept-Language": "zh-CN"}).get("/orders/").content.decode()
    assert "Menu of" not in chinese


def test_the_kept_frame_s_forms_work(world: World) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    client.force_login(world.root)
    for _each in range(2):
        html = client.get("/orders/").content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
        assert token is not None
        sent = {"language": "en", "next": "/orders/", "csrfmiddlewaretoken": token[1]}
        assert client.post("/language/", sent)["Location"] == "/orders/"
    assert client.post("/language/", {"language": "en"}).status_code == 403


def test_what_was_searched_for_stands_in_the_frame_as_text(world: World, client_of: Callable[..., Client]) -> None:
    html = client_of(world.root).get("/search/", {"q": '"><script>'}).content.decode()
    assert 'name="q" value="&quot;&gt;&lt;script&gt;"' in html and "<script>" not in html
