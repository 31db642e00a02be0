"""From the customer's word to the class: sales support is told at once, and has half a day (KC 5.1.2)."""

import pytest
from django.test import Client

from crm.accounts.models import Department, User
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.reports.today import today
from orders.contracts import actions as contracts
from orders.contracts.models import Contract
from tests.contracts.conftest import Company
from tests.world import shanghai

RULE = "contract.classify"


def page_of(contract: Contract, user: User) -> str:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client.get(contract.get_absolute_url()).text


def on_today(user: User) -> list[tuple[str, str, str]]:
    return [
        (str(row["label"]), row["clause"], str(row["next_step"]["label"]))
        for group in today(user)["groups"]
        for row in group["rows"]
    ]


@pytest.fixture
def second(company: Company) -> User:
    """Somebody else of sales support, in the same department."""
    return company.world.person("second", "sales_support")


def test_sales_support_is_told_at_once_and_has_half_a_day(company: Company, second: User) -> None:
    contract = company.accepted()
    told = Message.objects.filter(template="contracts.accepted")
    assert {message.recipient for message in told} == {company.support, second}
    assert contract.order.number in told[0].text("zh-hans")["body"]
    row = Deadline.objects.open().get(rule=RULE)
    assert row.responsible in (company.support, second)
    assert row.due_at == shanghai(23, 15)  # four working hours, and lunch, after half past nine
    assert on_today(row.responsible) == [("CT2026-000001", "KC 5.1.2", "Classify")]
    assert RULE not in {each.rule for each in Deadline.objects.open().waiting_for(company.seller)}
    contracts.classify_contract(contract, by=row.responsible, kind="special")
    assert (Deadline.objects.get(rule=RULE).outcome, on_today(row.responsible)) == ("met", [])


def test_they_take_turns(company: Company, second: User) -> None:
    for _number in range(4):
        company.accepted()
    rows = Deadline.objects.open().filter(rule=RULE).values_list("responsible__username", flat=True)
    assert sorted(rows) == ["second", "second", "support", "support"]


def test_another_departments_support_is_asked_only_where_it_has_none(company: Company, second: User) -> None:
    west = Department.objects.create(code="west", name="西区")
    User.objects.filter(pk=company.support.pk).update(department=west)
    for _number in range(2):
        company.accepted()
    assert set(Message.objects.filter(template="contracts.accepted").values_list("recipient", flat=True)) == {second.pk}
    User.objects.filter(pk=second.pk).update(is_active=False)
    contract = company.accepted()
    assert Deadline.objects.open().about(contract).get(rule=RULE).responsible == company.support
    User.objects.filter(pk=company.support.pk).update(is_active=False)
    row = Deadline.objects.open().about(company.accepted()).get(rule=RULE)
    assert (row.responsible, row.department) == (None, company.world.sales)


def test_who_records_it_is_not_told_of_it_and_who_waits_sees_for_whom(company: Company) -> None:
    contract = contracts.record_acceptance(company.order(), by=company.support, accepted_by="phone")
    assert not Message.objects.filter(template="contracts.accepted").exists()
    assert "waits for sales support" in page_of(contract, company.seller)
    assert "waits for sales support" not in page_of(contract, company.support)
    contracts.classify_contract(contract, by=company.support, kind="regular")
    assert "waits for sales support" not in page_of(contract, company.seller)


def test_who_waits_for_the_contract_to_be_made_sees_for_whom(company: Company) -> None:
    contract = company.passed()
    assert "waits for sales support" in page_of(contract, company.seller)
    contracts.make_contract(contract, by=company.support)
    assert "waits for sales support" not in page_of(contract, company.seller)
