"""What is shown of settlements, to whom, and what it costs."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts.models import User
from crm.api.tokens import issue
from crm.records.models import ActionLog, Attachment
from crm.reports.charts import REPORTS
from orders.models import Order
from pickup.settlement.models import Statement
from pickup.settlement.unreconciled import unreconciled
from tests.settlement.conftest import Company
from tests.world import MORNING


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def rest_of(user: User) -> Client:
    _token, secret = issue(user, "test", ("read", "write"), days=None)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_whoever_sees_the_order_sees_its_settlement_and_nobody_else(company: Company) -> None:
    memo = company.issued()
    statement = memo.statement
    file = Attachment.objects.about(memo).get()
    paths = [
        f"/settlement/statements/{statement.pk}/",
        f"/settlement/statements/{statement.pk}/print/",
        f"/settlement/memos/{memo.pk}/",
        f"/settlement/memos/{memo.pk}/print/",
        f"/settlement/orders/{statement.order_id}/",
        file.get_absolute_url(),
    ]
    for user, expected in ((company.seller, 200), (company.cashier, 200), (company.world.charlie, 404)):
        client = client_of(user)
        assert [client.get(path).status_code for path in paths] == [expected] * len(paths), user
    stranger = client_of(company.world.stranger)
    assert [stranger.get(path).status_code for path in paths] == [404, 404, 404, 404, 403, 404]
    for user, expected in ((company.seller, 200), (company.world.charlie, 404), (company.world.stranger, 403)):
        rest = rest_of(user)
        assert rest.get(f"/api/v1/statements/{statement.pk}/").status_code == expected
        assert rest.get(f"/api/v1/memos/{memo.pk}/").status_code == expected


def test_the_pages_say_what_is_agreed(company: Company) -> None:
    statement = company.disputed(amount=Decimal("1152.00"))
    client = client_of(company.seller)
    page = client.get(statement.get_absolute_url()).content.decode()
    for words in (statement.number, "只收到 9 件", "¥1,152.00", "PR2026-000001", "Disputed", "Explain disputed lines"):
        assert words in page
    assert f'data-next-step href="/do/settlement.explain_differences/{statement.pk}/"' in page
    order_page = client.get(statement.order.get_absolute_url()).content.decode()
    assert statement.number in order_page and "¥1,280.00 not invoiced" in order_page
    own = client.get(f"/settlement/orders/{statement.order_id}/").content.decode()
    assert "¥1,280.00 not invoiced" in own and '<rect class="tone-active"' in own
    dialog = client.get(f"/do/settlement.explain_differences/{statement.pk}/").content.decode()
    assert "只收到 9 件" in dialog
    dialog = client.get(f"/do/settlement.ask_adjust_statement/{statement.pk}/").content.decode()
    assert "1. PR2026-000001" in dialog


def test_the_forms_print_in_chinese(company: Company) -> None:
    memo = company.issued()
    client = client_of(company.seller)
    paper = client.get(f"/settlement/statements/{memo.statement_id}/print/").content.decode()
    for words in ("供货单位", "购货单位", "人民币壹仟贰佰捌拾元整", "PR2026-000001", "确认人：王小明", "147.26"):
        assert words in paper
    paper = client.get(f"/settlement/memos/{memo.pk}/print/").content.decode()
    for words in (
        "价税合计（大写）：人民币壹仟贰佰捌拾元整",
        "发票号码：26502000000012345678",
        "1,132.74",
        "建设银行渝北支行",
    ):
        assert words in paper
    assert "6222020200112233" not in paper


def test_who_issues_the_invoice_prints_its_numbers_in_clear_and_each_is_logged(company: Company) -> None:
    memo = company.passed()
    address, numbers = f"/settlement/memos/{memo.pk}/print/clear/", ("91350100M000100Y43", "6222 0202 0011 2233")
    looks = ActionLog.objects.filter(verb="records.reveal", subject_pk=memo.pk)
    seller, finance = client_of(company.seller), client_of(company.cashier)
    masked = finance.get(f"/settlement/memos/{memo.pk}/print/").text
    assert not [each for each in numbers if each in masked] and "建设银行渝北支行" in masked
    assert address in finance.get(memo.get_absolute_url()).text
    assert address not in seller.get(memo.get_absolute_url()).text
    assert seller.get(address).status_code == 403  # though he may look at one number by itself
    assert client_of(company.world.charlie).get(address).status_code == 404
    assert not looks.exists()
    answer = finance.get(address)
    assert not [each for each in numbers if each not in answer.text]
    assert "no-store" in answer["Cache-Control"]
    assert sorted(look.inputs["field"] for look in looks) == ["bank_account", "tax_number"]
    assert set(looks.values_list("actor__username", flat=True)) == {company.cashier.username}
    company.cashier.groups.clear()
    assert client_of(company.cashier).get(address).status_code == 404
    assert looks.count() == 2


def test_rest_answers_lines_and_takes_the_steps(company: Company) -> None:
    order = company.collected()
    rest = rest_of(company.seller)
    made = rest.post(f"/api/v1/orders/{order.pk}/settlement.make_statement/", {}, content_type="application/json")
    assert made.status_code in (200, 201), made.content
    statement = Statement.objects.get()
    found = rest.get(f"/api/v1/statements/{statement.pk}/").json()
    assert (found["number"], found["total"], found["stale"]) == ("ST2026-000001", "1280.00", False)
    assert [(line["quantity"], line["amount"], line["tax"]) for line in found["lines"]] == [
        ("10.000000", "1280.00", "147.26")
    ]
    listed = rest.get("/api/v1/statements/").json()["results"]
    assert [row["number"] for row in listed] == ["ST2026-000001"]


def test_tabs_find_what_waits(company: Company) -> None:
    order = company.order("10")
    company.collect(order, "4")
    statement = company.stated(Order.objects.get(pk=order.pk))
    client = client_of(company.seller)

    def found(tab: str, listing: str = "statements") -> bool:
        return statement.number in client.get(f"/settlement/{listing}/?tab={tab}").content.decode()

    assert (found("open"), found("stale"), found("memo")) == (True, False, False)
    company.collect(order, "6")
    assert (found("open"), found("stale")) == (True, True)
    assert "Changed since." in client.get(statement.get_absolute_url()).content.decode()


def test_each_row_of_a_list_leads_to_its_record(company: Company) -> None:
    memo = company.memo()
    client = client_of(company.seller)
    assert f'"{memo.get_absolute_url()}"' in client.get("/settlement/memos/").content.decode()
    assert f'"{memo.statement.get_absolute_url()}"' in client.get("/settlement/statements/").content.decode()


def test_a_statement_is_found_by_its_number(company: Company) -> None:
    statement = company.stated()
    page = client_of(company.seller).get("/search/", {"q": statement.number}).content.decode()
    assert statement.get_absolute_url() in page


def asked(client: Client, path: str) -> int:
    client.get(path)  # what is kept of the user is read once
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_the_list_and_the_record_cost_the_same_however_much_there_is(company: Company) -> None:
    statement = company.stated()
    client = client_of(company.seller)
    paths = ["/settlement/statements/", statement.get_absolute_url(), f"/settlement/orders/{statement.order_id}/"]
    few = [asked(client, path) for path in paths]
    for _number in range(3):
        order = company.order("4")
        for quantity in ("1", "1", "2"):
            company.collect(order, quantity)
        company.stated(Order.objects.get(pk=order.pk))
    last = Statement.objects.latest("pk")
    assert last.lines.count() == 3
    paths = ["/settlement/statements/", last.get_absolute_url(), f"/settlement/orders/{last.order_id}/"]
    assert [asked(client, path) for path in paths] == few
    assert few[0] <= 8
    assert few[1] <= 36
    assert few[2] <= 14


def test_what_left_and_is_not_reconciled_is_summed_by_age(company: Company) -> None:
    order = company.order("10")
    company.collect(order, "4")
    company.reconciled(Order.objects.get(pk=order.pk))
    with clock.at(MORNING + timedelta(days=1)):
        company.collect(order, "3")
    other = company.order("2")
    with clock.at(MORNING + timedelta(days=2)):
        company.collect(other)
    with clock.at(MORNING + timedelta(days=9)):
        found = {each.order.pk: (each.worth, each.days) for each in unreconciled(company.cashier)}
        assert found == {order.pk: (Decimal("384.00"), 8), other.pk: (Decimal("256.00"), 7)}
        figure = REPORTS["unreconciled"].figure(company.cashier)
        assert [row.values[0].number for row in figure.rows] == [0, Decimal("640.00"), 0, 0]
        page = client_of(company.cashier).get(figure.rows[1].url).content.decode()
        assert other.number in page and order.number in page
        assert unreconciled(company.world.charlie) == []
        client = client_of(company.world.stranger)
        assert client.get("/settlement/unreconciled/").status_code == 403
