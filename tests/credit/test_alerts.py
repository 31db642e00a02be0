"""Signs that credit is in danger: seen each night, told once, settled by what is done or when they are gone."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.deadlines import periodic
from crm.deadlines.check import check
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.reports.today import today
from customers.actions import assign_customer, resume_supply, set_payment_terms, set_relation
from customers.credit import actions as credit
from customers.credit import alerting
from customers.credit.alerting import look, look_at
from customers.credit.models import Alert, Assessment, Standing
from customers.models import ContactEntry, Customer, Task
from orders import actions as orders
from orders.models import Order
from tests.credit.conftest import Company
from tests.world import MORNING, nothing_moves, refused

DONE = Alert.Done


def overdue(company: Company) -> Order:
    """An order of 1,280.00 that should have been paid yesterday."""
    order = company.world.reviewed(customer=company.customer)
    order.lines.update(collected=10)
    Order.objects.filter(pk=order.pk).update(status="collected", due_on=clock.today() - timedelta(days=1))
    return Order.objects.get(pk=order.pk)


def open_signs(company: Company) -> list[str]:
    return sorted(Alert.objects.filter(customer=company.customer, status="open").values_list("sign", flat=True))


def told(company: Company) -> int:
    return Message.objects.filter(template="credit.alert", recipient=company.seller).count()


def test_overdue_debt_is_told_once_until_it_is_gone(company: Company) -> None:
    company.in_force()
    assert look() == 0
    order = overdue(company)
    assert look() == 1
    alert = Alert.objects.get()
    assert (alert.sign, alert.status, alert.overdue, alert.used) == ("overdue", "open", 1280, 1280)
    people = set(Message.objects.filter(template="credit.alert").values_list("recipient__username", flat=True))
    assert people == {"alice", "cashier", "second"}
    for _night in range(3):
        assert look() == 0
    assert told(company) == 1
    orders.enter_payment(order, by=company.world.root, amount=Decimal("1280.00"))
    assert look() == 0
    alert.refresh_from_db()
    assert (alert.status, alert.done, alert.settled_by.username) == ("settled", DONE.GONE, "credit")
    assert alert.gone_at is not None
    overdue(company)
    assert look() == 1
    assert told(company) == 2


def test_what_was_dealt_with_is_not_told_again_while_it_lasts(company: Company) -> None:
    company.in_force()
    order = overdue(company)
    look()
    alert = Alert.objects.get()
    credit.settle_alert(alert, by=company.cashier, words="已约定周五付款")
    assert look() == 0
    alert.refresh_from_db()
    assert (alert.status, alert.done, alert.words, alert.gone_at) == ("settled", "otherwise", "已约定周五付款", None)
    orders.enter_payment(order, by=company.world.root, amount=Decimal("1280.00"))
    look()
    alert.refresh_from_db()
    assert alert.gone_at is not None
    assert (alert.done, alert.settled_by) == ("otherwise", company.cashier)  # what was done stays


def test_an_assessment_that_ran_out_is_a_sign(company: Company) -> None:
    company.in_force(valid_until=date(2026, 12, 1))
    with clock.at(MORNING + timedelta(days=8)):  # the 1st of December, still valid
        assert look() == 0
    with clock.at(MORNING + timedelta(days=9)):
        assert look() == 1
        assert open_signs(company) == ["unassessed"]
        company.in_force()
        assert open_signs(company) == []


def test_nine_tenths_of_the_limit_are_no_sign_and_a_fen_more_is(company: Company) -> None:
    company.in_force()
    company.world.reviewed(customer=company.customer)  # 1,280.00
    Standing.objects.update(limit=Decimal("1422.23"))  # nine tenths of it are 1,280.007
    assert look() == 0
    Standing.objects.update(limit=Decimal("1422.22"))  # and of this 1,279.998
    assert look() == 1
    assert open_signs(company) == ["nearly_used"]


def test_who_pays_first_shows_no_sign_but_debt(company: Company) -> None:
    company.in_force(operations_score=0, finances_score=0, payment_score=0)
    assert Customer.objects.get(pk=company.customer.pk).payment_terms == "prepay"
    with clock.at(MORNING + timedelta(days=500)):
        assert look() == 0


def test_a_company_that_rates_nobody_looks_at_nobody(company: Company) -> None:
    from customers.credit.models import RatingPolicy

    overdue_later = company.world.new_customer()
    RatingPolicy.objects.all().delete()
    with nothing_moves():
        assert look() == 0
    assert not Standing.objects.filter(customer=overdue_later).exists()


def test_the_nightly_job_looks_and_may_run_twice(company: Company) -> None:
    company.in_force()
    overdue(company)
    assert "credit.look" in periodic.JOBS
    periodic.JOBS["credit.look"].body()
    with nothing_moves():  # the clock stands still, so that even the moment of the look is the same
        periodic.JOBS["credit.look"].body()


def test_supply_is_suspended_from_the_alert(company: Company) -> None:
    company.in_force()
    overdue(company)
    look()
    alert = Alert.objects.get()
    with refused("forbidden"):
        credit.suspend_for_alert(alert, by=company.seller, reason="逾期")
    credit.suspend_for_alert(alert, by=company.cashier, reason="逾期 1,280 元")
    customer = Customer.objects.get(pk=company.customer.pk)
    assert (customer.supply_suspended, customer.suspension_reason) == (True, "逾期 1,280 元")
    assert (alert.status, alert.done, alert.words) == ("settled", "suspended", "逾期 1,280 元")
    with refused("wrong_state"):
        credit.suspend_for_alert(alert, by=company.cashier, reason="又")
    resume_supply(customer, by=company.cashier, reason="已付清")
    assert not Customer.objects.get(pk=company.customer.pk).supply_suspended


def test_where_supply_is_suspended_already_the_alert_offers_something_else(company: Company) -> None:
    from customers.actions import suspend_supply

    company.in_force()
    overdue(company)
    look()
    suspend_supply(company.customer, by=company.cashier, reason="退票")
    with refused("suspended"):
        credit.suspend_for_alert(Alert.objects.get(), by=company.cashier, reason="逾期")


def test_dunning_stands_in_the_contact_log_and_plans_to_look_again(company: Company) -> None:
    company.in_force()
    overdue(company)
    look()
    alert = Alert.objects.get()
    credit.dun_for_alert(
        alert, by=company.seller, channel="phone", words="已催款，答应周五付", again_on=date(2026, 11, 27)
    )
    entry, task = ContactEntry.objects.get(), Task.objects.get()
    assert (entry.channel, entry.what, entry.by) == ("phone", "已催款，答应周五付", company.seller)
    assert (task.due_on, task.owner) == (date(2026, 11, 27), company.seller)
    assert (alert.status, alert.done) == ("settled", "dunned")


def test_a_stranger_deals_with_no_alert(company: Company) -> None:
    company.in_force()
    credit.lower_rating(company.customer, by=company.cashier, reason="退票")
    alert = Alert.objects.get()
    with nothing_moves(), pytest.raises(Alert.DoesNotExist):
        credit.settle_alert(alert, by=company.world.charlie, words="x")


def test_a_fallen_rating_is_dealt_with_once_and_alerted_anew_when_it_falls_again(company: Company) -> None:
    company.in_force()
    credit.lower_rating(company.customer, by=company.cashier, reason="退票")
    credit.settle_alert(Alert.objects.get(), by=company.seller, words="已沟通")
    credit.lower_rating(company.customer, by=company.cashier, reason="再次退票")
    assert list(Alert.objects.order_by("pk").values_list("status", flat=True)) == ["settled", "open"]


def test_looking_at_many_asks_as_often_as_at_one(company: Company) -> None:
    company.in_force()
    keys = [company.customer.pk, *(company.world.new_customer().pk for _each in range(6))]
    look_at(keys)
    counts = []
    for some in (keys[:1], keys):
        with CaptureQueriesContext(connection) as found:
            look_at(some)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 9


def test_everybody_on_account_gets_a_row_of_amounts(company: Company) -> None:
    other = company.world.new_customer()
    prepaying = company.world.new_customer(payment_terms="prepay")
    look()
    assert Standing.objects.filter(customer=other).exists()
    assert not Standing.objects.filter(customer=prepaying).exists()
    row = Standing.objects.get(customer=other)
    assert (row.rating, row.used, row.free, row.valid_until) == ("", 0, 0, None)


def test_the_next_assessment_is_due_thirty_days_before_the_end(company: Company) -> None:
    found = company.in_force(valid_until=date(2027, 2, 26))
    deadline = Deadline.objects.open().about(found).get()
    assert (deadline.rule, deadline.responsible) == ("credit.assessment", company.seller)
    assert deadline.due_at.date() == date(2027, 2, 26)
    assert (deadline.due_at - deadline.warn_at).days == 30
    company.in_force()
    deadline.refresh_from_db()
    assert deadline.outcome == Deadline.Outcome.MET
    worst = company.in_force(operations_score=0, finances_score=0, payment_score=0)
    assert not Deadline.objects.open().about(worst).exists()
    assert Assessment.objects.filter(status="in_force").count() == 1


def test_nobody_must_assess_a_customer_again_who_is_lost_until_he_is_back(company: Company) -> None:
    found, root = company.in_force(valid_until=date(2027, 2, 26)), company.world.root
    open_ones = Deadline.objects.open().about(found)
    set_relation(Customer.objects.get(pk=company.customer.pk), by=root, relation="lost")
    assert not open_ones.exists()
    assert check() == Counter({("order.meeting", "missing"): 1})  # the nightly check finds nothing to mend in it
    with clock.at(MORNING + timedelta(days=120)):
        assert look() == 0  # that his assessment ran out is no sign
        set_relation(Customer.objects.get(pk=company.customer.pk), by=root, relation="active")
        assert (open_ones.get().responsible, open_ones.get().due_at.date()) == (company.seller, date(2027, 2, 26))
        assert look() == 1
        assert open_signs(company) == ["unassessed"]
        set_relation(Customer.objects.get(pk=company.customer.pk), by=root, relation="lost")
        look()
        assert open_signs(company) == []


def test_nobody_must_assess_a_customer_again_who_pays_first_by_now(company: Company) -> None:
    found = company.in_force()
    set_payment_terms(Customer.objects.get(pk=company.customer.pk), by=company.world.root, payment_terms="prepay")
    assert not Deadline.objects.open().about(found).exists()


def test_the_next_assessment_goes_with_the_customer_to_his_next_owner_and_else_to_his_department(
    company: Company,
) -> None:
    found, world = company.in_force(), company.world
    assign_customer(Customer.objects.get(pk=company.customer.pk), by=world.root, owner=world.bob)
    assert Deadline.objects.open().about(found).get().responsible == world.bob
    assert ("credit.assessment", "reassigned") not in check()
    Customer.objects.filter(pk=company.customer.pk).update(owner=None, department=world.sales)
    check(mend=True)
    row = Deadline.objects.open().about(found).get()
    assert (row.responsible, row.department) == (None, world.sales)
    assert str(found) in {str(each["label"]) for group in today(world.boss)["groups"] for each in group["rows"]}


def test_the_trouble_of_one_customer_keeps_nobody_after_him_unseen(
    company: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, last = company.customer, company.world.new_customer()
    for customer in (first, last):
        facts = {"rating": "B", "limit": Decimal(200000), "valid_until": date(2026, 12, 31)}
        Standing.objects.create(customer=customer, **facts)
        order = company.world.reviewed(customer=customer)
        order.lines.update(collected=10)
        Order.objects.filter(pk=order.pk).update(status="collected", due_on=clock.today() - timedelta(days=1))
    tell = alerting.tell

    def stumbles(alert: Alert, **words: str) -> None:
        if alert.customer_id == first.pk:
            raise RuntimeError("no template")
        tell(alert, **words)

    monkeypatch.setattr(alerting, "tell", stumbles)
    assert look() == 1
    assert Alert.objects.get().customer == last
    assert f"the signs of customer {first.pk} could not be followed" in caplog.text
    with pytest.raises(RuntimeError):
        look_at([first.pk])  # within a verb it is the verb that fails
    monkeypatch.setattr(alerting, "tell", tell)
    assert look() == 1
    assert set(Alert.objects.values_list("customer", flat=True)) == {first.pk, last.pk}
