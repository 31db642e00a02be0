"""Customers who are late are reminded in steps; promises are watched, and a case ends by itself (JD 7.1)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts.models import Department, User
from crm.deadlines.models import Deadline
from crm.deadlines.periodic import JOBS
from crm.deadlines.sweep import sweep
from crm.outbox.models import Message
from crm.refusals import Refused
from customers import actions as customers
from customers.models import Contact, ContactEntry, Customer
from orders import actions as orders
from orders.models import Order
from orders.payments import actions as payments
from orders.payments import nightly
from orders.payments.models import Dunning, DunningStep, Invoice, Reminder
from orders.payments.reminding import step_for
from tests.payments.conftest import Company
from tests.world import refused, shanghai


def morning() -> int:
    return JOBS["payments.dunning"].body()  # type: ignore[return-value]


def late(company: Company, *days: int) -> Dunning:
    """Alice's customer with an invoice over 1,280.00 for each of the days, and the case as the morning leaves it."""
    company.steps()
    Customer.objects.filter(pk=company.world.customer.pk).update(owner=company.seller, department=company.world.sales)
    for each in days:
        company.invoice("1280.00", overdue=each)
    morning()
    return Dunning.objects.get()


def case() -> Dunning:
    return Dunning.objects.get()


@pytest.mark.parametrize(
    ("days", "done", "expected"), [(2, 0, None), (3, 0, 3), (14, 3, None), (16, 3, 15), (40, 0, 30), (99, 30, None)]
)
def test_the_step_is_the_latest_of_its_age_that_was_not_done(days: int, done: int, expected: int | None) -> None:
    steps = [DunningStep(days=each) for each in (3, 15, 30)]
    found = step_for(steps, days, done)
    assert (found.days if found else None) == expected


def test_a_case_begins_by_itself_and_the_owner_is_told_once(company: Company) -> None:
    found = late(company, 4, 1)
    assert (found.step.days, found.owner, found.status) == (3, company.seller, "open")
    notice = Message.objects.get(template="payments.proposed", channel="notice")
    assert notice.recipient == company.seller
    assert "2,560" in notice.body
    assert morning() == 0
    assert Message.objects.filter(template="payments.proposed", channel="notice").count() == 1
    row = Deadline.objects.open().get(rule="payment.remind")
    assert row.responsible == company.seller


def test_what_finance_does_is_proposed_to_finance(company: Company) -> None:
    late(company, 31)
    told = {each.recipient for each in Message.objects.filter(template="payments.proposed", channel="notice")}
    assert told == {company.cashier, company.accountant}
    row = Deadline.objects.open().get(rule="payment.remind")
    assert (row.responsible, row.department.code) == (None, "finance")


def test_nobody_is_reminded_of_what_is_not_late(company: Company) -> None:
    company.steps()
    company.invoice(overdue=0)
    assert morning() == 0
    assert not Dunning.objects.exists()


def test_the_letter_goes_by_mail_with_the_invoices(company: Company) -> None:
    late(company, 4, 2)
    payments.send_reminder(case(), by=company.seller)
    mail = Message.objects.get(template="payments.reminder")
    first, second = Invoice.objects.order_by("due_on")
    assert mail.body.startswith("王小明：贵司尚欠 ¥2,560.00，最早一笔于 ")
    assert mail.body.index(first.number) < mail.body.index(second.number)
    reminder = Reminder.objects.get()
    assert (reminder.amount, [each["open"] for each in reminder.invoices]) == (
        Decimal("2560.00"),
        ["1280.00", "1280.00"],
    )
    assert (case().step, case().done_days) == (None, 3)
    entry = ContactEntry.objects.get()
    assert (entry.channel, entry.what) == ("mail", f"Reminder {reminder.number} over ¥2,560.00.")
    assert not Deadline.objects.open().filter(rule="payment.remind").exists()
    assert morning() == 0  # the next step comes when its days have passed


