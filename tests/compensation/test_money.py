"""What a compensation and a discount make of an order's money, to the fen (KC 5.2.3.3)."""

from decimal import Decimal

import pytest

from complaints.models import Complaint
from crm.accounts.models import User
from orders import actions as orders
from orders.exposure import owed_sums
from orders.leaving import shortfall
from orders.models import OVERPAID, Allowance, Line, Order
from orders.payments.models import Invoice
from orders.payments.spreading import disagreements
from pickup.settlement import actions as settlement
from pickup.settlement.actions.stating import settle_order
from pickup.settlement.models import Statement
from tests.compensation.conftest import Desk, figures
from tests.settlement.conftest import MEMO
from tests.world import refused

AMOUNT = Decimal("120.00")
SYSTEM = "complaints"


def compensated(desk: Desk, complaint: Complaint) -> Order:
    """The complaint's order, once 120.00 of compensation are agreed on by both."""
    desk.in_force(desk.decided("compensation", complaint=complaint, amount=AMOUNT, compensation="补偿返工费"))
    return desk.order(complaint)


def test_nothing_is_taken_off_before_both_have_signed(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT)
    before = {"total": "1280.00", "due": "1280.00", "paid": "0.00", "open_amount": "1280.00", "invoices": "0.00"}
    assert figures(desk.order(complaint)) == before
    desk.sealed(complaint)
    assert figures(desk.order(complaint)) == before
    assert not Allowance.objects.exists()


def test_an_agreement_in_force_takes_its_amount_off(desk: Desk) -> None:
    order = compensated(desk, desk.found())
    after = {"total": "1280.00", "due": "1160.00", "paid": "0.00", "open_amount": "1160.00", "invoices": "0.00"}
    assert figures(order) == after
    [allowance] = Allowance.objects.filter(order=order)
    assert (allowance.amount, allowance.agreed_by, allowance.reference) == (AMOUNT, "王小明", "BC2026-000001")
    assert allowance.granted_by == User.objects.system(SYSTEM)
    assert owed_sums([order.customer_id]) == {order.customer_id: Decimal("1160.00")}


def test_a_paid_order_is_overpaid_by_the_compensation(desk: Desk) -> None:
    complaint = desk.found()
    desk.pay(desk.order(complaint), "1280.00")
    assert not Order.objects.filter(OVERPAID).exists()
    order = compensated(desk, complaint)
    assert figures(order) == {
        "total": "1280.00",
        "due": "1160.00",
        "paid": "1280.00",
        "open_amount": "-120.00",
        "invoices": "0.00",
    }
    assert list(Order.objects.filter(OVERPAID)) == [order]


def test_goods_that_are_stated_later_are_stated_with_what_was_taken_off(desk: Desk) -> None:
    order = compensated(desk, desk.found())
    assert not Statement.objects.exists()
    statement = desk.reconciled(order)
    assert (statement.total, statement.status) == (Decimal("1160.00"), "reconciled")
    goods, off = statement.lines.order_by("position")
    assert (goods.amount, off.amount, off.quantity) == (Decimal("1280.00"), Decimal("-120.00"), Decimal(0))
    assert off.tax == -Decimal("13.81")  # 13 % within 120.00
    assert (off.source, off.is_amount, goods.is_amount) == ("BC2026-000001", True, False)
    desk.invoiced(statement)
    assert figures(order) == {
        "total": "1280.00",
        "due": "1160.00",
        "paid": "0.00",
        "open_amount": "1160.00",
        "invoices": "1160.00",
    }
    assert desk.fresh(order).settled == Decimal("1160.00")


def test_where_an_invoice_is_out_a_red_one_is_asked_for(desk: Desk) -> None:
    complaint = desk.found()
    order = desk.order(complaint)
    desk.invoiced(desk.reconciled(order))
    assert figures(order)["invoices"] == "1280.00"
    order = compensated(desk, complaint)
    credit = Statement.objects.latest("pk")
    assert (credit.total, credit.status, credit.answered_by) == (Decimal("-120.00"), "reconciled", "王小明")
    assert figures(order) == {
        "total": "1280.00",
        "due": "1160.00",
        "paid": "0.00",
        "open_amount": "1160.00",
        "invoices": "1280.00",
    }
    memo = desk.invoiced(credit, "26502000000087654321")
    assert memo.is_credit
    red = Invoice.objects.get(number="26502000000087654321")
    assert (red.amount, red.status) == (Decimal("-120.00"), "credit")
    assert figures(order)["invoices"] == "1160.00"
    assert desk.fresh(order).settled == Decimal("1160.00")
    assert disagreements() == []


def test_a_paid_invoice_and_its_red_one_leave_the_customer_in_credit(desk: Desk) -> None:
    complaint = desk.found()
    order = desk.order(complaint)
    desk.invoiced(desk.reconciled(order))
    desk.pay(order, "1280.00")
    order = compensated(desk, complaint)
    desk.invoiced(Statement.objects.latest("pk"), "26502000000087654321")
    assert figures(order) == {
        "total": "1280.00",
        "due": "1160.00",
        "paid": "1280.00",
        "open_amount": "-120.00",
        "invoices": "0.00",
    }
    assert disagreements() == []


def test_an_open_statement_is_made_anew_with_what_was_taken_off(desk: Desk) -> None:
    complaint = desk.found()
    statement = settlement.make_statement(desk.order(complaint), by=desk.world.root)
    order = compensated(desk, complaint)
    assert Statement.objects.with_staleness().get(pk=statement.pk).stale
    with refused("changed_since"):
        settlement.send_statement(desk.fresh(statement), by=desk.world.root)
    new = settlement.revise_statement(desk.fresh(statement), by=desk.world.root)
    assert (new.total, new.status) == (Decimal("1160.00"), "draft")
    assert figures(order)["due"] == "1160.00"


