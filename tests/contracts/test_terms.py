"""An order is paid as its contract says that is in force: the counter goes by what was signed (KC 5.1.11.1)."""

from crm.actions import ACTIONS
from orders.contracts import actions as contracts
from orders.contracts.actions import follow_terms
from orders.contracts.models import Contract, Supplement
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from tests.contracts.conftest import Company
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
    supplement = contracts.draft_supplement(
        contract,
        by=company.seller,
        why="客户申请账期",
        agreed="微信",
        effective_on=contract.signed_on,
        payment_terms="credit",
        payment_days=30,
    )
    ACTIONS["contracts.ask_apply_supplement"](supplement, by=company.seller)
    assert order_of(contract).payment_terms == "prepay"
    company.sign(company.boss)
    assert Supplement.objects.get().status == "applied"
    assert (order_of(contract).payment_terms, order_of(contract).payment_days) == ("credit", 30)


def test_nobody_changes_an_orders_terms_so(company: Company) -> None:
    order = company.order()
    with refused("by_itself"):
        follow_terms(order, by=company.world.root, payment_terms="prepay", payment_days=0)
