"""Who is mailed reports, and what he is told of them."""

from datetime import date

import pytest

from crm.accounts.models import User
from crm.outbox.models import Message
from orders.contracts.models import Contract
from pickup.execution import actions as execution
from pickup.execution.models import Subscription
from tests.execution.conftest import Company
from tests.world import refused, shanghai

MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def no_mail_leaves(settings) -> None:
    settings.OUTBOX_TEST_MODE = True


def reader(company: Company, username: str, *roles: str, **facts) -> User:
    return company.world.person(username, *roles, email=f"{username}@example.com", **facts)


def test_a_subscriber_is_mailed_what_he_sees_of_it(company: Company) -> None:
    seller = reader(company, "seller", "sales", language="zh-hans")
    cashier = reader(company, "cashier", "finance", language="en")
    for user in (seller, cashier):
        execution.subscribe(by=user, kind="daily")
    mine, other = company.contract(), company.contract()
    Contract.objects.filter(pk=mine.pk).update(owner=seller)
    company.collect(mine, "2")
    company.collect(other, "5")
    report = company.issue(company.draft(MONDAY), shanghai(24, 9))
    mails = {row.email: row for row in Message.objects.filter(template="execution.issued")}
    assert set(mails) == {"seller@example.com", "cashier@example.com"}
    assert mails["seller@example.com"].subject == "合同执行日报表 CD20261123"
    assert "合同：1 份" in mails["seller@example.com"].text()["body"]
    assert "本期执行：¥256.00" in mails["seller@example.com"].text()["body"]
    assert "Executed: ¥896.00" in mails["cashier@example.com"].text()["body"]
    assert f"/execution/{report.pk}/" in mails["cashier@example.com"].text()["body"]
    assert {row.language for row in mails.values()} == {"zh-hans", "en"}


def test_who_has_no_address_is_told_by_a_notice(company: Company) -> None:
    cashier = company.world.person("cashier", "finance")
    execution.subscribe(by=cashier, kind="daily")
    company.issue(company.draft(MONDAY), shanghai(24, 9))
    assert [(row.channel, row.recipient) for row in Message.objects.filter(template="execution.issued")] == [
        ("notice", cashier)
    ]


def test_who_unsubscribed_who_left_and_who_may_not_see_it_any_more_are_not_told(company: Company) -> None:
    gone, lost, ended = (reader(company, name, "finance") for name in ("gone", "lost", "ended"))
    for user in (gone, lost, ended):
        execution.subscribe(by=user, kind="daily")
    execution.unsubscribe(Subscription.objects.get(user=ended), by=ended)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    lost.groups.clear()
    company.issue(company.draft(MONDAY), shanghai(24, 9))
    assert not Message.objects.filter(template="execution.issued").exists()


def test_nobody_subscribes_twice_and_after_the_end_again(company: Company) -> None:
    subscription = execution.subscribe(by=company.support, kind="daily")
    with refused("subscribed"):
        execution.subscribe(by=company.support, kind="daily")
    execution.subscribe(by=company.support, kind="monthly")
    execution.unsubscribe(subscription, by=company.support)
    assert execution.subscribe(by=company.support, kind="daily").status == "active"


def test_an_administrator_subscribes_colleagues_who_may_see_reports(company: Company) -> None:
    keeper = company.world.person("keeper", "administrator")
    cashier, clerk = reader(company, "cashier", "finance"), reader(company, "clerk2", "counter")
    subscription = execution.subscribe_colleague(by=keeper, user=cashier, kind="monthly")
    assert subscription.user == cashier
    with refused("may_not_see"):
        execution.subscribe_colleague(by=keeper, user=clerk, kind="monthly")
    with pytest.raises(Subscription.DoesNotExist):  # a colleague's is not his to see
        execution.unsubscribe(subscription, by=company.support)
    execution.unsubscribe(subscription, by=keeper)
    assert Subscription.objects.get().status == "ended"