def test_a_voided_invoice_leaves_what_was_taken_off(desk: Desk) -> None:
    complaint = desk.found()
    order = desk.order(complaint)
    memo = settlement.fill_in_memo(desk.reconciled(order), by=desk.world.root, **MEMO)
    order = compensated(desk, complaint)
    settlement.refuse_memo(memo, by=desk.cashier, reason="税号有误")
    assert desk.fresh(order).settled is None
    assert figures(order)["due"] == "1160.00"


def test_what_is_taken_off_is_spread_over_the_lines_to_the_fen(desk: Desk) -> None:
    complaint = desk.found()
    order = desk.order(complaint)
    line = order.lines.get()
    for position in (2, 3):
        Line.objects.create(
            order=order,
            position=position,
            product=line.product,
            unit=line.unit,
            quantity=1,
            factor=1,
            price=Decimal("640.00"),
            tax_rate=line.tax_rate,
            amount=Decimal("640.00"),
            tax=Decimal("73.63"),
            collected=1,
        )
    Order.objects.filter(pk=order.pk).update(total=Decimal("2560.00"))
    by = User.objects.system(SYSTEM)
    given = {"reason": "补偿", "reference": "BC1"}
    orders.grant_allowance(desk.order(complaint), by=by, amount=Decimal("100.01"), **given)
    statement = settlement.make_statement(desk.order(complaint), by=desk.world.root)
    off = statement.lines.exclude(allowance=None).order_by("position")
    assert [each.amount for each in off] == [Decimal("-50.01"), Decimal("-25.00"), Decimal("-25.00")]


def test_a_discount_is_taken_off_as_soon_as_the_plan_is_approved(desk: Desk) -> None:
    complaint = desk.decided("discount", amount=Decimal("64.00"))
    assert figures(desk.order(complaint)) == {
        "total": "1280.00",
        "due": "1216.00",
        "paid": "0.00",
        "open_amount": "1216.00",
        "invoices": "0.00",
    }
    discount = complaint.discounts.get()
    assert (discount.due_before, discount.allowance.reference) == (Decimal("1280.00"), complaint.number)
    assert desk.finish(complaint).status == "carried_out"


def test_goods_paid_first_leave_when_the_rest_after_the_discount_is_paid(desk: Desk) -> None:
    order = desk.world.ready(customer=desk.world.customer)
    Order.objects.filter(pk=order.pk).update(payment_terms="prepay")
    order = desk.fresh(order)
    line = order.lines.get()
    given = {"amount": Decimal("280.00"), "reason": "迟交", "reference": "TS1"}
    assert shortfall(order, {line.pk: Decimal(10)}).amount == Decimal("1280.00")
    orders.grant_allowance(order, by=User.objects.system(SYSTEM), **given)
    assert shortfall(order, {line.pk: Decimal(10)}).amount == Decimal("1000.00")
    desk.pay(order, "1000.00")
    assert shortfall(desk.fresh(order), {line.pk: Decimal(10)}) is None


def test_more_than_the_order_costs_is_never_taken_off(desk: Desk) -> None:
    order = desk.order(desk.found())
    by = User.objects.system(SYSTEM)
    given = {"reason": "补偿", "reference": "BC1"}
    with refused("more_than_due"):
        orders.grant_allowance(order, by=by, amount=Decimal("1280.01"), **given)
    orders.grant_allowance(order, by=by, amount=Decimal("1280.00"), **given)
    assert figures(order)["due"] == "0.00"
    with refused("more_than_due"):
        orders.grant_allowance(desk.fresh(order), by=by, amount=Decimal("0.01"), **given)


def test_what_was_taken_off_is_charged_again_once(desk: Desk) -> None:
    order, by = desk.order(desk.found()), User.objects.system(SYSTEM)
    desk.invoiced(desk.reconciled(order))
    given = {"amount": AMOUNT, "reason": "补偿", "reference": "BC1"}
    allowance = orders.grant_allowance(desk.fresh(order), by=by, **given)
    orders.reverse_allowance(allowance, by=by, reason="方案变更")
    assert figures(order)["due"] == "1280.00"
    totals = Statement.objects.order_by("pk").values_list("total", flat=True)
    assert list(totals) == [Decimal("1280.00"), Decimal("-120.00"), Decimal("120.00")]
    with refused("taken_back"):
        orders.reverse_allowance(desk.fresh(allowance), by=by, reason="再次")


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_nothing_is_taken_off_what_nobody_pays(desk: Desk, status: str) -> None:
    order = desk.world.new_order()
    Order.objects.filter(pk=order.pk).update(status=status)
    given = {"amount": AMOUNT, "reason": "补偿", "reference": "BC1"}
    with refused("not_reducible"):
        orders.grant_allowance(desk.fresh(order), by=User.objects.system(SYSTEM), **given)


def test_a_settled_order_is_settled_at_less(desk: Desk) -> None:
    order = desk.order(desk.found())
    desk.reconciled(order)
    assert desk.fresh(order).settled == Decimal("1280.00")
    with refused("settled"):
        settle_order(desk.fresh(order), by=desk.world.root)
    given = {"amount": AMOUNT, "reason": "补偿", "reference": "BC1"}
    orders.grant_allowance(desk.fresh(order), by=User.objects.system(SYSTEM), **given)
    assert desk.fresh(order).settled == Decimal("1160.00")
