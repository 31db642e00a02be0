"""The demonstration's receivables: invoices of every age, money matched, overpaid and unknown, customers reminded."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from crm.reports.demo import Demo, Story, chapter
from customers.models import Customer
from orders import actions as order_verbs
from orders import demo as tale
from orders.models import Order, OrderType
from orders.payments import actions as verbs
from orders.payments.first_steps import make
from orders.payments.models import BankAccount, Dunning, DunningStep, Invoice, Receipt
from orders.payments.nightly import propose_steps
from orders.payments.reminding import addressee

# Days overdue of what the books of before brought along, the oldest first; what is negative is not due yet.
AGES = (118, 96, 74, 52, 47, 38, 29, 21, 16, 12, 8, 4, 1, -6, -12, -20)
ENTERED = 42  # working hours ago: the opening balances
REMINDED = 13  # working hours ago: the first morning after them


@chapter(55, "receivables")
def receivables(demo: Demo) -> Iterator[Story]:
    """Opening balances, the bank's lines, and the reminders that follow."""
    yield Story("bank-account", demo.now - timedelta(days=700), _account)
    yield Story("opening-balances", demo.ago(ENTERED), partial(_balances, demo))
    for number, tell in enumerate((_paid, _overpaid, _in_part, _unknown, _named)):
        moment = demo.ago(20 - 4 * number)
        yield Story(f"receipt-{number}", moment, partial(tell, demo, number))
    yield Story("reminders", demo.ago(REMINDED), partial(_remind, demo))
    yield Story("reminders-now", demo.ago(1.5), _propose)


def _account() -> None:
    make(DunningStep)  # a database that was made without its migrations has none
    BankAccount.objects.create(name="工行基本户", bank="中国工商银行重庆渝北支行", number="3100021209200123456")


def _account_of_demo() -> BankAccount:
    return BankAccount.objects.get(name="工行基本户")


def _balances(demo: Demo) -> None:
    """An ERP's open invoices, taken over with the orders that they are about: support the orders, finance the money."""
    support, finance = demo.people("sales_support")[0], demo.people("finance")[0]
    kind = OrderType.objects.get(code="standard")
    ages = AGES[:: 1 if demo.scale >= 1 else 3]
    chance = demo.random("opening-balances")
    for number, age in enumerate(ages):
        customer = tale.buyer(demo, chance, Customer.Terms.CREDIT)
        due_on = demo.today - timedelta(days=age)
        issued_on = min(due_on, demo.today - timedelta(days=12)) - timedelta(days=30)
        order = order_verbs.take_over_order(
            by=support,
            history=True,
            customer=customer,
            type=kind,
            contact=None,
            reference=f"ERP-{issued_on:%y%m}-{number + 101}",
            ordered_on=issued_on - timedelta(days=9),
            wanted_on=issued_on - timedelta(days=2),
            lines=tale.some_lines(demo, chance, 2),
        )
        verbs.enter_invoice(
            by=finance,
            order=order,
            number=f"245020000000{31500000 + 137 * number}",
            amount=order.total,
            tax=order.tax,
            issued_on=issued_on,
            due_on=due_on,
            reference="期初余额",
        )


def _open(number: int) -> Invoice | None:
    """One of the open invoices of the opening balances that nothing was told of yet, the youngest first."""
    rows = Invoice.objects.open().filter(kind=Invoice.Kind.OPENING, paid=0, order__matches=None)
    rows = rows.select_related("order__customer")
    return rows.order_by("-due_on", "pk")[number : number + 1].first()


def _receive(demo: Demo, number: int, amount: Decimal, **facts: Any) -> Receipt:
    return verbs.enter_receipt(
        by=demo.people("finance")[0],
        received_on=demo.calendar.day_of(demo.ago(20 - 4 * number)),
        amount=amount,
        account=_account_of_demo(),
        serial=f"2026{8800137 + 911 * number}",
        **facts,
    )


def _match(demo: Demo, receipt: Receipt, order: Order, amount: Decimal) -> None:
    verbs.match_receipt(receipt, by=demo.people("finance")[0], lines=[{"order": order, "amount": amount}])


def _paid(demo: Demo, number: int) -> None:
    if invoice := _open(2):
        customer, amount = invoice.customer, invoice.open_amount
        receipt = _receive(demo, number, amount, payer_name=customer.name, remark=f"货款 {invoice.order.number}")
        _match(demo, receipt, invoice.order, amount)


def _overpaid(demo: Demo, number: int) -> None:
    if invoice := _open(2):
        amount = invoice.open_amount
        receipt = _receive(demo, number, amount + 500, payer_name=invoice.customer.name, remark="货款及预付")
        _match(demo, receipt, invoice.order, amount)


def _in_part(demo: Demo, number: int) -> None:
    if invoice := _open(3):
        amount = (invoice.open_amount / 2).quantize(Decimal("0.01"))
        receipt = _receive(demo, number, amount, payer_name=invoice.customer.name, remark="先付一半")
        _match(demo, receipt, invoice.order, amount)


def _unknown(demo: Demo, number: int) -> None:
    _receive(
        demo,
        number,
        Decimal("36000.00"),
        payer_name="重庆两江汇诚投资管理中心（有限合伙）",
        payer_account="6222021203004512877",
        remark="往来款",
    )


def _named(demo: Demo, number: int) -> None:
    if invoice := _open(0):
        _receive(
            demo,
            number,
            invoice.open_amount,
            payer_name=invoice.customer.name,
            remark=f"付{invoice.number}发票款，订单{invoice.order.number}",
        )


def _propose() -> None:
    propose_steps()


def _remind(demo: Demo) -> None:
    """The morning proposes; one is written to, one promises on the phone in vain, one gets the formal letter."""
    propose_steps()
    finance = demo.people("finance")[0]
    cases = list(Dunning.objects.filter(status=Dunning.Status.OPEN, step__isnull=False).select_related("step"))
    by_owner = [each for each in cases if each.step and each.step.who == DunningStep.Who.OWNER and each.owner_id]
    by_finance = [each for each in cases if each not in by_owner]
    for case in by_owner[:1]:
        owner, contact = demo.user(case.owner_id), addressee(case)
        with demo.at(demo.ago(REMINDED - 3)):
            if contact is not None and contact.email:
                verbs.send_reminder(case, by=owner, contact=contact)
            else:
                verbs.note_call(case, by=owner, said="已提醒，对方财务核对后付款。")
    for case in by_owner[1:2]:
        owner = demo.user(case.owner_id)
        with demo.at(demo.ago(REMINDED - 5)):
            promised = demo.calendar.day_of(demo.ago(8))
            verbs.note_call(case, by=owner, said="王总答应尽快安排，承诺日期前到账。", promised_on=promised)
    for case in by_finance[:1]:
        with demo.at(demo.ago(REMINDED - 6)):
            verbs.write_letter(case, by=finance)
