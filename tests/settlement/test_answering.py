"""The customer confirms a statement or disputes it line by line, and sales answers him (KC 5.1.11.5)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from crm.deadlines.models import Deadline
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog, Attachment
from crm.refusals import Refused
from customers.models import Contact
from orders import actions as orders
from orders.actions import payments as money
from orders.contracts import actions as contracts
from orders.contracts.models import Contract
from orders.models import Order
from pickup import actions as pickup
from pickup.settlement import actions as settlement
from pickup.settlement.models import Statement, StatementLine
from tests.mailed import hidden, path_of
from tests.settlement.conftest import Company
from tests.world import MORNING, World, nothing_moves, refused, scan, shanghai

S = Statement.Status
ASK = "settlement.ask_adjust_statement"


def fresh(statement: Statement) -> Statement:
    return Statement.objects.get(pk=statement.pk)


def links() -> User:
    return User.objects.system("links")


def mailed(company: Company, order: Order | None = None) -> tuple[Statement, str]:
    """A statement with the customer, and the path of the link that was mailed last."""
    statement = company.sent(order)
    return statement, path_of("settlement.confirm")


def confirm(path: str, **data: Any) -> Any:
    client = Client()
    given = {"_verb": "settlement.answer_statement", **hidden(client.get(path)), "name": "王小明", **data}
    return client.post(path, given)


def test_the_customer_confirms_under_his_link_and_the_order_is_settled(company: Company) -> None:
    statement, path = mailed(company)
    page = Client().get(path, {"lang": "en"}).content.decode()
    for words in (statement.number, "¥1,280.00", "PR2026-000001", "配电箱", "This line differs"):
        assert words in page
    assert confirm(path).status_code == 303
    statement = fresh(statement)
    order = statement.order
    assert (statement.status, statement.answered_by, statement.answered_through, statement.reconciled_at) == (
        S.RECONCILED,
        "王小明",
        "link",
        MORNING,
    )
    assert (order.settled, order.due, order.open_amount) == (Decimal("1280.00"),) * 3
    assert [row.answer for row in statement.lines.all()] == ["agreed"]
    assert Message.objects.filter(template="settlement.answered", recipient=company.seller).count() == 1
    row = ActionLog.objects.get(verb="settlement.answer_statement")
    assert (row.door, row.actor.username) == ("link", "links")
    assert ActionLog.objects.get(verb="settlement.settle_order").cause_id == row.pk


def test_a_link_that_was_used_says_what_came_of_it_and_does_nothing_more(company: Company) -> None:
    statement, path = mailed(company)
    sent = hidden(Client().get(path))
    assert confirm(path).status_code == 303
    with nothing_moves():
        again = Client().post(path, {"_verb": "settlement.answer_statement", **sent, "_key": "other", "name": "李四"})
        assert again.status_code == 200
        assert "王小明" in again.content.decode()
    assert Link.objects.get().status == "used"
    assert fresh(statement).answered_by == "王小明"


def test_a_forged_link_is_no_link(company: Company) -> None:
    _statement, path = mailed(company)
    with nothing_moves():
        assert Client().get(path[:-4] + "xxx/").status_code == 404
        assert confirm(path[:-4] + "xxx/").status_code == 404


def test_he_signs_with_his_name(company: Company) -> None:
    _statement, path = mailed(company)
    with nothing_moves():
        assert confirm(path, name="").status_code == 422


def test_he_disputes_a_line_with_his_quantity_and_words(company: Company) -> None:
    statement, path = mailed(company)
    with nothing_moves():  # a number alone says nothing
        page = confirm(path, **{"lines-0-quantity": "9"})
        assert page.status_code == 422
        assert 'value="9"' in page.content.decode()
    differs = {"lines-0-quantity": "9", "lines-0-amount": "1152.00", "lines-0-words": "只收到 9 件"}
    assert confirm(path, **differs).status_code == 303
    line = fresh(statement).lines.get()
    assert (line.answer, line.his_quantity, line.his_amount, line.his_words) == (
        "differs",
        Decimal(9),
        Decimal("1152.00"),
        "只收到 9 件",
    )
    assert (fresh(statement).status, fresh(statement).order.settled) == (S.DISPUTED, None)
    row = Deadline.objects.open().get(rule="settlement.reconcile")  # a dispute is no confirmation
    assert row.closed_at is None


def test_a_line_that_the_statement_has_not_is_refused(company: Company) -> None:
    _statement, path = mailed(company)
    with nothing_moves():
        page = confirm(path, **{"lines-1-position": "7", "lines-1-words": "多了"})
        assert page.status_code == 422


def test_a_statement_that_is_disputed_is_not_sent_again_before_it_is_answered(company: Company) -> None:
    statement = company.disputed()
    with refused("unanswered"):
        settlement.send_statement(statement, by=company.seller)
    with refused("not_disputed"):
        settlement.explain_differences(statement, by=company.seller, lines=[{"position": 2, "reply": "没有"}])
    with refused("line_twice") as refusal:
        twice = [{"position": 1, "reply": "磅单为 10 件"}, {"position": 1, "reply": "磅单为 9 件"}]
        settlement.explain_differences(statement, by=company.seller, lines=twice)
    assert "Line 1" in str(refusal.value)
    settlement.explain_differences(statement, by=company.seller, lines=[{"position": 1, "reply": "磅单为 10 件"}])
    with refused("nothing_to_explain"):
        settlement.explain_differences(fresh(statement), by=company.seller, lines=[{"position": 1, "reply": "x"}])
    settlement.send_statement(fresh(statement), by=company.seller)
    page = Client().get(path_of("settlement.confirm"), {"lang": "en"}).content.decode()
    assert "磅单为 10 件" in page and "只收到 9 件" in page
    assert confirm(path_of("settlement.confirm")).status_code == 303
    assert (fresh(statement).status, fresh(statement).order.settled) == (S.RECONCILED, Decimal("1280.00"))


def test_a_small_difference_is_adjusted_at_once_in_a_new_version(company: Company) -> None:
    statement = company.disputed(amount=Decimal("1230.00"), quantity=None, words="按合同价结算")
    given = {"line": statement.lines.get(), "amount": Decimal("1230.00"), "reason": "运费由我司承担"}
    ACTIONS[ASK](statement, by=company.seller, **given)
    new = Statement.objects.get(replaces=statement)
    assert (fresh(statement).status, new.status, new.number, new.revision) == (
        S.REPLACED,
        S.DRAFT,
        "ST2026-000001-2",
        2,
    )
    assert (new.total, new.tax) == (Decimal("1230.00"), Decimal("141.50"))
    first, second = new.lines.order_by("position")
    assert (first.amount, first.his_words, first.reply) == (Decimal("1280.00"), "按合同价结算", "运费由我司承担")
    assert (second.amount, second.tax, second.adjusts, second.reason) == (
        Decimal("-50.00"),
        Decimal("-5.76"),
        1,
        "运费由我司承担",
    )
    assert fresh(statement).lines.get().amount == Decimal("1280.00")  # the former version stays as it was
    assert not Task.objects.exists()
    settlement.send_statement(new, by=company.seller)
    assert confirm(path_of("settlement.confirm")).status_code == 303
    assert Order.objects.get().settled == Decimal("1230.00")


def test_a_large_difference_waits_for_the_manager(company: Company) -> None:
    statement = company.disputed(amount=Decimal("1152.00"))
    given = {"line": statement.lines.get(), "amount": Decimal("1152.00"), "reason": "少装一件，按实收结算"}
    with refused("needs_approval"):
        settlement.adjust_statement(statement, by=company.seller, **given)
    ACTIONS[ASK](statement, by=company.seller, **given)
    assert fresh(statement).status == S.DISPUTED
    assert not Task.objects.filter(approver=company.seller).exists()
    approvals.approve(Task.objects.get(), by=company.boss)
    new = Statement.objects.get(replaces=statement)
    assert (new.total, new.made_by) == (Decimal("1152.00"), company.seller)
    assert ApprovalRequest.objects.get().status == "done"


def test_what_is_asked_for_is_asked_once_and_not_done_to_a_version_that_was_replaced(company: Company) -> None:
    order = company.order("10")
    company.collect(order, "4")
    statement = company.disputed(Order.objects.get(pk=order.pk), amount=Decimal("300.00"), quantity=None)
    given = {"line": statement.lines.get(), "amount": Decimal("300.00"), "reason": "按实收结算"}
    ACTIONS[ASK](statement, by=company.seller, **given)
    with refused("already_asked"):
        ACTIONS[ASK](fresh(statement), by=company.seller, **{**given, "amount": Decimal("500.00")})
    company.collect(order, "6")
    new = settlement.revise_statement(fresh(statement), by=company.seller)
    task = Task.objects.get()
    with pytest.raises(Refused, match="It has to be asked again"):
        approvals.approve(task, by=company.boss)
    assert (new.total, Statement.objects.count()) == (Decimal("1280.00"), 2)


@pytest.mark.parametrize(("amount", "code"), [("1280.00", "no_difference"), ("-1.00", "other_side")])
def test_an_adjustment_changes_something_and_keeps_the_side(company: Company, amount: str, code: str) -> None:
    statement = company.disputed()
    given = {"line": statement.lines.get(), "amount": Decimal(amount), "reason": "x"}
    with refused(code):
        ACTIONS[ASK](statement, by=company.seller, **given)


def test_a_line_is_adjusted_twice_and_its_tax_follows_the_amount(company: Company) -> None:
    statement = company.disputed(amount=Decimal("1230.00"), quantity=None)
    for amount in ("1230.00", "1200.00"):
        given = {"line": statement.lines.get(position=1), "amount": Decimal(amount), "reason": "议定"}
        ACTIONS[ASK](statement, by=company.seller, **given)
        statement = Statement.objects.get(replaces=statement)
    assert (statement.number, statement.total, statement.tax) == (
        "ST2026-000001-3",
        Decimal("1200.00"),
        Decimal("138.05"),
    )
    assert [row.amount for row in statement.lines.order_by("position")] == [
        Decimal("1280.00"),
        Decimal("-50.00"),
        Decimal("-30.00"),
    ]
    with refused("other_line"):
        given = {"line": statement.lines.get(position=2), "amount": Decimal(1), "reason": "x"}
        ACTIONS[ASK](statement, by=company.seller, **given)


def test_another_pickup_makes_the_statement_stale(company: Company) -> None:
    order = company.order("10")
    company.collect(order, "4")
    statement, path = mailed(company, Order.objects.get(pk=order.pk))
    sent = hidden(Client().get(path))
    company.collect(order, "6")
    page = Client().get(path, {"lang": "en"}).content.decode()
    assert "Goods were shipped or returned since this statement was made; we will send you a new version." in page
    with nothing_moves():
        late = Client().post(path, {"_verb": "settlement.answer_statement", **sent, "name": "王小明"})
        assert late.status_code == 409
    for verb, given in (
        (settlement.send_statement, {}),
        (settlement.record_answer, {"name": "王小明", "paper": scan()}),
    ):
        with refused("changed_since"):
            verb(fresh(statement), by=company.seller, **given)
    new = settlement.revise_statement(fresh(statement), by=company.seller)
    assert (new.total, new.lines.count(), new.number) == (Decimal("1280.00"), 2, "ST2026-000001-2")
    assert Client().get(path).status_code == 410
    with refused("nothing_changed"):
        settlement.revise_statement(new, by=company.seller)
    with refused("wrong_state"):
        settlement.revise_statement(fresh(statement), by=company.seller)


def test_a_correction_after_the_statement_stands_in_its_next_version(company: Company) -> None:
    order = company.order("10")
    taken = company.collect(order)
    statement = company.disputed(Order.objects.get(pk=order.pk))
    company.take_back(taken)
    company.collect(order, "9")
    new = settlement.revise_statement(fresh(statement), by=company.seller, why="数量更正")
    assert [(row.quantity, row.amount) for row in new.lines.order_by("position")] == [
        (Decimal(10), Decimal("1280.00")),
        (Decimal(-10), Decimal("-1280.00")),
        (Decimal(9), Decimal("1152.00")),
    ]
    assert new.lines.get(position=1).his_words == "只收到 9 件"
    assert new.total == Decimal("1152.00")


def test_goods_that_come_back_after_the_reconciliation_open_the_order_again(company: Company) -> None:
    order = company.order("10")
    taken = company.collect(order)
    company.reconciled(Order.objects.get(pk=order.pk))
    assert Order.objects.get().settled == Decimal("1280.00")
    company.take_back(taken)
    assert (Order.objects.get().settled, Order.objects.get().due) == (None, Decimal("1280.00"))
    company.collect(order)
    statement = company.reconciled(Order.objects.get(pk=order.pk))
    assert (statement.number, statement.total) == ("ST2026-000002", Decimal("0.00"))
    assert Order.objects.get().settled == Decimal("1280.00")


def test_an_order_is_settled_only_when_all_of_it_is_delivered_or_waived(company: Company) -> None:
    order = company.order("10")
    company.collect(order, "4")
    company.reconciled(Order.objects.get(pk=order.pk))
    assert Order.objects.get().settled is None
    with refused("wrong_state"):
        settlement.settle_order(Order.objects.get(), by=company.seller)
    pickup.waive_rest(Order.objects.get(), by=company.seller, reason="客户不要了")
    row = Deadline.objects.open().get(rule="settlement.reconcile")
    assert (row.responsible, row.due_at) == (company.seller, shanghai(30, 9, 30))
    settlement.settle_order(Order.objects.get(), by=company.seller)
    assert Order.objects.get().settled == Decimal("512.00")
    row.refresh_from_db()
    assert row.outcome == Deadline.Outcome.MET
    with refused("settled"):
        settlement.settle_order(Order.objects.get(), by=company.seller)


def test_no_role_confirms_a_statement_in_the_customers_place(company: Company) -> None:
    statement, keeper = company.sent(), company.world.person("keeper", "administrator")
    with refused("forbidden"):
        settlement.answer_statement(statement, by=keeper, name="王小明")
    with refused("customers_word"):  # nor does whoever may do everything
        settlement.answer_statement(statement, by=company.world.root, name="王小明")


def test_a_signed_paper_is_entered_by_staff(company: Company) -> None:
    statement = company.stated()
    settlement.record_answer(
        statement, by=company.support, name="王小明", signed_on=clock.today() - timedelta(days=1), paper=scan()
    )
    statement = fresh(statement)
    assert (statement.status, statement.answered_through, statement.signed_on) == (
        S.RECONCILED,
        "paper",
        clock.today() - timedelta(days=1),
    )
    assert Attachment.objects.about(statement).get().kind == "signed"


def test_a_statement_is_reconciled_within_five_working_days_of_the_last_pickup(company: Company) -> None:
    order = company.order("10")
    company.collect(order, "4")
    assert not Deadline.objects.open().filter(rule="settlement.reconcile").exists()
    with clock.at(MORNING + timedelta(days=1)):
        company.collect(order, "6")
    row = Deadline.objects.open().get(rule="settlement.reconcile")
    assert (row.responsible, row.due_at) == (company.seller, shanghai(1, 9, 30, month=12))
    company.reconciled(Order.objects.get(pk=order.pk))
    row.refresh_from_db()
    assert row.outcome == Deadline.Outcome.MET


def test_who_has_paid_before_needs_no_written_reconciliation(company: Company) -> None:
    company.world.customer.payment_terms = "prepay"
    company.world.customer.save()
    order = company.order("10")
    orders.enter_payment(order, by=company.cashier, amount=Decimal("1280.00"))
    company.collect(order)
    assert not Deadline.objects.open().filter(rule="settlement.reconcile").exists()


def test_nothing_is_stated_twice(company: Company) -> None:
    order = company.collected()
    statement = company.stated(order)
    with refused("open_statement"):
        settlement.make_statement(Order.objects.get(), by=company.seller)
    settlement.record_answer(statement, by=company.seller, name="王小明", paper=scan())
    with refused("nothing_to_state"):
        settlement.make_statement(Order.objects.get(), by=company.seller)
    row = StatementLine.objects.get()
    with pytest.raises(IntegrityError, match="record_line_stated_once"), transaction.atomic():
        StatementLine.objects.create(
            **{
                name: getattr(row, name)
                for name in ("statement", "line", "record_line", "day", "source", "product", "unit", "tax_rate")
            },
            position=2,
            amount=Decimal(1),
            tax=Decimal(0),
        )


def test_a_contact_without_a_mail_address_gets_no_link(company: Company) -> None:
    statement = company.stated()
    Contact.objects.filter(pk=company.world.contact.pk).update(email="")
    with refused("no_mail_address"):
        settlement.send_statement(fresh(statement), by=company.seller)


def test_a_contract_whose_rest_was_waived_is_executed_once_it_is_settled_and_paid(world: World) -> None:
    contract, root = world.contract_in_force(), world.root
    world.receive()
    orders.confirm_order(contract.order, by=root, channel="phone")
    pickup.check_stock(Order.objects.get(), by=root, warehouse=world.warehouse)
    planned = pickup.plan_pickup(Order.objects.get(), by=root, window=world.window(), notify=False)
    line = {"line": planned.order.lines.get(), "quantity": Decimal(4), "difference": "车装不下"}
    pickup.hand_over(planned, by=root, identity="id_seen", lines=[line])
    statement = settlement.make_statement(Order.objects.get(), by=root)
    settlement.record_answer(statement, by=root, name="王小明", paper=scan())
    pickup.waive_rest(Order.objects.get(), by=root, reason="客户不要了")
    orders.enter_payment(Order.objects.get(), by=root, amount=Decimal("512.00"))
    with refused("goods_open"):
        contracts.mark_executed(Contract.objects.get(), by=root)
    settlement.settle_order(Order.objects.get(), by=root)
    assert (Contract.objects.get().status, Order.objects.get().open_amount) == ("executed", Decimal("0.00"))


def test_whoever_changes_what_is_paid_or_due_tells_the_apps_above(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Decimal, Decimal | None]] = []

    def listener(order: Order) -> None:
        written = Order.objects.get(pk=order.pk)
        assert (written.paid, written.settled) == (order.paid, order.settled)
        told.append((order.paid, order.settled))

    monkeypatch.setattr(money, "TOLD", [*money.TOLD, listener])
    order = company.order("10")
    payment = orders.enter_payment(order, by=company.world.root, amount=Decimal("100.00"))
    orders.reverse_payment(payment, by=company.world.root, reason="认错")
    taken = company.collect(order)
    company.reconciled(Order.objects.get(pk=order.pk))
    company.take_back(taken)
    nothing, hundred, whole = Decimal("0.00"), Decimal("100.00"), Decimal("1280.00")
    assert told == [(hundred, None), (nothing, None), (nothing, whole), (nothing, None)]
