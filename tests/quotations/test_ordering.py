"""An accepted quotation becomes one order: its lines, prices and terms, whatever the list says by then."""

from decimal import Decimal
from typing import Any

from django.test import Client

from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import Task
from customers.models import Customer
from orders import actions as orders
from orders.catalog.models import Price
from orders.findings import findings, stops
from orders.inquiries.models import Inquiry
from orders.models import Order
from orders.quotations import actions as verbs
from orders.quotations.models import Quotation
from tests.quotations.conftest import House
from tests.world import refused


def rows(order: Order) -> list[Any]:
    return list(order.lines.order_by("position").values_list("quantity", "price", "amount", "tax"))


def test_lines_and_prices_are_the_quotations(house: House) -> None:
    assert house.world.product
    Price.objects.update(lowest=Decimal("120.00"))
    quotation = house.accepted(lines=[house.line("3", "126.66"), house.line("7")], project="二期厂房")
    order = verbs.order_quotation(quotation, by=house.alice, **house.order_facts(reference="CG1"))
    assert rows(order) == [
        (Decimal("3.000"), Decimal("126.66"), Decimal("379.98"), Decimal("43.71")),
        (Decimal("7.000"), Decimal("128.00"), Decimal("896.00"), Decimal("103.08")),
    ]
    assert (order.total, order.tax) == (quotation.total, quotation.tax) == (Decimal("1275.98"), Decimal("146.79"))
    assert (order.status, order.project, order.reference, order.applied_by) == (
        "submitted",
        "二期厂房",
        "CG1",
        house.alice,
    )
    assert order.contact == quotation.contact


def test_the_price_stays_where_the_list_goes_up_or_down(house: House) -> None:
    quotation = house.accepted()
    Price.objects.update(price=Decimal("200.00"), lowest=Decimal("180.00"))
    order = verbs.order_quotation(quotation, by=house.alice, **house.order_facts())
    assert order.total == Decimal("1280.00")
    assert order.price_reason == "QT2026-000001-1"
    codes = {each.code for each in findings(order)}
    assert {"quoted", "price_too_low"} <= codes
    assert stops(order) == []


def test_what_was_allowed_in_the_quotation_is_allowed_in_the_order(house: House) -> None:
    assert house.world.product
    Price.objects.update(lowest=Decimal("120.00"))
    quotation = house.draft(lines=[house.line("10", "100.00")])
    request = ACTIONS["quotations.ask_allow_price"](quotation, by=house.alice, reason="年框客户")
    approvals.approve(Task.objects.get(request=request), by=house.boss)
    quotation = Quotation.objects.get()
    verbs.send_quotation(quotation, by=house.alice)
    verbs.accept_quotation(quotation, by=house.links, signed_by="王小明")
    order = verbs.order_quotation(quotation, by=house.alice, **house.order_facts())
    assert (order.low_price, order.price_reason) == (True, "QT2026-000001-1 年框客户")
    assert stops(order) == []
    again = {**house.order_facts(), "fulfilment": "pickup", "lines": [house.line("10", "90.00")]}
    orders.send_back(order, by=house.world.root, mend="价格")
    orders.revise_order(order, by=house.alice, **again)
    assert order.price_reason == ""  # another price than the one that was allowed
    assert [each.code for each in stops(order)] == ["price_too_low"]
    assert "quoted_otherwise" in {each.code for each in findings(order)}


def test_the_terms_are_the_quotations_unless_the_customers_are_stricter_by_now(house: House) -> None:
    Customer.objects.update(payment_terms="credit", payment_days=30)
    house.customer.refresh_from_db()
    first = house.accepted(payment_terms="credit", payment_days=15)
    order = verbs.order_quotation(first, by=house.alice, **house.order_facts())
    assert (order.payment_terms, order.payment_days) == ("credit", 15)
    second = house.accepted(payment_terms="credit", payment_days=15)
    Customer.objects.update(payment_terms="prepay", payment_days=0)
    order = verbs.order_quotation(Quotation.objects.get(pk=second.pk), by=house.alice, **house.order_facts())
    assert (order.payment_terms, order.payment_days) == ("prepay", 0)


def test_it_is_ordered_once(house: House) -> None:
    quotation, facts = house.accepted(), house.order_facts()
    order = verbs.order_quotation(quotation, by=house.alice, **facts)
    with refused("ordered"):
        verbs.order_quotation(Quotation.objects.get(), by=house.alice, **facts)
    assert Order.objects.get() == order


def test_only_what_was_accepted_is_ordered(house: House) -> None:
    quotation, facts = house.sent(), house.order_facts()
    with refused("wrong_state"):
        verbs.order_quotation(quotation, by=house.alice, **facts)


def test_the_order_of_a_quoted_inquiry_is_the_inquirys(house: House) -> None:
    inquiry = house.world.new_inquiry(customer=house.customer)
    Inquiry.objects.update(owner=house.alice)
    inquiry.refresh_from_db()
    quotation = verbs.quote_inquiry(inquiry, by=house.alice, **house.offer())
    verbs.send_quotation(quotation, by=house.alice)
    verbs.accept_quotation(quotation, by=house.links, signed_by="王小明")
    order = verbs.order_quotation(quotation, by=house.alice, **house.order_facts())
    inquiry.refresh_from_db()
    assert (order.inquiry, inquiry.status) == (inquiry, Inquiry.Status.ORDERED)


def test_a_second_quotation_of_an_ordered_inquiry_is_ordered_without_it(house: House) -> None:
    inquiry = house.world.new_inquiry(customer=house.customer)
    Inquiry.objects.update(owner=house.alice)
    made = []
    for _each in range(2):
        found = verbs.quote_inquiry(Inquiry.objects.get(), by=house.alice, **house.offer())
        verbs.send_quotation(found, by=house.alice)
        verbs.accept_quotation(found, by=house.links, signed_by="王小明")
        made.append(found)
    first, second = [verbs.order_quotation(each, by=house.alice, **house.order_facts()) for each in made]
    assert (first.inquiry, second.inquiry) == (inquiry, None)


def test_order_and_quotation_show_each_other(house: House) -> None:
    quotation = house.accepted()
    order = verbs.order_quotation(quotation, by=house.alice, **house.order_facts())
    client = Client()
    client.force_login(house.alice)
    page = client.get(order.get_absolute_url()).content.decode()
    assert "QT2026-000001-1" in page and quotation.get_absolute_url() in page
    assert order.get_absolute_url() in client.get(quotation.get_absolute_url()).content.decode()


def test_a_quotation_of_a_sample_names_it_and_so_does_the_order(house: House) -> None:
    sample = house.approved()
    quotation = verbs.quote_sample(sample, by=house.alice, **house.offer())
    assert quotation.sample == sample
    verbs.send_quotation(quotation, by=house.alice)
    verbs.accept_quotation(quotation, by=house.links, signed_by="王小明")
    order = verbs.order_quotation(quotation, by=house.alice, **house.order_facts())
    client = Client()
    client.force_login(house.alice)
    page = client.get(order.get_absolute_url()).content.decode()
    assert "Y1" in page and "图纸 A 版" in page
