"""The promise of an advance: kept, it is settled by itself; broken, it is seen, told, and blocks the next one."""

from datetime import timedelta
from decimal import Decimal

from crm import clock
from crm.accounts.models import User
from crm.deadlines.models import Deadline
from crm.deadlines.sweep import sweep
from crm.outbox.models import Message
from customers.credit.models import RatingChange, RatingPolicy, Standing
from orders import actions as orders
from orders.advances import actions as advances
from orders.advances.models import Advance
from orders.advances.tasks import expire
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from tests.advances.conftest import Company
from tests.world import MORNING, refused, shanghai

S = Advance.Status
MIDNIGHT = shanghai(5, 0, 0, month=12)  # the promised day, the fourth, is over


def fresh(advance: Advance) -> Advance:
    return Advance.objects.get(pk=advance.pk)


def deadline(advance: Advance) -> Deadline:
    return Deadline.objects.about(advance).filter(rule="advance.promise").latest("pk")


def test_the_promise_counts_from_the_first_goods(company: Company) -> None:
    advance = company.granted(company.order(goods="5"))
    assert not Deadline.objects.about(advance).exists()
    company.hand_over(advance.order)
    row = deadline(advance)
    assert (row.responsible, row.closed_at) == (company.seller, None)
    assert row.due_at == shanghai(5, 0, 0, month=12) - timedelta(microseconds=1)


def test_paid_up_to_what_has_left_it_is_settled_by_itself(company: Company) -> None:
    advance = company.used()
    company.pay(advance.order, "139.99")
    assert fresh(advance).status == S.GRANTED
    company.pay(advance.order, "0.01")
    done = fresh(advance)
    assert (done.status, done.settled_at, done.broken_at) == (S.SETTLED, MORNING, None)
    assert deadline(advance).outcome == Deadline.Outcome.MET
    assert advances.release_of(Order.objects.get(pk=advance.order_id)) is None


def test_one_that_was_not_used_is_settled_once_the_order_is_paid(company: Company) -> None:
    advance = company.granted()
    company.pay(advance.order, "779.99")
    assert fresh(advance).status == S.GRANTED
    company.pay(advance.order, "0.01")
    assert fresh(advance).status == S.SETTLED


def test_a_payment_that_was_entered_wrongly_takes_it_up_again(company: Company) -> None:
    advance = company.used()
    payment = company.pay(advance.order, "140.00")
    assert fresh(advance).status == S.SETTLED
    orders.reverse_payment(payment, by=company.world.root, reason="入错账")
    assert (fresh(advance).status, fresh(advance).settled_at) == (S.GRANTED, None)
    assert deadline(advance).closed_at is None
    company.pay(advance.order, "140.00")
    assert fresh(advance).status == S.SETTLED


def test_after_its_last_day_it_is_taken_up_as_expired_and_after_revoking_as_revoked(company: Company) -> None:
    advance = company.used()
    advances.revoke_advance(advance, by=company.cashier, reason="x")
    payment = company.pay(advance.order, "140.00")
    orders.reverse_payment(payment, by=company.world.root, reason="入错账")
    assert fresh(advance).status == S.REVOKED


def test_what_left_under_a_revoked_or_expired_one_is_still_promised(company: Company) -> None:
    advance = company.used()
    with clock.at(shanghai(2, 0, 5, month=12)):
        assert expire() == 1
        row = deadline(advance)
        assert (fresh(advance).status, row.closed_at) == (S.EXPIRED, None)
        with refused("advance_owes"):
            company.applied(advance.order, expires_on=clock.today(), promised_on=clock.today())
        company.pay(advance.order, "140.00")
    assert fresh(advance).status == S.SETTLED


# Broken.


def test_the_clock_breaks_it_when_the_promised_day_is_over(company: Company) -> None:
    advance = company.used()
    with clock.at(shanghai(4, 23, 59, month=12)):
        sweep()
    assert fresh(advance).status == S.GRANTED
    with clock.at(MIDNIGHT):
        sweep()
        sweep()
    done = fresh(advance)
    assert (done.status, done.broken_at, done.broken_amount) == (S.BROKEN, MIDNIGHT, Decimal("140.00"))
    told = Message.objects.filter(template="advances.broken")
    assert {row.recipient for row in told} == {company.seller, company.cashier, company.boss}
    assert told.count() == 3
    assert deadline(advance).breached_at is not None and deadline(advance).closed_at is None


def test_one_that_is_paid_in_some_other_way_is_settled_at_its_day(company: Company) -> None:
    advance = company.used()
    Order.objects.filter(pk=advance.order_id).update(settled=Decimal("500.00"))
    with clock.at(MIDNIGHT):
        sweep()
    assert (fresh(advance).status, fresh(advance).broken_at) == (S.SETTLED, None)
    assert not Message.objects.filter(template="advances.broken").exists()


def test_one_that_was_not_used_breaks_nothing(company: Company) -> None:
    advance = company.granted()
    with clock.at(MIDNIGHT):
        sweep()
        expire()
    assert fresh(advance).status == S.EXPIRED


