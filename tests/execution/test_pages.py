"""The pages of reports, their print, their sheet and their REST: each reader sees his part, a stranger nothing."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from crm.accounts.models import Department, User
from crm.api.tokens import issue
from crm.exchange.actions import export_figures
from crm.exchange.exporting import write
from orders.contracts.models import Contract
from orders.models import Line, Order
from pickup.execution.figures import contracts_by_month
from pickup.execution.models import Report
from pickup.execution.reckoning import days_of, reckon
from tests.execution.conftest import Company, on
from tests.world import shanghai

MONDAY = date(2026, 11, 23)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rest(user: User) -> Client:
    _token, secret = issue(user, "test", ("read", "write"), days=None)
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def report(company: Company) -> Report:
    """Of two contracts, of which the seller sees one, and the west's manager the other."""
    west = Department.objects.create(code="west", name="西区")
    seller = company.world.person("seller", "sales", language="en")
    company.world.person("western", "sales_manager", department=west, language="en")
    mine, other = company.contract(), company.contract()
    Contract.objects.filter(pk=mine.pk).update(owner=seller)
    Contract.objects.filter(pk=other.pk).update(department=west)
    Order.objects.filter(pk=other.order_id).update(department=west)
    company.collect(mine, "2")
    company.collect(other, "5")
    return company.issue(company.draft(MONDAY), shanghai(24, 9))


def user(name: str) -> User:
    return User.objects.get(username=name)


PLACES = ("", "rows/", "print/")


@pytest.mark.parametrize("place", PLACES)
def test_each_reader_sees_his_part_at_every_page(report: Report, place: str) -> None:
    mine, other = Contract.objects.order_by("pk").values_list("number", flat=True)
    with on(24):
        seller = signed_in(user("seller")).get(f"/execution/{report.pk}/{place}").content.decode()
        western = signed_in(user("western")).get(f"/execution/{report.pk}/{place}").content.decode()
        support = signed_in(user("support")).get(f"/execution/{report.pk}/{place}").content.decode()
    assert mine in seller and other not in seller
    assert other in western and mine not in western
    assert mine in support and other in support
    assert "256.00" in seller and "896.00" not in seller
    assert "896.00" in support


@pytest.mark.parametrize("place", PLACES)
def test_a_stranger_finds_nothing(report: Report, company: Company, place: str) -> None:
    assert signed_in(company.world.stranger).get(f"/execution/{report.pk}/{place}").status_code == 404
    assert rest(company.world.stranger).get(f"/api/v1/execution-reports/{report.pk}/").status_code in (403, 404)
    assert Client().get(f"/execution/{report.pk}/{place}").status_code == 302


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", ["order_desk", "order_desk_manager"])
def test_who_sees_contracts_and_no_reports_opens_none_by_its_number(
    report: Report, company: Company, role: str, place: str
) -> None:
    person = company.world.person("desk", role)
    assert report in Report.objects.visible_to(person)
    assert signed_in(person).get(f"/execution/{report.pk}/{place}").status_code == 404
    assert rest(person).get(f"/api/v1/execution-reports/{report.pk}/").status_code == 403


def test_a_clerk_who_sees_no_contracts_may_not_list_reports(company: Company, report: Report) -> None:
    clerk = company.world.person("clerk9", "counter")
    assert signed_in(clerk).get("/execution/").status_code == 403
    assert signed_in(clerk).get(f"/execution/{report.pk}/").status_code == 404


def test_rows_are_filtered_by_customer_department_salesperson_and_what_moved(report: Report, company: Company) -> None:
    client = signed_in(company.world.root)
    mine, other = Contract.objects.order_by("pk")
    west = Department.objects.get(code="west")

    def shown(query: str) -> list[str]:
        page = client.get(f"/execution/{report.pk}/rows/?{query}")
        return [row["number"] for row in page.context["rows"]]

    assert shown("") == [mine.number, other.number]
    assert shown(f"department={west.pk}") == [other.number]
    assert shown(f"owner={user('seller').pk}") == [mine.number]
    assert shown(f"customer={mine.customer_id}") == [mine.number, other.number]
    assert shown("only=moved") == [mine.number, other.number]
    assert shown("only=orders") == []
    assert shown("customer=x&owner=99999999999999999999") == [mine.number, other.number]
    assert client.get(f"/execution/{report.pk}/rows/?owner={user('seller').pk}").context["sums"]["amount"]["now"] == 256


def test_the_list_leads_to_each_report_and_finds_it_by_its_number(report: Report, company: Company) -> None:
    client = signed_in(company.support)
    assert f'<a href="/execution/{report.pk}/">CD20261123</a>' in client.get("/execution/").content.decode()
    assert "CD20261123" in client.get("/execution/?q=1123").content.decode()
    assert "CD20261123" not in client.get("/execution/?q=1124").content.decode()


