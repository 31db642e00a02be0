"""Everything that goes wrong has one shape and the right status, and changes nothing."""

import pytest
from django.db import connection

from crm.accounts.models import User
from crm.api.tokens import issue
from crm.listing import Listing
from customers.models import Customer
from tests.api.conftest import Api, at


def error(response, status):
    """The error of an answer, after checking its shape."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    found = response.json()["error"]
    assert {"code", "message", "remedy", "fields", "request_id"} <= set(found)
    assert found["request_id"] == response["X-Request-ID"]
    return found


def test_without_a_token_one_is_told_to_send_one(client, db):
    response = client.get(at("customers/"))
    assert error(response, 401)["code"] == "not_authenticated"
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_wrong_token_is_401(client, db):
    response = client.get(at("customers/"), headers={"Authorization": "Bearer nonsense"})
    assert error(response, 401)["code"] == "token_unknown"


def test_an_unknown_address_is_answered_in_json(api):
    assert error(api.get("nothing/here/"), 404)["code"] == "not_found"


def test_a_record_that_is_not_there_is_404(api):
    assert error(api.get("customers/99999999999999999999/"), 404)["code"] == "not_found"


def test_another_method_is_405(api):
    response = api.send("DELETE", "customers/")
    assert error(response, 405)["code"] == "method_not_allowed"


@pytest.mark.parametrize("body", ["{", "[]", '"text"', '{"name": 1, "name": 2}'])
def test_a_body_that_is_no_object_is_400(api, body):
    assert error(api.post("customers.create_customer/", body), 400)["code"] == "parse_error"
    assert not Customer.objects.exists()


def test_a_body_of_another_kind_is_415(api):
    response = api.client.post(at("customers.create_customer/"), "<xml/>", content_type="text/xml")
    assert error(response, 415)["code"] == "unsupported_media_type"


def test_a_body_in_another_character_set_is_415(api):
    content_type = "application/json; charset=utf-16"
    response = api.client.post(at("customers.create_customer/"), "{}", content_type=content_type)
    assert error(response, 415)["code"] == "unsupported_media_type"


def test_a_body_of_six_megabytes_is_413_before_it_is_read(api):
    assert error(api.post("customers.create_customer/", " " * 6_000_000), 413)["code"] == "too_large"


def test_bad_input_is_named_by_field(api):
    body = {"name": "", "colour": "red", "contacts": [{"name": "Li", "age": 3}, {"name": 4}]}
    fields = error(api.post("customers.create_customer/", body), 400)["fields"]
    assert sorted(fields) == ["colour", "contacts[0].age", "contacts[1].name"]
    fields = error(api.post("customers.create_customer/", {"name": ""}), 400)["fields"]
    assert fields["name"] == [{"code": "required", "message": "This field is required."}]
    assert not Customer.objects.exists()


def test_what_nobody_foresaw_is_500_and_tells_nothing(api, monkeypatch, caplog):
    def fail(*_args, **_options):
        raise RuntimeError("the secret is forty-two")

    monkeypatch.setattr(Listing, "page", fail)
    api.client.raise_request_exception = False
    response = api.get("customers/")
    assert error(response, 500)["code"] == "error"
    assert "forty-two" not in response.content.decode()
    assert "the secret is forty-two" in caplog.text


def test_a_query_that_takes_too_long_says_narrow_the_filter(api, monkeypatch):
    def slow(*_args, **_options):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(Listing, "page", slow)
    found = error(api.get("customers/"), 503)
    assert (found["code"], found["remedy"]) == ("too_slow", "Narrow the filter.")


def test_too_many_requests_are_told_when_to_come_again(api, settings):
    settings.API_RATE = 2
    assert [api.get("").status_code for _each in range(3)] == [200, 200, 429]
    response = api.get("")
    assert error(response, 429)["code"] == "throttled"
    assert 1 <= int(response["Retry-After"]) <= 60
    assert Api(api.user).get("").status_code == 200  # another token has a count of its own


def test_an_answer_is_kept_by_nobody_on_the_way(api):
    assert api.get("customers/")["Cache-Control"] == "no-store"


def test_another_kind_of_answer_is_406(api):
    assert error(api.client.get(at("customers/"), headers={"Accept": "text/csv"}), 406)["code"] == "not_acceptable"


def test_sentences_are_in_the_language_of_the_token_s_user(db, client):
    user = User.objects.create_user("zhang", name="张三", language="zh-hans")
    _token, secret = issue(user, "test", ["write"], days=None)
    response = client.get(at("customers/1/"), headers={"Authorization": f"Bearer {secret}"})
    assert response["Content-Language"] == "zh-hans"