def test_nothing_more_leaves_under_a_broken_one(company: Company) -> None:
    advance = company.broken()
    company.world.receive("1", batch="B2")
    company.check(advance.order)
    found = company.told(advance.order)
    with refused("unpaid"):
        pickup.hand_over(Pickup.objects.get(pk=found.pk), by=company.world.root, identity="id_seen")


def test_a_broken_promise_blocks_every_order_of_the_customer_until_it_is_paid(company: Company) -> None:
    advance = company.broken()
    other = company.order(paid="0")
    with refused("promise_broken"):
        company.applied(other)
    with refused("promise_broken"):
        company.applied(advance.order)
    company.pay(advance.order, "139.99")
    with refused("promise_broken"):
        company.applied(other)
    company.pay(advance.order, "0.01")
    done = fresh(advance)
    assert done.status == S.SETTLED and done.broken_at is not None
    assert company.applied(other).status == S.APPLIED


def test_it_blocks_what_was_applied_for_before(company: Company) -> None:
    advance = company.used()
    other = company.order(paid="0")
    waiting = company.applied(other)
    with clock.at(MIDNIGHT):
        advances.break_promise(fresh(advance), by=User.objects.system("clock"))
    with refused("promise_broken"):
        company.asked(waiting)


def test_it_blocks_no_other_customer(company: Company) -> None:
    company.broken()
    other = company.world.new_customer(payment_terms="prepay")
    order = company.world.accepted(customer=other)
    Order.objects.filter(pk=order.pk).update(owner=company.seller)
    assert company.applied(order).status == S.APPLIED


def test_an_executive_lifts_the_block_with_the_reason_once(company: Company) -> None:
    advance = company.broken()
    other = company.order(paid="0")
    lifted = advances.lift_block(fresh(advance), by=company.chief, reason="客户已开承兑汇票")
    assert (lifted.status, lifted.lifted_by, lifted.lift_reason) == (S.BROKEN, company.chief, "客户已开承兑汇票")
    with refused("lifted"):
        advances.lift_block(fresh(advance), by=company.chief, reason="x")
    assert company.applied(other).status == S.APPLIED
    with clock.at(MORNING):
        assert company.applied(advance.order).left_then == Decimal("640.00")


def test_a_payment_taken_back_breaks_it_again(company: Company) -> None:
    advance = company.broken()
    payment = company.pay(advance.order, "140.00")
    orders.reverse_payment(payment, by=company.world.root, reason="退票")
    assert fresh(advance).status == S.BROKEN
    other = company.order(paid="0")
    with refused("promise_broken"):
        company.applied(other)


def test_a_broken_promise_ends_when_the_goods_come_back(company: Company) -> None:
    advance = company.broken()
    taken = Pickup.objects.get(order=advance.order_id, status=Pickup.Status.HANDED_OVER)
    pickup.reverse_later(taken, by=company.world.root, reason="退回")
    done = fresh(advance)
    assert (done.status, done.used_at, done.settled_at) == (S.SETTLED, None, MORNING)
    assert company.applied(company.order(paid="0")).status == S.APPLIED


def test_a_broken_promise_without_goods_is_settled_by_the_next_payment(company: Company) -> None:
    advance = company.broken()
    Advance.objects.filter(pk=advance.pk).update(used_at=None)  # as goods that came back left it until now
    company.pay(advance.order, "140.00")
    assert fresh(advance).status == S.SETTLED


def test_an_older_one_that_was_never_used_does_not_keep_a_settled_one_shut(company: Company) -> None:
    order = company.order(goods="5")
    unused = company.granted(order)
    with clock.at(shanghai(2, 0, 5, month=12)):
        assert expire() == 1
        given = {"expires_on": clock.today(), "promised_on": shanghai(4, 0, month=12).date()}
        advance = company.granted(order, **given)
        company.hand_over(order)
        payment = company.pay(order, "140.00")
        assert (fresh(unused).status, fresh(advance).status) == (S.EXPIRED, S.SETTLED)
        orders.reverse_payment(payment, by=company.world.root, reason="入错账")
        assert fresh(advance).status == S.GRANTED


def test_a_broken_promise_lowers_the_rating_by_a_step_with_its_reason(company: Company) -> None:
    customer = company.world.customer
    RatingPolicy.objects.all().delete()
    RatingPolicy.objects.create(rating="B", from_score=60, payment_terms="prepay")
    RatingPolicy.objects.create(rating="C", from_score=40, payment_terms="prepay")
    Standing.objects.update_or_create(customer=customer, defaults={"rating": "B"})
    advance = company.broken()
    change = RatingChange.objects.get(customer=customer)
    assert (change.rating_before, change.rating, change.by.username) == ("B", "C", "advances")
    assert advance.number in change.reason and "¥140.00" in change.reason and "2026-12-04" in change.reason


def test_a_customer_who_was_never_rated_breaks_a_promise_all_the_same(company: Company) -> None:
    assert company.broken().status == S.BROKEN
    assert Advance.objects.blocking(company.world.customer.pk).count() == 1
