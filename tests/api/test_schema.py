"""The OpenAPI document is valid, complete, and says what the forms say."""

import warnings

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from crm.actions import ACTIONS
from crm.api.docs import document
from crm.api.resources import RESOURCES


@pytest.fixture(scope="module")
def schema():
    GENERATOR_STATS.reset()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return document()


def operations(schema):
    return {op["operationId"]: op for path in schema["paths"].values() for op in path.values()}


def test_it_is_valid_openapi_without_a_warning(schema):
    validate_schema(schema)
    assert not GENERATOR_STATS, GENERATOR_STATS._warn_cache or GENERATOR_STATS._error_cache


def test_every_operation_has_a_name_of_its_own(schema):
    names = [op["operationId"] for path in schema["paths"].values() for op in path.values()]
    assert len(names) == len(set(names))


def test_every_verb_is_an_operation_with_its_words_and_its_right(schema):
    found = operations(schema)
    for verb in ACTIONS.values():
        operation = found[verb.name.replace(".", "_")]
        assert operation["x-permission"] == verb.name
        assert (verb.__doc__ or "").splitlines()[0] in operation["description"]


def test_a_verb_names_its_clauses(schema):
    assert operations(schema)["customers_create_customer"]["x-clauses"] == ["ZT 2.1", "KH 2.1", "JD 4.1"]


def test_every_resource_has_a_list_with_its_filters(schema):
    for resource in RESOURCES.values():
        operation = schema["paths"][f"/api/v1/{resource.key}/"]["get"]
        names = {each["name"] for each in operation["parameters"]}
        assert {"order", "cursor", "size", "fields", *resource.listing.filterset.base_filters} <= names


def test_tokens_are_the_way_in(schema):
    assert schema["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}
    assert all({"bearer": []} in op["security"] for op in operations(schema).values())


def test_a_verb_with_a_file_takes_a_form(schema):
    body = operations(schema)["customers_add_document"]["requestBody"]["content"]
    assert body["multipart/form-data"]["schema"]["properties"]["upload"]["format"] == "binary"
    assert "upload" not in body["application/json"]["schema"]["properties"]


def test_it_is_served_as_json_and_yaml(api):
    assert api.get("schema/").json()["openapi"].startswith("3.")
    response = api.client.get("/api/v1/schema/", headers={"Accept": "application/yaml"})
    assert response.content.startswith(b"openapi: ")


def test_strangers_do_not_get_it(client, db):
    assert client.get("/api/v1/schema/").status_code == 401
    assert client.get("/api/v1/docs/").status_code == 302


@pytest.mark.browser
def test_the_page_works_under_the_strict_policy(live_server, open_page, transactional_db):
    from django.test import Client

    from crm.accounts.models import User

    alice = User.objects.create_user("alice", name="Alice", is_superuser=True)
    client = Client()
    client.force_login(alice)
    page = open_page()
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    response = page.goto(f"{live_server.url}/api/v1/docs/")
    assert "unsafe" not in response.headers["content-security-policy"]
    page.get_by_text("New customer", exact=True).click()
    page.get_by_role("button", name="Try it out").wait_for()
    assert page.problems == []