def test_the_steps_follow_one_another(company: Company) -> None:
    late(company, 4)
    payments.send_reminder(case(), by=company.seller)
    with clock.at(clock.now() + timedelta(days=11)):
        assert morning() == 1
        assert case().step.days == 15
        payments.note_call(case(), by=company.seller, said="财务下周安排")
        assert Deadline.objects.get(rule="payment.call").outcome == Deadline.Outcome.MET
    with clock.at(clock.now() + timedelta(days=30)):
        assert morning() == 1
        assert case().step.suspends
        reminder = payments.write_letter(case(), by=company.cashier)
        assert reminder.channel == "letter"
        assert reminder.number == "RM2026-000003"
    assert [each.channel for each in Reminder.objects.order_by("pk")] == ["mail", "call", "letter"]


def test_who_promised_is_given_until_then_and_a_broken_promise_is_counted(company: Company) -> None:
    late(company, 4)
    payments.note_promise(case(), by=company.seller, said="下周五付", promised_on=date(2026, 11, 27))
    found = case()
    assert (found.promised_on, found.promised_amount, found.step) == (date(2026, 11, 27), Decimal("1280.00"), None)
    row = Deadline.objects.open().get(rule="payment.promise")
    assert row.due_at.astimezone(shanghai(27, 0).tzinfo).date() == date(2026, 11, 27)
    with clock.at(shanghai(26, 9)):
        assert morning() == 0
    with clock.at(shanghai(28, 9)):
        sweep()
        assert case().broken == 1
        told = Message.objects.filter(template="payments.broken", channel="notice")
        assert {each.recipient for each in told} == {company.seller, company.cashier, company.accountant}
        assert morning() == 1


def promised(company: Company, amount: str, *days: int) -> Dunning:
    """A case whose customer promised so much for the Friday."""
    late(company, *days)
    friday = date(2026, 11, 27)
    given = {"said": "周五付", "promised_on": friday, "promised_amount": Decimal(amount)}
    return payments.note_promise(case(), by=company.seller, **given)


def test_a_promise_is_kept_by_as_much_as_was_promised_and_the_steps_go_on(company: Company) -> None:
    promised(company, "1500.00", 9, 5)
    first, second = Invoice.objects.order_by("due_on")
    with clock.at(shanghai(25, 9)):
        company.match(company.receipt("1280.00"), (first.order, "1280.00"))
        assert case().promised_on == date(2026, 11, 27)  # 220.00 are missing
        company.match(company.receipt("220.00"), (second.order, "220.00"))
    assert (case().status, case().promised_on, case().promised_amount) == ("open", None, None)
    assert Deadline.objects.get(rule="payment.promise").outcome == Deadline.Outcome.MET
    with clock.at(shanghai(26, 9)):
        assert morning() == 1  # of the 1,060.00 that are overdue besides
    with clock.at(shanghai(28, 9)):
        sweep()
        assert case().broken == 0


def test_a_part_of_what_was_promised_does_not_keep_it(company: Company) -> None:
    promised(company, "2000.00", 9, 5)
    first, second = Invoice.objects.order_by("due_on")
    with clock.at(shanghai(25, 9)):
        company.match(company.receipt("1280.00"), (first.order, "1280.00"))
        system = User.objects.system("payments")
        orders.enter_payment(
            Order.objects.get(pk=second.order_id), by=system, amount=Decimal("720.00"), method="write_off"
        )
    with clock.at(shanghai(28, 9)):
        sweep()
    assert (case().broken, case().promised_on) == (1, date(2026, 11, 27))
    assert Deadline.objects.get(rule="payment.promise").outcome == ""


def test_what_was_there_before_the_promise_and_what_is_taken_back_keeps_none(company: Company) -> None:
    earlier = company.receipt("1000.00", received_on=date(2026, 11, 20))
    promised(company, "1000.00", 9)
    order = Invoice.objects.get().order
    company.match(earlier, (order, "1000.00"))
    assert case().promised_on == date(2026, 11, 27)
    wrong = orders.enter_payment(Order.objects.get(pk=order.pk), by=company.cashier, amount=Decimal("270.00"))
    orders.reverse_payment(wrong, by=company.cashier, reason="认错")
    assert case().promised_on == date(2026, 11, 27)


def test_a_promise_whose_money_is_there_and_not_matched_is_not_broken(company: Company) -> None:
    promised(company, "1000.00", 9)
    with clock.at(shanghai(26, 9)):
        company.receipt("1000.00", customer=company.world.customer)
    with clock.at(shanghai(28, 9)):
        sweep()
    assert (case().broken, case().promised_on) == (0, None)
    assert not Message.objects.filter(template="payments.broken").exists()


