"""Tokens: made once, found by digest, refused when expired or revoked, limited by scopes."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from crm import clock, via
from crm.accounts.actions import create_token, deactivate_user, reactivate_user, revoke_token
from crm.accounts.models import User
from crm.api.authentication import BearerToken
from crm.api.models import ApiToken
from crm.api.tokens import allows, find, is_scope, issue, scope_choices
from crm.records.models import ActionLog
from crm.refusals import Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)


class Who(APIView):
    """Says who calls and by which token."""

    authentication_classes = [BearerToken]
    permission_classes = []

    def get(self, request: Request) -> Response:
        return Response({"user": str(request.user.pk), "token": getattr(request.auth, "pk", None)})

    def get_exception_handler(self):
        return lambda error, context: Response(
            {"code": error.default_code}, status=error.status_code, headers={"WWW-Authenticate": error.auth_header}
        )


def call(header: str | None):
    headers = {} if header is None else {"HTTP_AUTHORIZATION": header}
    return Who.as_view()(APIRequestFactory().get("/", **headers))


@pytest.fixture
def token(alice):
    with clock.at(NOW):
        return issue(alice, "erp", ["read"], days=30)


def test_the_bearer_is_the_tokens_user(alice, token):
    with clock.at(NOW):
        answer = call(f"Bearer {token[1]}")
    assert answer.data == {"user": str(alice.pk), "token": token[0].pk}


def test_the_word_bearer_is_read_in_any_case(alice, token):
    with clock.at(NOW):
        assert call(f"bearer {token[1]}").data["token"] == token[0].pk


def test_without_the_header_another_way_is_tried():
    assert call(None).data["token"] is None
    assert call("Basic YTpi").data["token"] is None


def refused(header: str, code: str) -> None:
    answer = call(header)
    assert (answer.status_code, answer.data) == (401, {"code": code})
    assert answer["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer  "])
def test_a_header_that_is_not_well_formed_is_refused(header):
    refused(header, "bad_authorization")


@pytest.mark.parametrize("secret", ["x", "ziti_abcdefgh_" + "x" * 43, "t\xf6ken", "ziti_abcdefgh_" + "x" * 500, "'--"])
def test_an_unknown_token_is_refused(token, secret):
    refused(f"Bearer {secret}", "token_unknown")


def test_one_letter_off_is_unknown(token):
    secret = token[1]
    refused(f"Bearer {secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}", "token_unknown")


def test_an_expired_token_is_refused(token):
    with clock.at(NOW + timedelta(days=30) - timedelta(seconds=1)):
        assert call(f"Bearer {token[1]}").status_code == 200
    with clock.at(NOW + timedelta(days=30)):
        refused(f"Bearer {token[1]}", "token_expired")


def test_a_revoked_token_is_refused_from_the_next_request_on(alice, token):
    with clock.at(NOW):
        revoke_token(token[0], by=alice)
        refused(f"Bearer {token[1]}", "token_revoked")


def test_a_token_of_who_has_left_is_refused(alice, token):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    with clock.at(NOW):
        refused(f"Bearer {token[1]}", "user_inactive")


def test_who_leaves_loses_his_tokens_also_when_he_comes_back(alice, admin, token):
    deactivate_user(alice, by=admin)
    reactivate_user(alice, by=admin)
    with clock.at(NOW):
        refused(f"Bearer {token[1]}", "token_revoked")


def test_a_token_is_found_in_one_query_with_its_user(token, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert find(token[1]).user.username == "alice"


def test_last_used_is_written_once_a_minute(token, django_assert_num_queries):
    for seconds, queries, written in ((0, 2, 0), (59, 1, 0), (60, 2, 60)):
        with clock.at(NOW + timedelta(seconds=seconds)), django_assert_num_queries(queries):
            call(f"Bearer {token[1]}")
        assert ApiToken.objects.get().last_used_at == NOW + timedelta(seconds=written)


def test_only_the_digest_is_kept(token):
    row, secret = token
    row = ApiToken.objects.values().get(pk=row.pk)
    assert secret not in str(row)
    assert secret[14:] not in str(row)
    assert row["prefix"] == secret[:13]


def test_a_token_that_never_expires_is_possible_on_purpose(alice):
    assert issue(alice, "erp", ["read"], days=None)[0].expires_at is None


@pytest.mark.parametrize("scopes", [["fly"], [], ["accounts.fly"], ["read", ""]])
def test_a_scope_that_does_not_exist_is_refused(alice, scopes):
    with pytest.raises(ValidationError):
        issue(alice, "erp", scopes, days=1)
    assert ApiToken.objects.count() == 0


ALLOWED = [
    (["read"], "read", True),
    (["read"], "customers.view_customer", True),
    (["read"], "accounts.report_absence", False),
    (["read"], "write", False),
    (["write"], "read", True),
    (["write"], "accounts.report_absence", True),
    (["write"], "write", True),
    (["accounts"], "accounts.report_absence", True),
    (["accounts"], "accounts.view_absence", True),
    (["accounts"], "customers.create_customer", False),
    (["accounts"], "customers.view_customer", False),
    (["accounts"], "read", False),
    (["accounts.report_absence"], "accounts.report_absence", True),
    (["accounts.report_absence"], "accounts.end_absence", False),
    (["accounts.report_absence"], "accounts.view_absence", False),
    (["accounts.report_absence", "read"], "accounts.view_absence", True),
]


@pytest.mark.parametrize(("scopes", "what", "allowed"), ALLOWED)
def test_a_token_goes_as_far_as_its_scopes(scopes, what, allowed):
    assert allows(ApiToken(scopes=scopes), what) is allowed


def test_a_session_goes_as_far_as_its_user():
    assert allows(None, "accounts.report_absence")


def test_every_choice_of_a_scope_is_a_scope():
    offered = [value for _group, choices in scope_choices() for value, _label in choices]
    assert {"read", "write", "accounts", "accounts.report_absence"} <= set(offered)
    assert all(is_scope(value) for value in offered)
    assert len(offered) == len(set(offered))


def test_a_token_makes_no_tokens(alice):
    with via.through(via.Via(door=via.Door.API, token=7)), pytest.raises(Refused) as refusal:
        create_token(by=alice, name="more", scopes=["write"], days=700)
    assert refusal.value.code == "token_by_token"
    assert ApiToken.objects.count() == 0


def test_a_token_is_revoked_once(alice, token):
    revoke_token(token[0], by=alice)
    with pytest.raises(Refused) as refusal:
        revoke_token(token[0], by=alice)
    assert refusal.value.code == "token_revoked"


def test_who_manages_tokens_revokes_anybodys(admin, token):
    revoke_token(token[0], by=admin)
    assert ApiToken.objects.get().state == "revoked"


def test_a_stranger_does_not_see_it(bob, token):
    with pytest.raises(ApiToken.DoesNotExist):
        revoke_token(token[0], by=bob)
    assert ApiToken.objects.get().revoked_at is None


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("token", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_command_prints_a_token_that_works(alice):
    secret = command("alice", "--name", "play", "--scopes", "read, accounts", "--days", "7")
    token = find(secret)
    assert (token.user, token.name, token.scopes) == (alice, "play", ["accounts", "read"])
    assert call(f"Bearer {secret}").status_code == 200
    log = ActionLog.objects.get(verb="accounts.issue_token")
    assert (log.subject_pk, log.inputs, log.door) == (alice.pk, {"token": token.pk, "scopes": token.scopes}, "command")


def test_the_commands_token_may_do_what_its_user_may(alice):
    assert find(command("alice")).scopes == ["read", "write"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], "nobody"),
        (["clock"], "clock"),
        (["alice", "--scopes", "fly"], "fly"),
        (["alice", "--scopes", ","], "at least one scope"),
        (["alice", "--days", "0"], "1 to"),
    ],
)
def test_a_wrong_command_says_why_and_makes_nothing(alice, arguments, said):
    with pytest.raises(CommandError, match=said):
        command(*arguments)
    assert ApiToken.objects.count() == 0
