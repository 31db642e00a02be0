"""An order is paid as its contract says that is in force: the counter goes by what was signed (KC 5.1.11.1)."""

from datetime import date
from typing import Any

from crm.accounts.models import User
from crm.actions import ACTIONS
from customers.models import Customer
from orders.contracts import actions as contracts
from orders.contracts.actions import follow_terms
from orders.contracts.models import Contract, Supplement
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from tests.contracts.conftest import FORM, Company
from tests.world import HANDED, refused


def order_of(contract: Contract) -> Order:
    return Order.objects.get(pk=contract.order_id)


def test_the_order_is_paid_as_the_signed_contract_says(company: Company) -> None:
    contract = company.sent()
    assert (order_of(contract).payment_terms, contract.payment_terms) == ("credit", "prepay")
    Contract.objects.filter(pk=contract.pk).update(copy_at=contract.sent_at)
    contracts.mark_returned(Contract.objects.get(), by=company.support, signed_on=contract.sent_at.date())
    assert (order_of(contract).payment_terms, order_of(contract).payment_days) == ("prepay", 0)


def test_goods_of_a_contract_that_is_paid_first_do_not_leave_before_the_money(company: Company) -> None:
    order = company.world.ready()
    Order.objects.filter(pk=order.pk).update(owner=company.seller)
    company.in_force(order=Order.objects.get(pk=order.pk))
    window = company.world.window()
    found = pickup.plan_pickup(Order.objects.get(), by=company.world.root, window=window, notify=True)
    with refused("unpaid"):
        pickup.hand_over(Pickup.objects.get(pk=found.pk), by=company.world.root, **HANDED)


def test_terms_that_are_agreed_anew_are_the_orders(company: Company) -> None:
    contract = company.in_force()
    trusted_with(contract, 30)
    supplement = credit_of(company, contract, 30)
    ACTIONS["contracts.ask_apply_supplement"](supplement, by=company.seller)
    assert order_of(contract).payment_terms == "prepay"
    company.sign(company.boss)
    assert Supplement.objects.get().status == "applied"
    assert (order_of(contract).payment_terms, order_of(contract).payment_days) == ("credit", 30)


def trusted_with(contract: Contract, days: int) -> None:
    """The customer's own terms are so many days on account."""
    Customer.objects.filter(pk=contract.customer_id).update(payment_terms="credit", payment_days=days)


def credit_of(company: Company, contract: Contract, days: int, **facts: Any) -> Supplement:
    """A draft by which the contract is paid so many days after the goods."""
    return contracts.draft_supplement(
        Contract.objects.get(pk=contract.pk),
        by=company.seller,
        why="客户申请账期",
        agreed="微信",
        effective_on=contract.signed_on,
        payment_terms="credit",
        payment_days=days,
        **facts,
    )


def test_a_regular_contract_grants_no_kinder_terms_than_the_customers_own(company: Company) -> None:
    contract = company.classified("regular")
    with refused("terms_too_kind") as caught:
        contracts.fill_in_form(contract, by=company.seller, **{**FORM, "payment_terms": "credit", "payment_days": 1})
    assert "finance" in caught.value.remedy
    filled = {**FORM, "payment_terms": "credit", "payment_days": 0}
    contract = contracts.fill_in_form(contract, by=company.seller, **filled)
    Contract.objects.update(payment_days=60)  # by an import, or an edit in the back office
    with refused("terms_too_kind"):
        ACTIONS["contracts.ask_pass_contract"](Contract.objects.get(), by=company.seller)
    trusted_with(contract, 60)
    assert ACTIONS["contracts.ask_pass_contract"](Contract.objects.get(), by=company.seller).status == "waiting"


def test_finance_judges_the_terms_of_a_special_contract(company: Company) -> None:
    contract = company.filled("special", payment_terms="credit", payment_days=60)
    assert (contract.payment_terms, contract.payment_days) == ("credit", 60)


def test_what_the_order_has_already_may_be_signed(company: Company) -> None:
    order = company.order()
    Customer.objects.filter(pk=order.customer_id).update(payment_terms="prepay", payment_days=0)
    contract = company.filled("regular", order, payment_terms="credit")
    assert contract.payment_terms == "credit"


def test_a_supplement_grants_no_kinder_terms_either(company: Company) -> None:
    contract = company.in_force()
    with refused("terms_too_kind"):
        credit_of(company, contract, 30)
    trusted_with(contract, 30)
    supplement = credit_of(company, contract, 30)
    trusted_with(contract, 15)  # his credit was decided anew meanwhile
    with refused("terms_too_kind"):
        ACTIONS["contracts.ask_apply_supplement"](supplement, by=company.seller)
    other = {"why": "改地点", "agreed": "微信", "effective_on": contract.signed_on, "place": "成都市"}
    revised = contracts.revise_supplement(Supplement.objects.get(), by=company.seller, **other)
    assert list(revised.terms) == ["place"]


def test_other_days_move_the_day_by_which_a_delivered_order_is_to_be_paid(company: Company) -> None:
    contract = company.in_force()
    trusted_with(contract, 60)
    order = order_of(contract)
    delivered = {"status": "collected", "payment_terms": "credit", "payment_days": 30, "due_on": date(2026, 12, 23)}
    Order.objects.filter(pk=order.pk).update(**delivered)
    by = User.objects.system("contracts")
    assert follow_terms(order_of(contract), by=by, payment_terms="credit", payment_days=45).due_on == date(2027, 1, 7)
    assert follow_terms(order_of(contract), by=by, payment_terms="prepay", payment_days=0).due_on is None
    assert follow_terms(order_of(contract), by=by, payment_terms="credit", payment_days=10).due_on == date(2026, 12, 3)
    Order.objects.filter(pk=order.pk).update(status="accepted", due_on=None)
    assert follow_terms(order_of(contract), by=by, payment_terms="credit", payment_days=45).due_on is None


def test_nobody_changes_an_orders_terms_so(company: Company) -> None:
    order = company.order()
    with refused("by_itself"):
        follow_terms(order, by=company.world.root, payment_terms="prepay", payment_days=0)