def test_rest_answers_the_callers_part_and_issues(report: Report, company: Company) -> None:
    mine = Contract.objects.order_by("pk").first()
    with on(24):
        found = rest(user("seller")).get(f"/api/v1/execution-reports/{report.pk}/").json()
        assert [row["number"] for row in found["rows"]] == [mine.number]
        assert found["sums"]["amount"]["now"] == "256.00"
        assert found["digest"] == report.figures.digest
        whole = rest(company.support).get(f"/api/v1/execution-reports/{report.pk}/").json()
        assert len(whole["rows"]) == 2
        listed = rest(company.support).get("/api/v1/execution-reports/?kind=daily").json()
        assert [row["number"] for row in listed["results"]] == ["CD20261123"]
        draft = company.draft(date(2026, 11, 24))
    with on(25):
        address = f"/api/v1/execution-reports/{draft.pk}/execution.issue_report/"
        assert rest(user("seller")).post(address, {}, content_type="application/json").status_code == 403
        done = rest(company.support).post(address, {"remarks": "ok"}, content_type="application/json")
        assert (done.status_code, done.json()["status"]) == (200, "issued")


def test_the_sheet_has_numbers_as_numbers_and_no_formula(report: Report, company: Company) -> None:
    other = Contract.objects.order_by("-pk").first()
    from customers.models import Customer

    Customer.objects.filter(pk=other.customer_id).update(name="=HYPERLINK(1)")
    with on(24):
        draft = company.draft(date(2026, 11, 24))
        with override("en"):
            export = export_figures(
                by=company.support,
                figure="execution-report",
                query=f"report={draft.pk}",
                purpose="周会",
                recipient="销售部",
            )
            book = openpyxl.load_workbook(io.BytesIO(b"".join(write(export))))
    rows = list(book.worksheets[0].iter_rows())
    heads = [cell.value for cell in rows[0]]
    first = dict(zip(heads, rows[2], strict=True))
    assert first["Contract number"].value == other.number
    assert (first["Executed before"].value, first["Executed before"].data_type) == (5, "n")
    assert (first["Amount executed to date"].value, first["Quantity open"].value) == (640, 5)
    assert (first["Customer"].value, first["Customer"].data_type) == ("=HYPERLINK(1)", "s")
    with on(24), override("en"):
        mine = export_figures(
            by=user("seller"), figure="execution-report", query=f"report={draft.pk}", purpose="周会", recipient="我"
        )
        book = openpyxl.load_workbook(io.BytesIO(b"".join(write(mine))))
    assert book.worksheets[0].max_row == 2


def test_the_monthly_page_compares_with_the_months_before_and_names_customers(company: Company) -> None:
    contract = company.contract()
    company.collect(contract, "4")
    with on(1, month=12):
        november = company.draft(MONDAY, "monthly")
    company.issue(november, shanghai(2, 9, month=12))
    with on(10, month=12):
        company.collect(contract, "6")
        december = company.draft(date(2026, 12, 5), "monthly")
        page = signed_in(company.world.root).get(f"/execution/{december.pk}/").content.decode()
    assert "26-11" in page and "26-12" in page
    assert "512.00" in page and "768.00" in page
    assert contract.customer.name in page


def test_a_customers_contracts_by_month_are_a_step_from_his_page(company: Company) -> None:
    contract = company.contract()
    company.collect(contract, "4")
    root = signed_in(company.world.root)
    address = f"/execution/customers/{contract.customer_id}/"
    assert address in root.get(f"/customers/{contract.customer_id}/").content.decode()
    page = root.get(address).content.decode()
    assert contract.number in page and "512.00" in page
    assert signed_in(company.world.stranger).get(address).status_code == 404


def test_the_chart_by_month_sums_what_the_rows_of_the_reports_show(company: Company) -> None:
    world = company.world
    line = {"product": world.product, "quantity": Decimal(1), "unit": world.carton, "factor": Decimal(24)}
    first, second = company.contract(lines=[line]), company.contract(lines=[line])
    Line.objects.update(price=Decimal("0.33"), amount=Decimal("0.33"))  # 5 of 24 cost 0.06875
    company.collect(first, "5")
    company.collect(second, "5")
    november = [row["amount"]["now"] for row in reckon(days_of(company.draft(MONDAY, "monthly")))]
    with on(10, month=12):
        company.collect(first, "19")
        company.collect(second, "18")
        december = [row["amount"]["now"] for row in reckon(days_of(company.draft(date(2026, 12, 10), "monthly")))]
        figure = contracts_by_month(world.root)
    assert (november, december) == (["0.07", "0.07"], ["0.26", "0.25"])
    by_month = {row.label: row.values[0].number for row in figure.rows}
    assert (by_month["26-11"], by_month["26-12"]) == (Decimal("0.14"), Decimal("0.51"))


def test_the_list_and_the_page_ask_as_often_for_many_as_for_one(company: Company) -> None:
    client = signed_in(company.world.root)
    contract = company.contract()
    company.collect(contract, "1")
    report = company.issue(company.draft(MONDAY), shanghai(24, 9))
    addresses = ("/execution/", f"/execution/{report.pk}/", f"/execution/{report.pk}/rows/")
    with on(24):
        for address in addresses:
            client.get(address)
        few = [_asked(client, address) for address in addresses]
        for day in (16, 17, 18, 19):
            Report.objects.create(
                number=f"CD202611{day}", kind="daily", first=date(2026, 11, day), last=date(2026, 11, day)
            )
        rows = report.figures.rows
        type(report.figures).objects.filter(pk=report.figures.pk).update(rows=rows * 10)
        many = [_asked(client, address) for address in addresses]
    assert many == few
    assert max(few) <= 40


def _asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_what_was_issued_cannot_be_changed_by_the_application(report: Report) -> None:
    from pickup.execution.models import Correction, Figures

    assert Figures.written_once and Correction.written_once
    assert str(Figures._meta.db_table) == "execution_figures"
