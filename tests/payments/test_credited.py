"""What a credit note takes off a debt counts in all that is said of the debt."""

from datetime import date, timedelta
from decimal import Decimal

from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.sweep import sweep
from orders import actions as orders
from orders.lists import ORDERS
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import Dunning, Invoice
from pickup import actions as pickup
from tests.payments.conftest import Company
from tests.payments.test_dunning import case, promised
from tests.payments.test_overdue import hand_over, on_account, overdue
from tests.world import shanghai


def credit(company: Company, order: Order, amount: str, number: str = "FP-RED") -> Invoice:
    given = {"number": number, "amount": Decimal(amount), "kind": "special", "issued_on": clock.today()}
    return payments.enter_invoice(by=company.cashier, order=Order.objects.get(pk=order.pk), **given)


def test_goods_that_left_again_after_a_credit_are_overdue_by_the_order_until_they_are_invoiced(
    company: Company,
) -> None:
    order, customer = on_account(company, 10), company.world.customer
    taken = hand_over(company, order, "10")
    company.invoice("1280.00", order=Order.objects.get())
    pickup.reverse_later(taken, by=company.world.root, reason="车辆装错")
    credit(company, order, "-1280.00")
    hand_over(company, order, "10")
    with clock.at(clock.now() + timedelta(days=11)):
        assert overdue(customer) == Decimal("1280.00")


def test_what_was_credited_keeps_a_promise(company: Company) -> None:
    promised(company, "1500.00", 9, 5)
    first, second = Invoice.objects.order_by("due_on")
    with clock.at(shanghai(25, 9)):
        company.match(company.receipt("1280.00"), (first.order, "1280.00"))
        credit(company, second.order, "-219.99", "FP-RED1")
        assert case().promised_on == date(2026, 11, 27)
        credit(company, second.order, "-0.01", "FP-RED2")
        assert case().promised_on is None
        assert Deadline.objects.get(rule="payment.promise").outcome == Deadline.Outcome.MET
    with clock.at(shanghai(28, 9)):
        sweep()
    assert Dunning.objects.get().broken == 0


def test_a_credit_note_from_before_keeps_no_promise(company: Company) -> None:
    earlier = company.invoice("1280.00")
    credit(company, earlier.order, "-1000.00")
    with clock.at(clock.now() + timedelta(minutes=1)):
        promised(company, "1000.00", 9)
        late = Invoice.objects.order_by("due_on").first()
        assert late is not None
        orders.enter_payment(late.order, by=company.cashier, amount=Decimal("10.00"))
        assert case().promised_on == date(2026, 11, 27)


def test_who_paid_beyond_what_an_order_costs_is_found(company: Company) -> None:
    paid, more, given_up, open_ = (company.order() for _each in range(4))
    for order, amount in ((paid, "1280.00"), (more, "1280.01"), (given_up, "0.01"), (open_, "1.00")):
        orders.enter_payment(Order.objects.get(pk=order.pk), by=company.cashier, amount=Decimal(amount))
    orders.cancel_order(Order.objects.get(pk=given_up.pk), by=company.seller, reason="客户不要了")
    assert found(company) == {more.pk, given_up.pk}
    Order.objects.filter(pk=paid.pk).update(settled=Decimal("896.00"))
    assert found(company) == {paid.pk, more.pk, given_up.pk}


def found(company: Company) -> set[int]:
    tab = next(each for each in ORDERS.tabs if each.key == "overpaid")
    return set(
        Order.objects.visible_to(company.cashier).filter(tab.where(company.cashier)).values_list("pk", flat=True)
    )
