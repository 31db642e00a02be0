"""Whatever is sent, the answer is never an error of ours."""

from decimal import Decimal

import pytest

from crm.actions import ACTIONS, actions_of
from crm.api import resources
from crm.api.resources import RESOURCES
from crm.forms import VerbForm
from customers.models import ContactEntry, Customer
from tests.api.conftest import Api

resources.load()
pytestmark = pytest.mark.long
ODD = [
    None,
    "",
    0,
    -1,
    10**30,
    Decimal("0.1234567890123"),
    True,
    [],
    {},
    [[]],
    [{}],
    [{"name": [{}]}],
    ["", None],
    "x" * 5000,
    "9" * 40,
    "\u202egnp.exe",
    "😀𠮷",
    "2026-13-45",
    "0001-01-01T00:00:00",
    "NaN",
    "1e400",
    "-0",
]
MODEL_LESS = sorted(name for name, verb in ACTIONS.items() if verb.model is None)
QUERIES = ["", "-1", "9" * 40, "x" * 3000, "😀", "\0", "%", "'", "2026-13-45", "true", "1e400", "W10"]


def post(api: Api, path: str, names, value):
    body = {name: str(value) if isinstance(value, Decimal) else value for name in names}
    response = api.post(path, body)
    assert response.status_code < 500, (path, value, response.content)
    assert response.status_code in (200, 201, 204, 400, 403, 409), (path, value, response.content)


@pytest.mark.parametrize("name", MODEL_LESS)
def test_no_input_breaks_a_verb_that_begins_something(api, name):
    for value in ODD:
        post(api, f"{name}/", ACTIONS[name].form.base_fields, value)


@pytest.mark.parametrize("name", [verb.name for verb in actions_of(Customer)])
def test_no_input_breaks_a_verb_on_a_customer(api, customer, name):
    for value in ODD:
        post(api, f"customers/{customer.pk}/{name}/", ACTIONS[name].form.base_fields, value)


@pytest.mark.parametrize("key", sorted(RESOURCES))
def test_no_parameter_breaks_a_list(api, key):
    names = {*RESOURCES[key].listing.filterset.base_filters, "order", "cursor", "size", "fields", "tab"}
    for name in names:
        for value in QUERIES:
            response = api.get(f"{key}/", **{name: value})
            assert response.status_code in (200, 400), (name, value, response.content)


BEYOND = ["0001-01-01", "1899-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "9999-01-01T00:00:00Z"]


@pytest.mark.parametrize("moment", BEYOND)
def test_a_moment_outside_of_the_calendar_is_refused_since_no_page_could_read_it(api, customer, moment):
    """In Shanghai the first day of the year 1 begins in the year 0, which the database keeps and Python cannot read."""
    body = {"channel": "phone", "direction": "in", "what": "called", "at": moment}
    response = api.post(f"customers/{customer.pk}/customers.log_contact/", body)
    assert response.status_code == 400
    assert [each["code"] for each in response.json()["error"]["fields"]["at"]][:1] == ["out_of_calendar"]
    assert not ContactEntry.objects.exists()


def test_a_paper_that_never_expires_is_valid_until_the_last_day_that_can_be_written():
    field = ACTIONS["customers.add_document"].form.base_fields["expires_on"]
    form = type("Paper", (VerbForm,), {"expires_on": field})
    assert form({"expires_on": "9999-12-31"}, by=None).is_valid()
    assert form({"expires_on": "1899-12-31"}, by=None).problems()["expires_on"][0]["code"] == "out_of_calendar"
