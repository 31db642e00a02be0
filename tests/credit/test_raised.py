"""An order that was raised after its review is asked about again: by change, supplement, substitute, kinder terms."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm.actions import ACTIONS
from crm.approvals.models import ApprovalRequest, Task
from customers.credit import actions as credit
from customers.credit.models import Standing
from customers.models import Customer
from orders import actions as orders
from orders.changes import actions as changes
from orders.changes.models import Change
from orders.contracts import actions as contracts
from orders.contracts.models import Contract, Supplement
from orders.models import Order
from pickup import actions as pickup
from tests.contracts.conftest import FORM, Company, company, world
from tests.world import refused, scan

__all__ = ["company", "world"]

MORE = [{"position": 1, "quantity": Decimal(12)}]  # 1,536.00 instead of 1,280.00


@pytest.fixture(autouse=True)
def rated(company: Company) -> Iterator[None]:
    """The company rates its customers, and trusts this one with exactly what the order comes to."""
    credit.set_up_ratings(by=company.world.root)
    trust(company, "1280")
    yield


def trust(company: Company, limit: str) -> None:
    given = {"rating": "C", "limit": Decimal(limit), "valid_until": date(2026, 12, 31)}
    Standing.objects.update_or_create(customer=company.world.customer, defaults=given)


def confirmed(company: Company, **facts: Any) -> Order:
    return orders.confirm_order(company.order(**facts), by=company.seller, channel="phone")


def changed(company: Company, order: Order, **facts: Any) -> Change:
    """A change that the customer has signed."""
    given = {"wish": "customer", "why": "增量", "lines": MORE, **facts}
    change = changes.draft_change(order, by=company.seller, **given)
    return changes.record_confirmation(change, by=company.seller, paper=scan())


def allowed(company: Company) -> Order:
    """Credit is asked for on the order, and the sales manager and finance agree."""
    ACTIONS["orders.ask_allow_credit"](Order.objects.get(), by=company.seller, reason="年底冲量")
    for user in (company.boss, company.cashier):
        company.sign(user)
    return Order.objects.get()


def test_a_change_that_raises_the_total_beyond_the_limit_waits_for_credit(company: Company) -> None:
    change = changed(company, confirmed(company))
    with refused("findings") as caught:
        ACTIONS["changes.ask_apply_change"](change, by=company.seller)
    assert caught.value.sentence == (
        "With this order the limit of ¥1,280.00 is exceeded by ¥256.00; ¥0.00 is used without it."
    )
    assert caught.value.remedy == "Pay first, or ask for credit."
    order = allowed(company)
    assert (order.total, order.credit_allowed) == (Decimal("1280.00"), Decimal("1536.00"))
    said = {fact["key"]: fact["text"]["en"] for fact in ApprovalRequest.objects.get().question.wording}
    assert (said["total"], said["up_to"], said["beyond"]) == ("¥1,280.00", "¥1,536.00", "¥256.00")
    ACTIONS["changes.ask_apply_change"](Change.objects.get(), by=company.seller)
    company.sign(company.boss)
    assert (Change.objects.get().status, Order.objects.get().total) == ("applied", Decimal("1536.00"))


def test_a_later_rise_than_was_allowed_is_stopped_again_and_says_up_to_which_amount(company: Company) -> None:
    order = confirmed(company)
    change = changed(company, order)
    allowed(company)
    ACTIONS["changes.ask_apply_change"](change, by=company.seller)
    company.sign(company.boss)
    again = changed(company, Order.objects.get(), lines=[{"position": 1, "quantity": Decimal(13)}])
    with refused("findings") as caught:
        ACTIONS["changes.ask_apply_change"](again, by=company.seller)
    assert caught.value.sentence.endswith("Credit was allowed up to a total of ¥1,536.00; it comes to ¥1,664.00 now.")
    assert allowed(company).credit_allowed == Decimal("1664.00")


def test_a_change_that_raises_nothing_or_fits_is_asked_about_by_nobody(company: Company) -> None:
    order = confirmed(company)
    trust(company, "100")
    less = changed(company, order, lines=[{"position": 1, "quantity": Decimal(9)}])
    ACTIONS["changes.ask_apply_change"](less, by=company.seller)
    company.sign(company.boss)
    trust(company, "1536")
    ACTIONS["changes.ask_apply_change"](changed(company, Order.objects.get()), by=company.seller)
    company.sign(company.boss)
    assert Order.objects.get().total == Decimal("1536.00")


def test_what_is_used_up_while_a_change_is_decided_counts_when_it_is_applied(company: Company) -> None:
    trust(company, "1536")
    change = changed(company, confirmed(company))
    request = ACTIONS["changes.ask_apply_change"](change, by=company.seller)
    trust(company, "1500")
    company.sign(company.boss)
    request.refresh_from_db()
    assert (request.status, Change.objects.get().status) == ("failed", "confirmed")
    assert "is exceeded by ¥36.00" in request.problem
    assert Order.objects.get().total == Decimal("1280.00")


def test_an_order_that_is_paid_first_is_raised_without_a_question(company: Company) -> None:
    order = confirmed(company)
    Order.objects.filter(pk=order.pk).update(payment_terms="prepay")
    trust(company, "0")
    ACTIONS["changes.ask_apply_change"](changed(company, Order.objects.get()), by=company.seller)
    company.sign(company.boss)
    assert Order.objects.get().total == Decimal("1536.00")


def test_a_substitute_that_costs_more_than_he_is_trusted_with_is_not_agreed_on(company: Company) -> None:
    confirmed(company)
    short = pickup.check_stock(Order.objects.get(), by=company.world.root, warehouse=company.world.warehouse)
    other = company.world.new_product("P002")
    given = {"line": short.lines.get(), "product": other, "agreed": "电话"}
    with refused("findings") as caught:
        pickup.substitute(short, by=company.world.root, price=Decimal("130.00"), **given)
    assert "is exceeded by ¥20.00" in caught.value.sentence
    assert "by an order change" in caught.value.remedy
    order = pickup.substitute(Order.objects.get(), by=company.world.root, price=Decimal("128.00"), **given)
    assert (order.status, order.total) == ("confirmed", Decimal("1280.00"))


def test_a_supplement_that_raises_the_total_waits_for_credit(company: Company) -> None:
    contract = company.in_force(order=company.order())
    Order.objects.update(payment_terms="credit")
    Contract.objects.update(payment_terms="credit")
    given = {"why": "增量", "agreed": "微信", "effective_on": contract.signed_on, "lines": MORE}
    supplement = contracts.draft_supplement(Contract.objects.get(), by=company.seller, **given)
    with refused("findings"):
        ACTIONS["contracts.ask_apply_supplement"](supplement, by=company.seller)
    assert allowed(company).credit_allowed == Decimal("1536.00")
    ACTIONS["contracts.ask_apply_supplement"](Supplement.objects.get(), by=company.seller)
    company.sign(company.boss)
    assert (Supplement.objects.get().status, Order.objects.get().total) == ("applied", Decimal("1536.00"))


def test_a_contract_on_account_for_an_order_that_is_paid_first_is_judged_before_its_review(company: Company) -> None:
    order = company.order()
    Order.objects.filter(pk=order.pk).update(payment_terms="prepay")
    trust(company, "1000")
    contract = company.filled("regular", Order.objects.get(), payment_terms="credit")
    with refused("findings") as caught:
        ACTIONS["contracts.ask_pass_contract"](contract, by=company.seller)
    assert "is exceeded by ¥280.00; ¥0.00 is used without it" in caught.value.sentence
    assert allowed(company).credit_allowed == Decimal("1280.00")
    ACTIONS["contracts.ask_pass_contract"](Contract.objects.get(), by=company.seller)
    company.sign(company.boss)
    made = contracts.make_contract(Contract.objects.get(), by=company.support)
    sent = contracts.send_contract(made, by=company.seller)
    contracts.mark_returned(sent, by=company.support, signed_on=sent.sent_at.date(), scan=scan())
    assert Order.objects.get().payment_terms == "credit"


def test_a_limit_that_was_lowered_meanwhile_stops_a_contract_that_is_signed_on_account(company: Company) -> None:
    order = company.order()
    Order.objects.filter(pk=order.pk).update(payment_terms="prepay")
    contract = company.filled("regular", Order.objects.get(), payment_terms="credit")
    ACTIONS["contracts.ask_pass_contract"](contract, by=company.seller)
    company.sign(company.boss)
    made = contracts.make_contract(Contract.objects.get(), by=company.support)
    sent = contracts.send_contract(made, by=company.seller)
    trust(company, "1000")
    with refused("findings"):
        contracts.mark_returned(sent, by=company.support, signed_on=sent.sent_at.date(), scan=scan())
    allowed(company)
    contracts.mark_returned(Contract.objects.get(), by=company.support, signed_on=sent.sent_at.date(), scan=scan())
    assert (Contract.objects.get().status, Order.objects.get().payment_terms) == ("in_force", "credit")


def test_stricter_terms_are_followed_whatever_the_limit(company: Company) -> None:
    sent = company.sent(order=company.order())
    trust(company, "0")
    contracts.mark_returned(sent, by=company.support, signed_on=sent.sent_at.date(), scan=scan())
    assert (FORM["payment_terms"], Order.objects.get().payment_terms) == ("prepay", "prepay")
    assert not Task.objects.filter(status="waiting").exists()
    assert Customer.objects.get(pk=sent.customer_id).payment_terms == "credit"


def kinder_and_less(company: Company, days: int = 30) -> Contract:
    """A contract that is paid first, and a draft by which six pieces of ten are paid so many days later."""
    contract = company.in_force(order=company.order())
    assert Order.objects.get().payment_terms == "prepay"
    Customer.objects.filter(pk=contract.customer_id).update(payment_terms="credit", payment_days=days)
    lines = [{"position": 1, "quantity": Decimal(6)}]
    given = {"why": "减量", "agreed": "微信", "effective_on": contract.signed_on, "lines": lines}
    terms = {"payment_terms": "credit", "payment_days": days}
    contracts.draft_supplement(Contract.objects.get(), by=company.seller, **given, **terms)
    return contract


def test_kinder_terms_are_judged_by_the_total_that_is_agreed_with_them(company: Company) -> None:
    kinder_and_less(company)
    trust(company, "768")
    ACTIONS["contracts.ask_apply_supplement"](Supplement.objects.get(), by=company.seller)
    company.sign(company.boss)
    order = Order.objects.get()
    assert (Supplement.objects.get().status, order.payment_terms, order.total) == (
        "applied",
        "credit",
        Decimal("768.00"),
    )


def test_kinder_terms_are_still_asked_about_when_they_are_applied(company: Company) -> None:
    kinder_and_less(company)
    trust(company, "768")
    request = ACTIONS["contracts.ask_apply_supplement"](Supplement.objects.get(), by=company.seller)
    trust(company, "767.99")
    company.sign(company.boss)
    request.refresh_from_db()
    assert (request.status, Supplement.objects.get().status) == ("failed", "drafted")
    assert (Order.objects.get().payment_terms, Order.objects.get().total) == ("prepay", Decimal("1280.00"))


def test_whoever_decides_on_credit_reads_that_the_terms_are_to_be_others(company: Company) -> None:
    kinder_and_less(company, days=45)
    trust(company, "500")
    ACTIONS["orders.ask_allow_credit"](Order.objects.get(), by=company.seller, reason="年底冲量")
    said = {fact["key"]: fact["text"] for fact in ApprovalRequest.objects.latest("pk").question.wording}
    assert (said["terms"]["en"], said["up_to"]["en"]) == ("On account, 45 days", "¥768.00")
    for user in (company.boss, company.cashier):
        company.sign(user)
    assert Order.objects.get().credit_allowed == Decimal("768.00")
