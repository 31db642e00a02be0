"""A form's fields as JSON schema, and the check of a body against them."""

from decimal import Decimal

import pytest
from django import forms

from crm.api.shapes import faults, schema_of
from crm.forms import LinesField, VerbForm


class LineForm(VerbForm):
    quantity = forms.DecimalField(max_digits=8, decimal_places=3, min_value=Decimal("0.001"))
    note = forms.CharField(required=False)


class OrderForm(VerbForm):
    name = forms.CharField(max_length=60)
    channel = forms.ChoiceField(choices=[("phone", "Phone"), ("mail", "Mail")], required=False)
    on = forms.DateField(help_text="Not in the past.")
    count = forms.IntegerField(min_value=1, max_value=9)
    urgent = forms.BooleanField(required=False)
    roles = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])
    paper = forms.FileField(required=False)
    lines = LinesField(LineForm, least=1, most=3)


GOOD = {
    "name": "Li",
    "channel": "mail",
    "on": "2026-09-21",
    "count": 3,
    "urgent": True,
    "roles": ["a"],
    "lines": [{"quantity": Decimal("1.5")}],
}


def test_a_form_is_an_object_of_its_fields():
    schema = schema_of(OrderForm.base_fields.items())
    assert schema["required"] == ["name", "on", "count", "roles", "lines"]
    assert schema["additionalProperties"] is False
    properties = schema["properties"]
    assert properties["name"] == {"type": "string", "maxLength": 60}
    assert properties["on"] == {"type": "string", "format": "date", "description": "Not in the past."}
    assert properties["count"] == {"type": "integer", "minimum": 1, "maximum": 9}
    assert properties["urgent"] == {"type": "boolean", "nullable": True}
    assert properties["channel"]["enum"] == ["phone", "mail", ""]
    assert properties["roles"]["items"]["enum"] == ["a", "b"]
    assert properties["paper"] == {"type": "string", "format": "binary", "nullable": True}
    assert properties["lines"]["maxItems"] == 3
    assert properties["lines"]["items"]["required"] == ["quantity"]


def test_a_price_is_a_text_or_a_number():
    schema = schema_of(LineForm.base_fields.items())["properties"]["quantity"]
    assert schema["oneOf"] == [{"type": "string", "format": "decimal"}, {"type": "number", "minimum": 0.001}]
    assert schema["x-decimal-places"] == 3


def test_an_edit_requires_nothing():
    assert "required" not in schema_of(OrderForm.base_fields.items(), partial=True)


def test_what_fits_has_no_faults():
    assert faults(OrderForm.base_fields, GOOD) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", 5),
        ("name", ["Li"]),
        ("name", {"first": "Li"}),
        ("name", True),
        ("channel", ["mail"]),
        ("on", 20260921),
        ("count", True),
        ("count", Decimal("1.5")),
        ("urgent", "yes"),
        ("urgent", 1),
        ("roles", "a"),
        ("roles", [["a"]]),
        ("paper", "base64"),
        ("lines", {"quantity": 1}),
        ("lines", ["x"]),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(name, value):
    found = faults(OrderForm.base_fields, {name: value})
    assert list(found) == [name]
    assert found[name][0]["code"] == "invalid"


def test_nothing_is_a_value_of_every_kind():
    assert faults(OrderForm.base_fields, dict.fromkeys(OrderForm.base_fields)) == {}


def test_unknown_names_and_wrong_cells_are_named_by_their_place():
    found = faults(OrderForm.base_fields, {"colour": "red", "lines": [{"quantity": 1}, {"quantity": [], "price": 1}]})
    assert sorted(found) == ["colour", "lines[1].price", "lines[1].quantity"]
    assert found["colour"] == [{"code": "unknown", "message": "There is no such field."}]


@pytest.mark.parametrize("value", ["1_0", "１０", "٣", "1 0", "0x10", "ten", "1,5", "NaN", "1e9999"])
def test_a_text_is_a_number_only_in_plain_digits(value):
    found = faults(OrderForm.base_fields, {"count": value, "lines": [{"quantity": value}]})
    assert list(found) == ["count", "lines[0].quantity"]


@pytest.mark.parametrize("value", ["10", " 10 ", "-1", "+1.50", ".5", "1.", "1e3", "1E-3", ""])
def test_plain_digits_in_a_text_are_left_to_the_form(value):
    assert faults(OrderForm.base_fields, {"count": value, "lines": [{"quantity": value}]}) == {}


def test_a_day_is_written_in_plain_digits():
    assert list(faults(OrderForm.base_fields, {"on": "２０２６-０９-２１"})) == ["on"]
