"""Two who give the same number at the same moment: one has it, the other is told at every door which field is taken."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from crm.accounts.models import User
from crm.records.models import ActionLog
from crm.refusals import Refused, from_constraint
from customers import actions as customers
from customers.forms import NewCustomerForm
from customers.models import Customer
from tests.races.conftest import at_once
from tests.world import World, nothing_moves

TAKEN = {"code": ["There is a customer with this number already."]}


def create(world: World, code: str) -> Callable[[], Any]:
    form = NewCustomerForm({"name": "成都光明", "code": code}, by=world.root)
    assert form.is_valid(), form.problems()  # nobody has it yet when the two fill in the form

    def call() -> Any:
        try:
            return customers.create_customer(by=world.root, **form.cleaned_data)
        except ValidationError as error:
            return error.message_dict

    return call


def test_the_second_of_two_is_told_which_field(world: World) -> None:
    answers = at_once(create(world, "K-1"), create(world, "K-1"))
    assert [each for each in answers if not isinstance(each, Customer)] == [TAKEN]
    assert Customer.objects.count() == 1
    assert ActionLog.objects.filter(verb="customers.create_customer").count() == 1


@pytest.fixture
def twin(world: World, monkeypatch: pytest.MonkeyPatch) -> Customer:
    """A customer that was committed after the other's form had looked."""
    found = world.customer
    monkeypatch.setattr(NewCustomerForm, "clean_code", lambda form: form.cleaned_data["code"])
    return found


def test_rest_answers_as_if_they_had_come_one_after_the_other(world: World, twin: Customer) -> None:
    client = Client()
    client.force_login(world.root)
    with nothing_moves():
        answer = client.post(
            "/api/v1/customers.create_customer/",
            {"name": "成都光明", "code": twin.code},
            content_type="application/json",
        )
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"] == {"code": [{"code": "unique", "message": TAKEN["code"][0]}]}


def test_the_dialog_shows_it_at_the_field(world: World, twin: Customer) -> None:
    client = Client()
    client.force_login(world.root)
    with nothing_moves():
        answer = client.post("/do/customers.create_customer/", {"name": "成都光明", "code": twin.code})
    assert answer.status_code == 422
    assert answer.context["form"].problems() == {"code": [{"code": "unique", "message": TAKEN["code"][0]}]}


def double(**facts: Any) -> IntegrityError:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        User.objects.create(**facts)
    return caught.value


def test_only_a_field_that_was_asked_for_is_named(world: World) -> None:
    User.objects.create(username="lin")
    error = double(username="LIN")  # by the index on the name in capitals
    named = from_constraint(error, {"username"})
    assert isinstance(named, ValidationError)
    assert named.message_dict == {"username": ["There is already a user of this name."]}
    other = from_constraint(error, {"name"})
    assert isinstance(other, Refused) and other.code == "user_name_once_in_any_case"


def test_a_number_that_was_given_by_hand_is_passed_over(world: World) -> None:
    assert create(world, "C2026-000001")().code == "C2026-000001"
    assert create(world, "")().code == "C2026-000002"
