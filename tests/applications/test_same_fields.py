"""The application form is one and the same however it comes: by staff, by the customer, by REST, by Excel (O3)."""

import json
from typing import Any

from django.test import Client

from crm.api.tokens import issue
from orders.applications.forms import CustomerApplicationForm, CustomerLine
from orders.forms import LineForm, NewApplicationForm
from orders.imports import ORDERS
from orders.models import Order
from tests.world import World

HOW = {"draft", "lines"}  # how it is handed in, and what is compared apart
CHOSEN_BY_STAFF = {"customer", "contact", "type"}


def fields(form: Any) -> set[str]:
    return set(form.base_fields)


def test_a_file_has_a_column_for_every_field_but_the_contact_who_is_the_main_one() -> None:
    columns = {column.name for column in ORDERS.columns}
    assert fields(NewApplicationForm) - HOW - columns == {"contact"}
    assert {f"lines.{name}" for name in fields(LineForm)} <= columns


def test_the_customer_is_asked_for_all_that_staff_did_not_decide() -> None:
    assert fields(NewApplicationForm) - HOW - CHOSEN_BY_STAFF == fields(CustomerApplicationForm) - HOW
    assert fields(CustomerLine) - {"what"} == fields(LineForm) - {"price"}


def test_an_application_by_rest_keeps_every_field(world: World) -> None:
    _token, secret = issue(world.root, "test", ("write",), days=None)
    given = {
        "customer": world.customer.pk,
        "contact": world.contact.pk,
        "type": world.type.pk,
        "reference": "PO-77",
        "project": "地铁 15 号线",
        "description": "站厅层照明",
        "fulfilment": "delivery",
        "wanted_on": "2026-12-01",
        "place": "渝北区金开大道 88 号",
        "remarks": "请上午送",
    }
    line = {"product": world.product.pk, "specification": "明装", "quantity": "2", "unit": world.carton.pk}
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    body = json.dumps({**given, "lines": [{**line, "price": "3000.00"}]})
    answer = client.post("/api/v1/orders.apply_order/", body, content_type="application/json")
    assert answer.status_code == 201
    order = Order.objects.get()
    kept = client.get(f"/api/v1/orders/{order.pk}/").json()
    assert {name: kept[name] for name in given} == given
    assert (kept["payment_terms"], kept["lines"][0]["specification"], kept["lines"][0]["price"]) == (
        "credit",
        "明装",
        "3000.00",
    )
