"""A contract in force holds its order: nobody changes or cancels it past the customer's word (KC 5.1.10)."""

from datetime import date
from decimal import Decimal

from crm.accounts.models import User
from orders import actions as orders
from orders.contracts import actions as contracts
from orders.contracts.models import Contract
from orders.models import Line, Order
from pickup import actions as pickup
from pickup.stock.models import Reservation
from tests.contracts.conftest import Company
from tests.world import refused, scan

OS = Order.Status


def bound(company: Company) -> Order:
    """An order that is accepted, and whose contract is in force."""
    return Order.objects.get(pk=company.in_force().order_id)


def short(company: Company) -> Order:
    """One whose goods are not there."""
    order = orders.confirm_order(bound(company), by=company.seller, channel="phone")
    return pickup.check_stock(order, by=company.world.root, warehouse=company.world.warehouse)


def test_an_application_is_not_revised_past_its_contract(company: Company) -> None:
    line = {"product": company.world.product, "unit": company.world.piece, "factor": Decimal(1)}
    sent = company.sent()
    order = Order.objects.get(pk=sent.order_id)
    assert orders.revise_order.refusal(order, company.seller) is None  # nothing is signed yet
    contracts.mark_returned(sent, by=company.support, signed_on=date(2026, 11, 23), scan=scan())
    with refused("contract_in_force"):
        orders.revise_order(order, by=company.seller, lines=[{**line, "quantity": Decimal(20)}])
    assert Line.objects.get().quantity == Decimal(10)


def test_no_substitute_and_no_later_date_past_the_contract(company: Company) -> None:
    order = short(company)
    other = company.world.new_product("P002")
    with refused("contract_in_force"):
        pickup.substitute(order, by=company.world.root, line=order.lines.get(), product=other, agreed="电话")
    with refused("contract_in_force"):
        pickup.agree_later(order, by=company.world.root, wanted_on=date(2026, 12, 10), agreed="电话")
    assert (Order.objects.get().wanted_on, Line.objects.get().product) == (date(2026, 12, 3), company.world.product)


def test_an_order_is_not_cancelled_past_its_contract(company: Company) -> None:
    order = bound(company)
    with refused("contract_in_force") as caught:
        orders.cancel_order(order, by=company.seller, reason="客户取消")
    assert "CT2026-000001" in caught.value.sentence and "a change of the order" in caught.value.remedy
    actor = User.objects.system("changes")  # an agreed change cancels both
    assert orders.cancel_order(order, by=actor, reason="OC2026-000001").status == OS.CANCELLED


def test_goods_that_lie_ready_are_not_called_off_past_the_contract(company: Company) -> None:
    company.world.receive()
    order = short(company)
    assert order.status == OS.READY
    with refused("contract_in_force"):
        pickup.call_off(order, by=company.world.root, reason="客户取消")
    assert Reservation.objects.count() == 1


def test_nothing_is_shipped_of_a_cancelled_order(company: Company) -> None:
    order = bound(company)
    orders.cancel_order(order, by=User.objects.system("changes"), reason="OC2026-000001")
    with refused("order_gone"):
        contracts.arrange_shipment(
            Contract.objects.get(), by=company.seller, said="周五", transport="渝A1", ships_on=date(2026, 12, 3)
        )
