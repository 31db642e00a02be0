"""The sign-in page, signing out, and the demonstration's buttons."""

import re

import pytest
from django.test import Client

from crm.accounts.models import User, UserSession
from crm.accounts.roles import Defaults
from crm.records.models import ActionLog
from tests.accounts.conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db
LOCAL = {"REMOTE_ADDR": "127.0.0.1", "headers": {"host": "127.0.0.1:8000"}}


def post(client: Client, name: str, password: str = PASSWORD, **data: str):
    return client.post("/sign-in/", {"username": name, "password": password, **data})


def test_the_page_asks_for_name_and_password(client):
    answer = client.get("/sign-in/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'autocomplete="username"' in text
    assert 'autocomplete="current-password"' in text
    assert 'href="/forgot/"' in text
    assert "no-store" in answer["Cache-Control"]


def test_one_signs_in_and_goes_where_one_wanted(alice):
    client = Client(REMOTE_ADDR="203.0.113.7", headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    answer = post(client, "alice", next="/profile/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    row = UserSession.objects.get(user=alice)
    assert (row.address, row.device) == ("203.0.113.7", "Firefox, Windows")
    log = ActionLog.objects.get(verb="accounts.sign_in")
    assert (log.actor, log.address, log.door) == (alice, "203.0.113.7", "page")
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "pk", "sign-in", "../..", ""]
)
def test_nobody_is_sent_elsewhere(alice, wanted):
    assert post(Client(), "alice", next=wanted)["Location"] == "/"


def test_who_is_in_already_is_not_sent_to_a_page_by_a_word_that_is_a_view_s_name(alice):
    client = Client()
    post(client, "alice")
    for wanted in ["pk", "today", "admin:index"]:
        answer = client.get("/sign-in/", {"next": wanted})
        assert (answer.status_code, answer["Location"]) == (302, "/")


def test_no_browser_keeps_a_page_that_is_somebody_s_own(alice):
    client = Client()
    post(client, "alice")
    for page in ["/", "/nowhere/", "/profile/"]:
        assert "no-store" in client.get(page)["Cache-Control"]


def test_a_wrong_password_says_so_and_signs_nobody_in(alice):
    client = Client()
    answer = post(client, "alice", "wrong")
    assert answer.status_code == 422
    assert "do not belong together" in answer.content.decode()
    assert UserSession.objects.filter(user=alice).count() == 0


def test_an_unknown_name_gets_the_same_answer(alice):
    def shown(name: str) -> str:
        text = post(Client(), name, "wrong").content.decode()
        return re.sub(r'(csrfmiddlewaretoken" value|value)="[^"]*"|number:</?[^>]*>[^<]*|<code>[^<]*', "", text)

    assert shown("alice") == shown("nobody")


def test_nothing_typed_is_asked_for_again(alice):
    answer = post(Client(), "", "")
    assert answer.status_code == 422
    assert ActionLog.objects.count() == 0


def test_who_has_left_is_told_no_more_than_anybody(alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert post(Client(), "alice").status_code == 422


def test_the_session_is_a_new_one(alice):
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["kept"] = "x"
    session.save()
    before = session.session_key
    post(client, "alice")
    assert client.session.session_key != before
    assert not UserSession.objects.filter(pk=before).exists()


def test_who_is_signed_in_is_sent_on(alice):
    assert signed_in(alice).get("/sign-in/?next=/profile/")["Location"] == "/profile/"


def test_signing_out_needs_a_post_and_ends_the_session(alice):
    client = signed_in(alice)
    assert client.get("/sign-out/").status_code == 405
    assert UserSession.objects.filter(user=alice).count() == 1
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert UserSession.objects.filter(user=alice).count() == 0
    assert client.get("/profile/").status_code == 302
    assert ActionLog.objects.filter(verb="accounts.sign_out", actor=alice).count() == 1


def test_posts_need_the_csrf_token(alice):
    client = Client(enforce_csrf_checks=True)
    for address in ("/sign-in/", "/sign-out/", "/demo-sign-in/", "/forgot/"):
        assert client.post(address, {"username": "alice", "password": PASSWORD}).status_code == 403


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def test_the_demonstration_offers_one_button_per_role_on_this_machine(demo, alice, bob, charlie, diana, monkeypatch):
    monkeypatch.setattr(
        "crm.accounts.demo.defaults", lambda: Defaults(waits={"sales": lambda user: f"3 orders wait for {user.name}"})
    )
    roles = Client(**LOCAL).get("/sign-in/").context["demo_roles"]
    assert [(role.username, role.label) for role in roles] == [
        ("alice", "Sales"),
        ("diana", "Sales manager"),
        ("charlie", "Warehouse keeper"),
    ]
    assert roles[0].waits == "3 orders wait for Alice"
    assert roles[1].waits == ""


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_a_button_signs_in(demo, alice, host):
    client = Client(REMOTE_ADDR="::1" if "[" in host else "127.0.0.1", headers={"host": host})
    answer = client.post("/demo-sign-in/", {"username": "alice", "next": "/profile/"})
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert UserSession.objects.get().user == alice
    assert ActionLog.objects.get().verb == "accounts.sign_in_demo"


ELSEWHERE = [
    {"REMOTE_ADDR": "203.0.113.7", "headers": {"host": "127.0.0.1:8000"}},
    {"REMOTE_ADDR": "192.168.1.5", "headers": {"host": "127.0.0.1:8000"}},
    {"REMOTE_ADDR": "", "headers": {"host": "127.0.0.1:8000"}},
    {"REMOTE_ADDR": "127.0.0.1", "headers": {"host": "testserver"}},
    {"REMOTE_ADDR": "127.0.0.1", "headers": {"host": "localhost.testserver"}},
    {"REMOTE_ADDR": "127.0.0.1", "headers": {"host": "127.0.0.1:8000", "x-forwarded-for": "127.0.0.1"}},
    {"REMOTE_ADDR": "127.0.0.1", "headers": {"host": "127.0.0.1:8000", "x-forwarded-host": "crm.example.com"}},
    {"REMOTE_ADDR": "127.0.0.1", "headers": {"host": "127.0.0.1:8000", "forwarded": "for=203.0.113.7"}},
    {"REMOTE_ADDR": "127.0.0.1", "headers": {"host": "127.0.0.1:8000", "x-real-ip": "203.0.113.7"}},
]


@pytest.mark.parametrize("way", ELSEWHERE)
def test_from_anywhere_else_there_is_no_such_page(demo, settings, alice, way):
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(**way)
    assert client.post("/demo-sign-in/", {"username": "alice"}).status_code == 404
    assert client.get("/sign-in/").context["demo_roles"] == []
    assert UserSession.objects.count() == 0


def test_without_the_demonstration_there_is_no_such_page(alice):
    client = Client(**LOCAL)
    assert client.post("/demo-sign-in/", {"username": "alice"}).status_code == 404
    assert client.get("/sign-in/").context["demo_roles"] == []


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])
def test_a_server_that_listens_to_others_offers_no_buttons(demo, alice, monkeypatch, host):
    monkeypatch.setenv("CRM_HOST", host)
    assert Client(**LOCAL).post("/demo-sign-in/", {"username": "alice"}).status_code == 404


def test_only_those_who_are_offered_can_be_chosen(demo, alice, bob, root):
    for name in ("bob", "root", "clock", "nobody", ""):
        assert Client(**LOCAL).post("/demo-sign-in/", {"username": name}).status_code == 404
    assert UserSession.objects.count() == 0


def test_a_button_is_pressed_by_post_only(demo, alice):
    assert Client(**LOCAL).get("/demo-sign-in/?username=alice").status_code == 405
