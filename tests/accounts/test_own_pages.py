"""Profile, password, sessions and tokens: what everybody arranges for himself."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from crm import clock
from crm.accounts import sessions
from crm.accounts.actions import end_session
from crm.accounts.models import Absence, User, UserSession
from crm.api.models import ApiToken
from crm.records.models import ActionLog
from crm.refusals import Forbidden, Refused
from tests.accounts.conftest import PASSWORD, again, signed_in

pytestmark = pytest.mark.django_db
PAGES = ["profile", "password", "sessions", "tokens"]
NEW = "quiet-harbour-77"


@pytest.mark.parametrize("name", PAGES)
def test_nobody_sees_these_pages_without_signing_in(client, name):
    address = reverse(name)
    assert client.get(address)["Location"] == f"/sign-in/?next={address}"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_has_these_pages_in_both_languages(alice, name, language):
    User.objects.filter(pk=alice.pk).update(language=language)
    answer = signed_in(alice).get(reverse(name))
    assert answer.status_code == 200
    assert answer["Content-Language"] == language


def test_the_profile_changes_name_language_and_notices(alice):
    client = signed_in(alice)
    data = {"name": "王晓", "name_en": "Alice Wang", "language": "zh-hans", "mail_notices": "on"}
    assert client.post("/profile/", data)["Location"] == "/profile/"
    alice = again(alice)
    assert (alice.name, alice.name_en, alice.language, alice.mail_notices) == ("王晓", "Alice Wang", "zh-hans", True)
    assert (alice.username, alice.is_superuser) == ("alice", False)
    assert ActionLog.objects.get(verb="accounts.change_profile").actor == alice


def test_the_profile_changes_nothing_else(alice):
    client = signed_in(alice)
    client.post("/profile/", {"name": "Alice", "language": "", "is_superuser": "on", "username": "root", "groups": "1"})
    alice = again(alice)
    assert (alice.is_superuser, alice.username, alice.groups.count()) == (False, "alice", 1)


@pytest.mark.parametrize("data", [{"name": ""}, {"name": "x" * 61}, {"name": "A", "language": "xx"}])
def test_a_bad_profile_is_refused(alice, data):
    answer = signed_in(alice).post("/profile/", {"language": "", **data})
    assert answer.status_code == 422
    assert again(alice).name == "Alice"


def test_the_profile_shows_absences_and_for_whom_one_stands_in(alice, bob):
    today = clock.today()
    Absence.objects.create(user=bob, deputy=alice, first_day=today, last_day=today)
    Absence.objects.create(
        user=alice, deputy=bob, first_day=today + timedelta(days=3), last_day=today + timedelta(days=5)
    )
    context = signed_in(alice).get("/profile/").context
    assert [user.username for user in context["standing_in_for"]] == ["bob"]
    assert [row.deputy for row in context["absences"]] == [bob]


def test_the_password_is_changed_and_every_other_session_ends(alice):
    here, there = signed_in(alice), signed_in(alice)
    answer = here.post("/profile/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert again(alice).check_password(NEW)
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302
    assert UserSession.objects.filter(user=alice).count() == 1
    assert ActionLog.objects.get(verb="accounts.change_password").inputs == {}


def test_without_the_present_password_nothing_changes(alice):
    client = signed_in(alice)
    answer = client.post("/profile/password/", {"old": "wrong", "new": NEW, "again": NEW})
    assert answer.status_code == 422
    assert again(alice).check_password(PASSWORD)


def test_a_stolen_session_cannot_guess_the_password(alice):
    client = signed_in(alice)
    for _each in range(5):
        client.post("/profile/password/", {"old": "wrong", "new": NEW, "again": NEW})
    answer = client.post("/profile/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 422
    assert "Too many failures" in answer.content.decode()
    assert again(alice).check_password(PASSWORD)


def test_sessions_are_listed_without_their_keys(alice):
    here = signed_in(alice, **{"user-agent": "Mozilla/5.0 (iPhone) Safari/605"})
    signed_in(alice)
    answer = here.get("/profile/sessions/")
    assert [row["here"] for row in answer.context["rows"]].count(True) == 1
    text = answer.content.decode()
    assert "Safari, iPhone" in text
    assert not any(key in text for key in UserSession.objects.values_list("pk", flat=True))


def test_one_session_is_ended(alice):
    here, there = signed_in(alice), signed_in(alice)
    handle = sessions.handle_of(there.session)
    assert here.post("/profile/sessions/", {"session": handle})["Location"] == "/profile/sessions/"
    assert there.get("/profile/").status_code == 302
    assert here.get("/profile/").status_code == 200


def test_all_other_sessions_are_ended(alice, bob):
    here, others, bobs = signed_in(alice), [signed_in(alice), signed_in(alice)], signed_in(bob)
    here.post("/profile/sessions/")
    assert [client.get("/profile/").status_code for client in (here, *others, bobs)] == [200, 302, 302, 200]


def test_somebody_elses_session_cannot_be_ended(alice, bob):
    here, bobs = signed_in(alice), signed_in(bob)
    here.post("/profile/sessions/", {"session": sessions.handle_of(bobs.session)})
    assert bobs.get("/profile/").status_code == 200
    with pytest.raises(Forbidden):
        end_session(by=alice, user=bob)
    assert bobs.get("/profile/").status_code == 200


def test_an_administrator_ends_anybodys_session_but_a_superusers(alice, admin, root):
    hers, roots = signed_in(alice), signed_in(root)
    end_session(by=admin, user=alice)
    assert hers.get("/profile/").status_code == 302
    with pytest.raises(Refused):
        end_session(by=admin, user=root)
    assert roots.get("/profile/").status_code == 200


def test_a_session_that_is_gone_is_said_to_be_gone(alice):
    with pytest.raises(Refused) as refusal:
        end_session(by=alice, session="0123456789abcdef")
    assert refusal.value.code == "no_session"


def test_last_seen_is_written_every_five_minutes_only(alice, django_assert_num_queries):
    now = datetime.now(UTC)
    client = signed_in(alice)
    key = client.session.session_key
    UserSession.objects.filter(pk=key).update(last_seen=now)
    with clock.at(now + timedelta(minutes=4)):
        client.get("/profile/")
    assert UserSession.objects.get(pk=key).last_seen == now
    with clock.at(now + timedelta(minutes=6)):
        client.get("/profile/")
    assert UserSession.objects.get(pk=key).last_seen == now + timedelta(minutes=6)


def test_expired_sessions_are_removed(alice):
    signed_in(alice)
    UserSession.objects.update(expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    live = signed_in(alice)
    assert sessions.remove_expired() == 1
    assert live.get("/profile/").status_code == 200


def token_form(client: Client, **data):
    page = client.get("/profile/tokens/").content.decode()
    key = re.search(r'name="_key" value="([^"]+)"', page).group(1)
    return {"_key": key, "name": "weighbridge", "scopes": ["read"], "days": "30", **data}


def test_a_token_is_made_and_shown_once(alice):
    client = signed_in(alice)
    data = token_form(client)
    shown = client.post("/profile/tokens/", data).content.decode()
    secret = re.search(r"ziti_\w{8}_[\w-]{43}", shown).group(0)
    token = ApiToken.objects.get()
    assert (token.user, token.name, token.scopes) == (alice, "weighbridge", ["read"])
    assert secret.startswith(token.prefix)
    assert secret not in client.get("/profile/tokens/").content.decode()
    assert secret not in client.post("/profile/tokens/", data).content.decode()  # the same request again
    assert ApiToken.objects.count() == 1


def test_the_secret_is_kept_nowhere(alice):
    client = signed_in(alice)
    shown = client.post("/profile/tokens/", token_form(client)).content.decode()
    secret = re.search(r"ziti_\w{8}_[\w-]{43}", shown).group(0)
    token = ApiToken.objects.get()
    assert secret not in str(vars(token))
    assert secret not in str(ActionLog.objects.get(verb="accounts.create_token").inputs)


@pytest.mark.parametrize("data", [{"scopes": ["fly"]}, {"scopes": []}, {"days": "0"}, {"days": "9999"}, {"name": ""}])
def test_a_bad_token_is_refused(alice, data):
    client = signed_in(alice)
    assert client.post("/profile/tokens/", token_form(client, **data)).status_code == 422
    assert ApiToken.objects.count() == 0


def test_a_token_is_revoked_by_its_owner_only(alice, bob):
    client = signed_in(alice)
    client.post("/profile/tokens/", token_form(client))
    token = ApiToken.objects.get()
    assert signed_in(bob).post("/profile/tokens/", {"revoke": token.pk}).status_code == 404
    assert ApiToken.objects.get().state == "usable"
    assert client.post("/profile/tokens/", {"revoke": token.pk})["Location"] == "/profile/tokens/"
    assert ApiToken.objects.get().state == "revoked"


@pytest.mark.parametrize("pk", ["x", "", "99999999", "-1"])
def test_revoking_what_is_not_there_is_not_found(alice, pk):
    assert signed_in(alice).post("/profile/tokens/", {"revoke": pk}).status_code == 404
