"""Credit on its pages, in REST, on paper and in lists: what is shown, to whom, and at which cost."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.accounts.models import User
from customers.actions import resume_supply, suspend_supply
from customers.credit import actions as credit
from customers.credit.alerting import look
from customers.credit.exposure import exposure_of
from customers.credit.models import Alert, Assessment, RatingPolicy, Standing
from customers.credit.panels import bar
from customers.models import Customer
from orders.models import Order
from tests.credit.conftest import Company
from tests.world import World, scan


def page(user: User, url: str) -> Any:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client.get(url)


def asked(user: User, url: str) -> int:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.fixture
def owing(company: Company) -> Company:
    """The customer is trusted with 200,000.00, has 512.00 unpaid and 768.00 ordered, and his rating fell."""
    company.in_force()
    company.world.__dict__["customer"] = Customer.objects.get(pk=company.customer.pk)
    order = company.world.confirmed()
    order.lines.update(collected=4)
    credit.lower_rating(company.customer, by=company.cashier, reason="支票退票")
    return company


def test_the_customer_s_page_shows_what_is_used_and_opens_the_documents(owing: Company) -> None:
    suspend_supply(owing.customer, by=owing.cashier, reason="逾期未付")
    resume_supply(owing.customer, by=owing.cashier, reason="已付清")
    html = page(owing.world.root, f"/customers/{owing.customer.pk}/").content.decode()
    for said in (
        "Rating C",
        "¥50,000.00",
        "¥512.00",
        "¥768.00",
        "¥48,720.00",
        "¥1,280.00 of ¥50,000.00 used, 3 %",
        f"/orders/?customer={owing.customer.pk}&amp;counts=open",
        f"/orders/?customer={owing.customer.pk}&amp;counts=owed",
        "– → B",
        "B → C",
        "支票退票",
        "Supply suspended",
        "逾期未付",
        "已付清",
        "The rating fell",
    ):
        assert said in html, said


def test_each_figure_opens_exactly_its_documents(owing: Company) -> None:
    world = owing.world
    order = Order.objects.get()
    late = world.reviewed(customer=owing.customer)
    late.lines.update(collected=10)
    Order.objects.filter(pk=late.pk).update(status="collected", due_on=date(2026, 11, 22))
    world.new_order(customer=owing.customer)  # in review: it counts for nothing yet
    shown = {}
    for which in ("open", "owed", "overdue"):
        answer = Client()
        answer.force_login(world.root)
        found = answer.get(f"/api/v1/orders/?customer={owing.customer.pk}&counts={which}").json()
        shown[which] = sorted(row["number"] for row in found["results"])
    assert shown == {"open": [order.number], "owed": sorted([order.number, late.number]), "overdue": [late.number]}
    assert page(world.root, f"/orders/?customer={owing.customer.pk}&counts=owed").status_code == 200


def test_the_bar_is_as_long_as_what_is_used(owing: Company) -> None:
    found = exposure_of(owing.customer)
    drawn = bar(Decimal("2560"), found)
    assert [(each["tone"], each["x"], each["width"]) for each in drawn["parts"]] == [
        ("active", "0.0", "72.0"),
        ("soon", "72.0", "48.0"),
    ]
    assert drawn["mark"] == ""
    beyond = bar(Decimal("640"), found)
    assert (beyond["mark"], beyond["words"]) == ("120.0", "¥1,280.00 of ¥640.00 used, 200 %")
    assert bar(Decimal(0), found)["words"] == "¥1,280.00 used, and there is no limit"


def test_whoever_may_not_see_credit_is_shown_none(owing: Company) -> None:
    clerk = owing.world.clerk
    html = page(clerk, f"/customers/{owing.customer.pk}/").content.decode()
    assert "Rating C" not in html and "¥50,000.00" not in html


def test_a_company_that_rates_nobody_sees_nothing_of_it(world: World) -> None:
    html = page(world.root, f"/customers/{world.customer.pk}/").content.decode()
    assert "Credit limit" not in html


def records(company: Company) -> list[str]:
    assessment, alert = Assessment.objects.latest("pk"), Alert.objects.latest("pk")
    return [
        f"/credit/assessments/{assessment.pk}/",
        f"/credit/assessments/{assessment.pk}/print/",
        f"/credit/alerts/{alert.pk}/",
        f"/api/v1/assessments/{assessment.pk}/",
        f"/api/v1/credit-alerts/{alert.pk}/",
        f"/api/v1/credit-standings/{Standing.objects.get().pk}/",
    ]


def test_a_stranger_is_told_that_nothing_is_there(owing: Company) -> None:
    for url in records(owing):
        assert page(owing.seller, url).status_code == 200, url
        assert page(owing.world.charlie, url).status_code == 404, url
    numbers = [row.number for row in Assessment.objects.all()]
    for url in ("/credit/", "/credit/assessments/", "/credit/alerts/"):
        html = page(owing.world.charlie, url).content.decode()
        assert owing.customer.name not in html and not any(number in html for number in numbers)


@pytest.mark.parametrize("role", ["counter", "warehouse", "reception"])
def test_who_sees_every_customer_and_no_credit_opens_nothing_of_it_by_its_number(owing: Company, role: str) -> None:
    person = owing.world.person("behind", role)
    assert page(person, f"/customers/{owing.customer.pk}/").status_code == 200
    for url in records(owing):
        assert page(person, url).status_code == (403 if url.startswith("/api/") else 404), url


def test_the_rows_of_the_lists_lead_to_their_pages(owing: Company) -> None:
    assessment, alert = Assessment.objects.get(), Alert.objects.get()
    rows = {
        "/credit/": f"/customers/{owing.customer.pk}/",
        "/credit/assessments/": f"/credit/assessments/{assessment.pk}/",
        "/credit/alerts/": f"/credit/alerts/{alert.pk}/",
    }
    for url, leads in rows.items():
        assert f'<tr data-url="{leads}">' in page(owing.cashier, url).content.decode(), url


def test_a_paper_of_an_assessment_opens_for_whoever_sees_the_customer(company: Company) -> None:
    company.assessed(finances_paper=scan("balance.pdf"))
    from crm.records.models import Attachment

    row = Attachment.objects.get(kind="finances")
    from django.urls import reverse

    url = reverse("attachment", args=[row.pk])
    assert page(company.seller, url).status_code == 200
    assert page(company.world.charlie, url).status_code == 404


def test_the_sheet_says_scores_and_who_decided(owing: Company) -> None:
    assessment = Assessment.objects.get()
    html = page(owing.seller, f"/credit/assessments/{assessment.pk}/print/").content.decode()
    for said in (assessment.number, "JD-7.1", "75.0", "资产负债率 40%", "Cashier", "同意", "¥200,000.00"):
        assert said in html, said


def test_rest_says_what_is_used_now_with_its_documents(owing: Company) -> None:
    found = page(owing.seller, f"/api/v1/credit-standings/{Standing.objects.get().pk}/").json()
    assert (found["rating"], found["limit"], found["now"]["total"]) == ("C", "50000.00", "1280.00")
    assert [(part["key"], part["amount"]) for part in found["now"]["parts"]] == [
        ("open_orders", "768.00"),
        ("owed", "512.00"),
        ("opening_balances", "0.00"),
        ("overdue", "0.00"),
        ("overdue_invoices", "0.00"),
    ]
    assert [row["rating"] for row in found["history"]] == ["C", "B"]


def test_the_list_is_sorted_by_what_was_reckoned_at_night(owing: Company) -> None:
    world = owing.world
    for number in range(3):
        world.new_customer(name=f"按期付款{number}")
    look()
    rows = page(world.root, "/api/v1/credit-standings/?order=-used").json()["results"]
    assert [(row["used"], row["free"]) for row in rows] == [("1280.00", "48720.00")] + [("0.00", "0.00")] * 3
    unassessed = page(world.root, "/api/v1/credit-standings/?tab=unassessed").json()["results"]
    assert len(unassessed) == 3


def more_customers(company: Company) -> None:
    for _each in range(4):
        customer = company.world.new_customer()
        Customer.objects.filter(pk=customer.pk).update(owner=company.seller)
        company.in_force(Customer.objects.get(pk=customer.pk))
        credit.lower_rating(customer, by=company.cashier, reason="退票")
    look()


@pytest.mark.parametrize("url", ["/credit/", "/credit/assessments/", "/credit/alerts/"])
def test_a_list_asks_as_often_for_many_rows(owing: Company, url: str) -> None:
    few = asked(owing.cashier, url)
    more_customers(owing)
    assert asked(owing.cashier, url) == few <= 12


def test_the_customer_s_page_asks_as_often_whatever_happened(owing: Company) -> None:
    url = f"/customers/{owing.customer.pk}/"
    first = asked(owing.cashier, url)
    owing.in_force(operations_score=90)
    credit.lower_rating(owing.customer, by=owing.cashier, reason="再次退票")
    for _each in range(3):
        owing.world.reviewed()
    assert asked(owing.cashier, url) <= first + 1  # an order's panel begins with the first one that finance sees


def test_the_record_pages_ask_a_bounded_number(owing: Company) -> None:
    assessment, alert = Assessment.objects.latest("pk"), Alert.objects.latest("pk")
    assert asked(owing.cashier, f"/credit/assessments/{assessment.pk}/") <= 40
    assert asked(owing.cashier, f"/credit/alerts/{alert.pk}/") <= 40


@pytest.mark.parametrize("key", ["credit-used", "credit-ratings"])
def test_the_figures_say_what_was_reckoned(owing: Company, key: str) -> None:
    from crm.reports.charts import REPORTS

    look()
    found = REPORTS[key].figure(owing.cashier)
    [row] = found.rows
    if key == "credit-used":
        assert (row.label, row.mark, row.total) == (owing.customer.name, Decimal("50000.00"), "¥1,280.00 / ¥50,000.00")
        assert [value.number for value in row.values if value] == [768, 512, 0]
    else:
        assert (row.label, row.total) == ("C", "1 · ¥1,280.00")
    assert REPORTS[key].figure(owing.world.charlie).rows == []


def test_an_administrator_edits_ratings_and_weights(company: Company) -> None:
    root = company.world.root
    row = RatingPolicy.objects.get(rating="A")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(root)
    post: Callable[..., Any] = client.post
    data = {"rating": "A", "from_score": 80, "limit": "600000", "payment_terms": "credit", "payment_days": 45}
    assert post(f"/admin/credit/ratingpolicy/{row.pk}/change/", data).status_code == 302
    row.refresh_from_db()
    assert (row.from_score, row.limit, row.payment_days) == (80, 600000, 45)
    wrong = {**data, "payment_terms": "cash"}
    assert post(f"/admin/credit/ratingpolicy/{row.pk}/change/", wrong).status_code == 200  # with both errors
    row.refresh_from_db()
    assert row.payment_terms == "credit"
    assert post("/admin/credit/weight/add/", {"aspect": "payment", "weight": 60}).status_code == 302
    for name in ("assessment", "standing", "alert"):
        assert client.get(f"/admin/credit/{name}/").status_code == 200
