"""The ages of receivables: not due, 1 to 30, 31 to 60, 61 to 90 and over 90 days, by whom they are owed."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.listing import LISTINGS
from crm.reports.charts import cells_of
from customers.credit.exposure import exposure_of
from customers.models import Customer
from orders.models import Order
from orders.payments.ages import AGES, age_condition, age_of_invoice
from orders.payments.figures import ages_by, by_customer, by_department, by_owner
from orders.payments.models import Invoice
from tests.payments.conftest import Company

DAYS = {
    -5: "not_due",
    0: "not_due",
    1: "1-30",
    30: "1-30",
    31: "31-60",
    60: "31-60",
    61: "61-90",
    90: "61-90",
    91: "over-90",
    400: "over-90",
}


def test_a_day_belongs_to_one_age(company: Company) -> None:
    order = company.order(quantity="100")
    rows = {company.invoice("10.00", overdue=days, order=order).pk: key for days, key in DAYS.items()}
    assert dict(Invoice.objects.annotate(age=age_of_invoice()).values_list("pk", "age")) == rows
    for age in AGES:
        found = set(Invoice.objects.filter(age_condition(age.key)).values_list("pk", flat=True))
        assert found == {pk for pk, key in rows.items() if key == age.key}


def filled(company: Company) -> Customer:
    order = company.order(quantity="100")
    for days, amount in ((0, "100.00"), (10, "200.00"), (45, "300.00"), (75, "400.00"), (120, "500.00")):
        company.invoice(amount, overdue=days, order=order)
    other = company.order(customer=company.world.new_customer())
    company.invoice("1000.00", overdue=5, order=other)
    return order.customer


def test_each_customer_with_each_age(company: Company) -> None:
    customer = filled(company)
    figure = by_customer(company.cashier)
    head, rows = cells_of(figure)
    assert len(head) == 7
    mine = next(row for row in rows if row[0] == customer.name)
    amounts = ["100.00", "200.00", "300.00", "400.00", "500.00", "1500.00"]
    assert mine[1:] == [Decimal(each) for each in amounts]
    assert rows[0][0] == customer.name  # the largest first


def test_a_part_payment_makes_it_less_the_oldest_first(company: Company) -> None:
    filled(company)
    order = Order.objects.order_by("pk").first()
    company.match(company.receipt("650.00"), (order, "650.00"))
    group = next(
        each for each in ages_by(company.cashier, "customer", ["customer__name"]) if each.key == order.customer_id
    )
    assert group.sums == {
        "not_due": Decimal("100.00"),
        "1-30": Decimal("200.00"),
        "31-60": Decimal("300.00"),
        "61-90": Decimal("250.00"),
    }


def test_every_number_opens_its_documents(company: Company) -> None:
    filled(company)
    client = Client()
    client.force_login(company.cashier)
    for figure in (by_customer(company.cashier), by_owner(company.cashier), by_department(company.cashier)):
        for row in figure.rows:
            for value in row.values:
                if value is not None and value.number:
                    query = QueryDict(urlsplit(value.url).query)
                    found = LISTINGS["invoices"].filtered(company.cashier, query)
                    assert sum(each.open_amount for each in found) == value.number
                    assert client.get(value.url).status_code == 200


def test_owner_and_department(company: Company) -> None:
    filled(company)
    assert [(row.label, row.total) for row in by_owner(company.cashier).rows] == [("Alice", "¥2,500.00")]
    assert [(row.label, row.total) for row in by_department(company.cashier).rows] == [("Sales", "¥2,500.00")]


def test_sales_see_their_own(company: Company) -> None:
    filled(company)
    Order.objects.filter(invoices__amount=Decimal(1000)).update(owner=company.world.bob)
    assert [row.total for row in by_customer(company.seller).rows] == ["¥1,500.00"]
    assert [row.total for row in by_customer(company.world.bob).rows] == ["¥1,000.00"]


def test_one_query_however_many_customers(company: Company) -> None:
    filled(company)
    with CaptureQueriesContext(connection) as few:
        ages_by(company.cashier, "customer", ["customer__name"])
    for _number in range(4):
        company.invoice("7.00", overdue=3, order=company.order(customer=company.world.new_customer()))
    with CaptureQueriesContext(connection) as many:
        assert len(ages_by(company.cashier, "customer", ["customer__name"])) == 6
    assert len(few) == len(many) == 1


def test_what_is_overdue_is_known_to_the_credit(company: Company) -> None:
    customer = filled(company)
    assert exposure_of(customer).overdue == Decimal("1400.00")
    order = Order.objects.order_by("pk").first()
    Order.objects.filter(pk=order.pk).update(status="collected", payment_terms="credit", due_on=date(2026, 11, 1))
    assert exposure_of(customer).overdue == Decimal("1400.00")  # its invoices say it, and it is not added once more


def test_the_pages_of_the_reports_open_for_whom_they_are(company: Company) -> None:
    filled(company)
    client = Client()
    client.force_login(company.cashier)
    start = client.get("/").content.decode()
    assert "receivables-by-customer" in start


def test_the_page_of_the_ages_has_all_three_and_is_for_whom_sees_invoices(company: Company) -> None:
    filled(company)
    client = Client()
    for user, status in ((company.cashier, 200), (company.seller, 200), (company.world.stranger, 403)):
        client.force_login(user)
        assert client.get("/payments/ageing/").status_code == status
    client.force_login(company.cashier)
    page = client.get("/payments/ageing/").content.decode()
    for key in ("customer", "owner", "department"):
        assert f"figure=report-receivables-by-{key}" in page