def test_an_open_case_goes_with_its_customer_to_another_owner(company: Company) -> None:
    found = late(company, 4)
    assert (found.owner, Dunning.objects.visible_to(company.seller).count()) == (company.seller, 1)
    west = Department.objects.create(code="west", name="西区")
    other = company.world.person("carol", "sales", department=west)
    customers.assign_customer(found.customer, by=company.world.root, owner=other)
    assert (case().owner, case().department) == (other, west)
    assert Deadline.objects.open().get(rule="payment.remind").responsible == other
    assert Dunning.objects.visible_to(other).exists() and not Dunning.objects.visible_to(company.seller).exists()
    invoice = Invoice.objects.get()
    company.match(company.receipt("1280.00"), (invoice.order, "1280.00"))
    customers.assign_customer(Customer.objects.get(pk=found.customer_id), by=company.world.root, owner=company.seller)
    assert (case().status, case().owner) == ("ended", other)  # what is over stays as it was


def test_a_promise_lies_in_the_future(company: Company) -> None:
    found = late(company, 4)
    data = {"said": "x", "promised_on": "2026-11-22"}
    assert list(payments.note_promise.bind(by=company.seller, obj=found, data=data).problems()) == ["promised_on"]


def test_a_case_ends_by_itself_when_everything_late_is_paid(company: Company) -> None:
    late(company, 9, 5)
    first, second = Invoice.objects.order_by("due_on")
    company.match(company.receipt("1280.00"), (first.order, "1280.00"))
    assert case().status == "open"
    company.match(company.receipt("1280.00"), (second.order, "1280.00"))
    assert (case().status, case().ended_at) == ("ended", clock.now())
    assert not Deadline.objects.open().filter(rule__startswith="payment.").exists()


def test_a_cancelled_invoice_ends_the_case_too(company: Company) -> None:
    late(company, 9)
    payments.cancel_invoice(Invoice.objects.get(), by=company.cashier, reason="红冲")
    assert case().status == "ended"


def test_a_step_is_left_out_with_its_reason(company: Company) -> None:
    late(company, 4)
    payments.skip_step(case(), by=company.seller, reason="客户已说明")
    assert (case().step, case().done_days) == (None, 3)
    seller, found = company.seller, case()
    with refused("no_step"):
        payments.skip_step(found, by=seller, reason="x")


def test_an_invoice_is_to_be_paid_when_it_is_due(company: Company) -> None:
    order = company.order()
    invoice = payments.enter_invoice(
        by=company.cashier, order=order, number="FP-7", amount=Decimal(100), due_on=date(2026, 12, 3)
    )
    row = Deadline.objects.open().get(rule="payment.due")
    assert (row.responsible, row.due_at.astimezone(shanghai(1, 0).tzinfo).date()) == (company.seller, date(2026, 12, 3))
    orders.enter_payment(Order.objects.get(pk=order.pk), by=company.cashier, amount=Decimal(40))
    assert Deadline.objects.get(rule="payment.due").outcome == ""
    orders.enter_payment(Order.objects.get(pk=order.pk), by=company.cashier, amount=Decimal(60))
    assert Deadline.objects.get(rule="payment.due").outcome == Deadline.Outcome.MET
    assert Invoice.objects.get(pk=invoice.pk).status == "paid"


def test_the_letter_prints_as_it_was_written(company: Company) -> None:
    late(company, 31)
    reminder = payments.write_letter(case(), by=company.cashier)
    invoice = Invoice.objects.get()
    company.match(company.receipt("1280.00"), (invoice.order, "1280.00"))
    client = Client()
    client.force_login(company.seller)
    page = client.get(f"/payments/reminders/{reminder.pk}/print/").content.decode()
    for text in ("RM2026-000001", invoice.number, invoice.order.number, "人民币壹仟贰佰捌拾元整", "31"):
        assert text in page
    client.force_login(company.world.stranger)
    assert client.get(f"/payments/reminders/{reminder.pk}/print/").status_code == 404


def test_the_english_words_for_who_reads_english(company: Company) -> None:
    contact = company.world.contact
    Contact.objects.filter(pk=contact.pk).update(language="en")
    late(company, 4)
    payments.send_reminder(case(), by=company.seller)
    assert Message.objects.get(template="payments.reminder").body.startswith("Dear 王小明, ¥1,280.00 are overdue")


