"""One-time links: the first administrator, an invitation, a forgotten password."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from crm import clock
from crm.accounts.actions import invite_user
from crm.accounts.models import User, UserSession
from crm.accounts.welcome import link_for, user_of
from crm.outbox.models import Message
from crm.records.models import ActionLog
from crm.refusals import Forbidden, Refused
from tests.accounts.conftest import PASSWORD, again, signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
NEW = "quiet-harbour-77"


def path_of(link: str) -> str:
    assert link.startswith("http://testserver/welcome/")
    return link.removeprefix("http://testserver")


def use(path: str, client: Client | None = None, **data: str):
    return (client or Client()).post(path, {"name": "Alice Wang", "new": NEW, "again": NEW, **data})


def test_a_link_sets_name_and_password_and_signs_in(alice):
    client = Client()
    path = path_of(link_for(alice))
    assert "alice" in client.get(path).content.decode()
    assert use(path, client)["Location"] == "/"
    alice.refresh_from_db()
    assert (alice.name, alice.check_password(NEW)) == ("Alice Wang", True)
    assert client.get("/profile/").status_code == 200
    assert ActionLog.objects.filter(verb="accounts.set_password", subject_pk=alice.pk).count() == 1


def test_the_same_link_twice_does_nothing(alice):
    path = path_of(link_for(alice))
    use(path)
    other = Client()
    assert other.get(path).status_code == 410
    assert use(path, other, new="other-harbour-88", again="other-harbour-88").status_code == 410
    assert again(alice).check_password(NEW)
    assert other.get("/profile/").status_code == 302


def test_a_used_link_ends_the_other_links_too(alice):
    first, second = path_of(link_for(alice)), path_of(link_for(alice))
    use(first)
    assert Client().get(second).status_code == 410


def test_a_link_ends_after_24_hours(alice):
    with clock.at(NOW):
        path = path_of(link_for(alice))
    with clock.at(NOW + timedelta(hours=24)):
        assert Client().get(path).status_code == 200
    with clock.at(NOW + timedelta(hours=24, seconds=1)):
        assert use(path).status_code == 410
    assert again(alice).check_password(PASSWORD)


def test_signing_in_ends_a_link_that_was_not_needed(alice):
    path = path_of(link_for(alice))
    signed_in(alice)
    assert use(path).status_code == 410


def test_a_forged_link_opens_nothing(alice, bob):
    token = link_for(alice).rpartition("/welcome/")[2].rstrip("/")
    assert user_of(token) == alice
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x", ":", token.replace(":", "", 1), "é"):
        assert user_of(forged) is None
    assert Client().get("/welcome/x/").status_code == 410


def test_who_has_left_cannot_use_his_link(alice):
    path = path_of(link_for(alice))
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert use(path).status_code == 410


@pytest.mark.parametrize(
    ("new", "repeated", "said"),
    [
        ("short", "short", "too short"),
        ("password1234", "password1234", "too common"),
        (NEW, NEW + "x", "differ"),
        ("alice@example.co", "alice@example.co", "too similar"),
        ("", "", "required"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(alice, new, repeated, said):
    path = path_of(link_for(alice))
    answer = use(path, new=new, again=repeated)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert again(alice).check_password(PASSWORD)
    assert use(path).status_code == 302


def test_setting_a_password_ends_the_sessions_that_were_open(alice):
    before = signed_in(alice)
    use(path_of(link_for(again(alice))))
    assert before.get("/profile/").status_code == 302
    assert UserSession.objects.filter(user=alice).count() == 1


def test_setting_a_password_opens_a_locked_door(alice):
    for _each in range(6):
        Client().post("/sign-in/", {"username": "alice", "password": "wrong"})
    use(path_of(link_for(alice)))
    assert Client().post("/sign-in/", {"username": "alice", "password": NEW}).status_code == 302


def test_an_invitation_is_mailed_in_the_users_language(alice, admin):
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    invite_user(again(alice), by=admin)
    mail = Message.objects.get(template="accounts.invitation")
    assert mail.email == "alice@example.com"
    assert "/welcome/" in mail.texts
    assert "用户名：alice" in mail.texts


def test_one_without_mail_address_is_not_invited(bob, admin):
    with pytest.raises(Refused) as refusal:
        invite_user(bob, by=admin)
    assert refusal.value.code == "no_mail_address"
    assert Message.objects.count() == 0


def test_only_administrators_invite(alice, bob):
    with pytest.raises(Forbidden):
        invite_user(alice, by=bob)
    assert Message.objects.count() == 0


def test_an_administrator_sends_no_link_for_a_superuser(admin, root):
    root.email = "root@example.com"
    root.save()
    with pytest.raises(Refused) as refusal:
        invite_user(root, by=admin)
    assert refusal.value.code == "superuser"
    assert Message.objects.count() == 0


def test_a_forgotten_password_is_answered_alike_whoever_asks(alice, bob):
    answers = {}
    for name in ("alice", "alice@example.com", "bob", "nobody", "nobody@example.com"):
        client = Client()
        answer = client.post("/forgot/", {"username": name})
        said = [str(message) for message in client.get("/sign-in/").context["messages"]]
        answers[name] = (answer.status_code, answer["Location"], said)
    assert len({str(each) for each in answers.values()}) == 1
    assert list(Message.objects.values_list("template", flat=True)) == ["accounts.reset"] * 2


def test_nobody_is_flooded_with_links(alice):
    client = Client()
    statuses = [client.post("/forgot/", {"username": "alice"}).status_code for _each in range(6)]
    assert statuses == [302] * 5 + [429]
    assert Message.objects.count() == 5


def test_asking_for_links_does_not_lock_the_sign_in(alice):
    for _each in range(6):
        Client().post("/forgot/", {"username": "alice"})
    assert Client().post("/sign-in/", {"username": "alice", "password": PASSWORD}).status_code == 302


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("first_admin_link", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_first_administrator_gets_a_link_and_may_do_everything():
    path = path_of(command())
    client = Client()
    assert use(path, client, name="Root").status_code == 302
    first = User.objects.get(username="admin")
    assert (first.is_superuser, first.is_staff, first.name) == (True, True, "Root")


def test_asked_again_before_it_was_used_it_is_the_same_administrator():
    command()
    path = path_of(command())
    assert User.objects.filter(is_superuser=True).count() == 1
    assert use(path).status_code == 302


def test_where_there_is_an_administrator_no_other_is_made(root):
    with pytest.raises(CommandError, match="root"):
        command()
    assert User.objects.filter(is_superuser=True).count() == 1


def test_a_locked_out_administrator_gets_a_link_on_the_server(root):
    assert use(path_of(command("--user", "root"))).status_code == 302
    assert again(root).check_password(NEW)


def test_an_unknown_user_gets_no_link():
    with pytest.raises(CommandError, match="nobody"):
        command("--user", "nobody")
