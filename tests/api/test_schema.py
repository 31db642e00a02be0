"""The OpenAPI document is valid, complete, and says what the forms say."""

import re
import warnings

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from crm.accounts.models import User
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


def test_every_part_of_an_address_is_a_parameter(schema):
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))


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


@pytest.fixture
def page_of_alice(live_server, open_page, transactional_db):
    """A function that opens an address as Alice, who is signed in."""
    alice = User.objects.create_user("alice", name="Alice", is_superuser=True)
    client = Client()
    client.force_login(alice)
    page = open_page()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )

    def open_(path):
        page.response = page.goto(f"{live_server.url}/api/v1/{path}")
        return page

    return open_


@pytest.mark.browser
def test_the_documentation_works_under_the_strict_policy(page_of_alice):
    page = page_of_alice("docs/")
    assert "unsafe" not in page.response.headers["content-security-policy"]
    page.locator("h3[data-tag=index]").click()
    page.get_by_text("What there is for this caller").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.get_by_text('"username": "alice"').first.wait_for()
    assert page.problems == []


@pytest.mark.browser
def test_the_browsable_page_works_under_the_strict_policy(page_of_alice):
    page = page_of_alice("customers.create_customer/")
    page.locator("textarea[name=_content]").fill('{"name": "新客户"}')
    page.get_by_role("button", name="POST").click()
    page.get_by_text("HTTP 201").wait_for()
    assert page.problems == []