def test_with_nobody_to_tell_the_mail_is_refused(company: Company) -> None:
    found = late(company, 4)
    Contact.objects.update(email="")
    seller = company.seller
    with refused("no_mail_address"):
        payments.send_reminder(found, by=seller)


def test_of_a_thousand_customers_the_morning_asks_once(company: Company) -> None:
    late(company, 4)
    with CaptureQueriesContext(connection) as few:
        morning()
    for _number in range(3):
        company.invoice("5.00", overdue=4, order=company.order(customer=company.world.new_customer()))
    morning()
    with CaptureQueriesContext(connection) as many:
        morning()
    assert len(many) == len(few)


def proposals() -> int:
    return Message.objects.filter(template="payments.proposed", channel="notice").count()


def test_a_step_that_is_proposed_again_is_told_again(company: Company) -> None:
    late(company, 4)
    payments.note_promise(case(), by=company.seller, said="明天付", promised_on=date(2026, 11, 24))
    assert (case().step, proposals()) == (None, 1)
    with clock.at(shanghai(25, 9)):
        assert morning() == 1
        assert (case().step.days, proposals()) == (3, 2)


def test_when_the_oldest_are_paid_the_steps_begin_anew(company: Company) -> None:
    late(company, 31, 5)
    payments.write_letter(case(), by=company.cashier)
    assert (case().done_days, morning()) == (30, 0)
    oldest = Invoice.objects.order_by("due_on").first()
    company.match(company.receipt("1280.00"), (oldest.order, "1280.00"))
    assert morning() == 1
    assert (case().step.days, case().done_days) == (3, 0)
    payments.send_reminder(case(), by=company.seller)
    assert (case().done_days, morning()) == (3, 0)


def test_what_is_refused_for_one_customer_stops_none_of_the_others(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.steps()
    other = company.world.new_customer()
    first = company.invoice("5.00", overdue=4).customer
    company.invoice("5.00", overdue=4, order=company.order(customer=other))
    begin = nightly.open_dunning

    def open_dunning(customer: Customer, *, by: User) -> Dunning:
        if customer == first:
            raise Refused("in_the_way", "x")
        return begin(customer, by=by)

    monkeypatch.setattr(nightly, "open_dunning", open_dunning)
    assert morning() == 1
    assert case().customer == other


def test_a_call_does_no_step_that_is_none(company: Company) -> None:
    found = late(company, 4)
    payments.note_call(found, by=company.seller, said="财务不在")
    assert (case().step.channel, case().done_days) == ("mail", 0)
    assert Reminder.objects.get().step is None
    assert Deadline.objects.get(rule="payment.remind").outcome == ""  # the letter is still to be sent
    payments.send_reminder(case(), by=company.seller)
    assert (case().step, case().done_days) == (None, 3)


def test_a_call_keeps_no_promise_and_a_new_one_in_it_moves_the_day(company: Company) -> None:
    late(company, 4)
    payments.note_promise(case(), by=company.seller, said="周五付", promised_on=date(2026, 11, 27))
    with clock.at(shanghai(28, 9)):
        sweep()
        payments.note_call(case(), by=company.seller, said="没人接")
        sweep()
        assert case().broken == 1
        row = Deadline.objects.open().get(rule="payment.promise")
        payments.note_call(case(), by=company.seller, said="下周三付", promised_on=date(2026, 12, 2))
        row.refresh_from_db()
        assert (row.closed_at, row.due_at.astimezone(shanghai(1, 0).tzinfo).date()) == (None, date(2026, 12, 2))
    with clock.at(shanghai(2, 9, month=12)):
        sweep()
        assert case().broken == 1
    with clock.at(shanghai(3, 9, month=12)):
        sweep()
        assert case().broken == 2


def test_the_step_says_by_which_way(company: Company) -> None:
    found, cashier = late(company, 31), company.cashier
    with refused("other_way"):
        payments.send_reminder(found, by=cashier)
    payments.skip_step(case(), by=cashier, reason="先电话")
    payments.send_reminder(case(), by=cashier, text="请付款")
    assert Reminder.objects.get().channel == "mail"
