"""Money at the same moment: nothing is used twice, nothing is paid twice, and balances are the sum of their rows."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from crm import clock
from crm.exchange.actions import check_import, map_import, run_import, upload_import
from crm.exchange.models import Import
from crm.exchange.tasks import work_on_import
from orders import actions as orders
from orders.models import Order, Payment
from orders.payments import actions as payments
from orders.payments.models import BankAccount, Invoice, Match, Receipt
from orders.payments.spreading import disagreements
from tests.races.conftest import at_once
from tests.world import World

SIX = 6


def receipt_of(world: World, amount: str, **facts: Any) -> Receipt:
    given = {"received_on": clock.today(), "payer_name": "晨光", "remark": "货款", "again": True, **facts}
    return payments.enter_receipt(by=world.root, amount=Decimal(amount), **given)


def match(receipt: Receipt, order: Order, amount: str, world: World) -> Any:
    root = world.root

    def run() -> Any:
        lines = [{"order": Order.objects.get(pk=order.pk), "amount": Decimal(amount)}]
        return payments.match_receipt(Receipt.objects.get(pk=receipt.pk), by=root, lines=lines)

    return run


def consistent(*targets: Order) -> None:
    """Every sum is the sum of its rows."""
    for receipt in Receipt.objects.all():
        used = sum((each.amount for each in receipt.matches.filter(taken_back_at=None)), Decimal(0))
        assert receipt.matched == used <= receipt.amount
    for order in targets:
        order.refresh_from_db()
        assert order.paid == sum((each.amount for each in Payment.objects.filter(order=order)), Decimal(0))
    assert disagreements() == []


def test_one_receipt_in_six_hands_is_used_once(world: World) -> None:
    receipt = receipt_of(world, "1000.00")
    targets = [world.accepted() for _number in range(SIX)]
    answers = at_once(*[match(receipt, order, "400.00", world) for order in targets])
    assert len([each for each in answers if isinstance(each, Receipt)]) == 2
    assert answers.count("more_than_left") == SIX - 2
    assert Match.objects.count() == 2
    consistent(*targets)


def test_one_order_paid_by_six_receipts_is_not_paid_too_much(world: World) -> None:
    order = world.accepted()
    payments.enter_invoice(by=world.root, order=order, number="FP-1", amount=Decimal("1280.00"))
    receipts = [receipt_of(world, "500.00", remark=f"货款 {number}") for number in range(SIX)]
    answers = at_once(*[match(each, order, "500.00", world) for each in receipts])
    assert len([each for each in answers if isinstance(each, Receipt)]) == 2
    assert answers.count("more_than_open") == SIX - 2
    assert Invoice.objects.get().paid == Decimal("1000.00")
    consistent(order)


def test_orders_named_crosswise_never_wait_for_each_other(world: World) -> None:
    first, second = world.accepted(), world.accepted()
    root = world.root

    def both(receipt: Receipt, *targets: Order) -> Any:
        def run() -> Any:
            lines = [{"order": Order.objects.get(pk=each.pk), "amount": Decimal("100.00")} for each in targets]
            return payments.match_receipt(Receipt.objects.get(pk=receipt.pk), by=root, lines=lines)

        return run

    receipts = [receipt_of(world, "200.00", remark=f"货款 {number}") for number in range(4)]
    answers = at_once(
        *[both(each, *((first, second) if index % 2 else (second, first))) for index, each in enumerate(receipts)]
    )
    assert all(isinstance(each, Receipt) for each in answers), answers
    consistent(first, second)
    assert (first.paid, second.paid) == (Decimal("400.00"), Decimal("400.00"))


def test_the_same_line_entered_six_times_at_once_comes_in_once(world: World) -> None:
    root, today = world.root, clock.today()
    for facts in ({"serial": "S-1", "amount": Decimal(5)}, {"payer_name": "晨光", "amount": Decimal(6)}):
        answers = at_once(*[lambda facts=facts: payments.enter_receipt(by=root, received_on=today, **facts)] * SIX)
        made = [each for each in answers if isinstance(each, Receipt)]
        assert len(made) == 1, answers
        assert set(answers) - set(made) <= {"came_before", "receipt_once_by_serial", "receipt_once_by_identity"}
    assert Receipt.objects.count() == 2


def test_a_match_taken_back_by_two_is_reversed_once(world: World) -> None:
    order, root = world.accepted(), world.root
    receipt = receipt_of(world, "100.00")
    match(receipt, order, "100.00", world)()
    row = Match.objects.get()
    back = lambda: payments.take_back_match(  # noqa: E731
        Receipt.objects.get(pk=receipt.pk), by=root, match=Match.objects.get(pk=row.pk), reason="x"
    )
    answers = at_once(back, back)
    assert len([each for each in answers if isinstance(each, Receipt)]) == 1
    assert {each for each in answers if isinstance(each, str)} <= {"taken_back", "nothing_matched", "wrong_state"}
    assert Payment.objects.count() == 2
    consistent(order)
    assert order.paid == 0


def test_payments_and_invoices_at_once_leave_every_balance_right(world: World) -> None:
    order, root = world.accepted(quantity="100"), world.root
    today = clock.today()

    def pay(amount: str) -> Any:
        return lambda: orders.enter_payment(Order.objects.get(pk=order.pk), by=root, amount=Decimal(amount))

    def book(number: int, amount: str) -> Any:
        return lambda: payments.enter_invoice(
            by=root, order=Order.objects.get(pk=order.pk), number=f"FP-{number}", amount=Decimal(amount), due_on=today
        )

    answers = at_once(pay("300.00"), book(1, "250.00"), pay("111.11"), book(2, "99.99"), pay("5.00"), book(3, "400.00"))
    assert not [each for each in answers if isinstance(each, str)], answers
    consistent(order)
    assert sum(each.paid for each in Invoice.objects.all()) == Decimal("416.11")


def test_the_same_money_by_hand_and_by_the_bank_at_once_is_there_once(world: World) -> None:
    root, bank = world.root, BankAccount.objects.create(name="基本户")

    def enter(**facts: Any) -> Any:
        given = {"received_on": clock.today(), "amount": Decimal("500.00"), "payer_name": "晨光", **facts}
        return lambda: payments.enter_receipt(by=root, **given)

    answers = at_once(enter(), enter(account=bank, serial="S-1"), enter(remark="客户说付了"))
    assert sorted(str(each) for each in answers if isinstance(each, str)) == ["came_before"] * 2
    assert Receipt.objects.count() == 1


def test_a_payment_by_hand_and_the_banks_line_at_once_are_one(world: World) -> None:
    order = world.accepted(quantity="20")
    root, customer = world.root, order.customer
    answers = at_once(
        lambda: orders.enter_payment(Order.objects.get(pk=order.pk), by=root, amount=Decimal("500.00")),
        lambda: payments.enter_receipt(
            by=root, received_on=clock.today(), amount=Decimal("500.00"), customer=customer, serial="S-1"
        ),
    )
    assert answers.count("came_before") == 1
    assert Receipt.objects.count() + Payment.objects.count() == 1


def test_two_files_of_the_bank_at_once_bring_the_same_money_once(world: World, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    account = BankAccount.objects.create(name="基本户")
    rows = [("2026-11-20", f"{number}00.00", f"S{number}") for number in range(1, 9)]
    with_serials = "\n".join(
        ["日期,金额,付款人,交易流水号", *(f"{day},{sum_},晨光,{serial}" for day, sum_, serial in rows)]
    )
    without = "\n".join(
        ["日期,金额,付款人,摘要", *(f"{day},{sum_},晨光照明,货款" for day, sum_, _serial in reversed(rows))]
    )
    sources = [checked(world, account, text) for text in (with_serials, without)]
    at_once(*[partial(work_on_import, each.pk) for each in sources])
    found = [Import.objects.get(pk=each.pk).counts for each in sources]
    assert [each.get("done", 0) + each.get("refused", 0) for each in found] == [8, 8]
    assert sum(each.get("done", 0) for each in found) == 8
    assert sorted(Receipt.objects.values_list("amount", flat=True)) == [Decimal(each) * 100 for each in range(1, 9)]


def checked(world: World, account: BankAccount, text: str) -> Import:
    """A file of the bank that was checked and found right, and waits for a worker."""
    by = world.root
    file = SimpleUploadedFile("bank.csv", text.encode(), "text/csv")
    form = upload_import.bind(by=by, data={"kind": "receipts"}, files={"file": file})
    assert form.is_valid(), form.problems()
    source = upload_import(by=by, **form.cleaned_data)
    work_on_import(source.pk)
    source.refresh_from_db()
    mapping = map_import.bind(by=by, obj=source, data={"account": account.pk})
    assert mapping.is_valid(), mapping.problems()
    map_import(source, by=by, **mapping.cleaned_data)
    check_import(source, by=by)
    work_on_import(source.pk)
    source.refresh_from_db()
    assert source.counts == {"good": 8}
    run_import(source, by=by, mode="good")
    return source
