"""An order beyond its customer's limit, or of one with overdue debt, stops for a decision: at review and counter."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from customers.credit.exposure import OVERDUE, OWED, PARTS
from customers.credit.models import RatingPolicy, Standing
from customers.models import Customer
from orders import actions as orders
from orders.findings import findings
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.verdict import verdict
from tests.credit.conftest import Company
from tests.world import HANDED, World, refused

S = Order.Status


def trust(customer: Customer, limit: str = "1280", **facts: Any) -> Standing:
    """Let the customer be trusted with so much until the end of the year."""
    given = {"rating": "C", "limit": Decimal(limit), "valid_until": date(2026, 12, 31), **facts}
    return Standing.objects.update_or_create(customer=customer, defaults=given)[0]


def codes(order: Order) -> list[tuple[str, bool]]:
    return [(each.code, each.stop) for each in findings(Order.objects.get(pk=order.pk))]


def test_a_company_that_rates_nobody_is_stopped_by_nothing(world: World) -> None:
    assert codes(world.new_order()) == []
    assert world.reviewed().status == S.REVIEWED


def test_an_order_on_account_needs_a_valid_assessment(company: Company) -> None:
    order = company.world.new_order()
    assert codes(order) == [("no_assessment", True)]
    with refused("findings"):
        orders.pass_review(order, by=company.world.root)
    with refused("no_assessment"):
        ACTIONS["orders.ask_allow_credit"](order, by=company.world.root, reason="急单")
    trust(company.customer, valid_until=date(2026, 11, 22))
    assert codes(order) == [("no_assessment", True)]
    trust(company.customer, valid_until=date(2026, 11, 23))
    assert codes(order) == []
    assert orders.pass_review(order, by=company.world.root).status == S.REVIEWED


@pytest.mark.parametrize("terms", ["prepay", "cash"])
def test_an_order_that_is_paid_first_needs_none(company: Company, terms: str) -> None:
    Customer.objects.filter(pk=company.customer.pk).update(payment_terms=terms)
    order = company.world.new_order(customer=Customer.objects.get(pk=company.customer.pk))
    assert orders.pass_review(order, by=company.world.root).status == S.REVIEWED


def test_exactly_the_limit_may_be_used_and_not_a_fen_more(company: Company) -> None:
    trust(company.customer, "1280.00")
    assert codes(company.world.new_order()) == []
    trust(company.customer, "1279.99")
    order = company.world.new_order()
    assert codes(order) == [("over_limit", True)]
    assert findings(order)[0].sentence == (
        "With this order the limit of ¥1,279.99 is exceeded by ¥0.01; ¥0.00 is used without it."
    )


def test_what_is_open_already_counts(company: Company) -> None:
    trust(company.customer, "2000")
    first, second = company.world.new_order(), company.world.new_order()
    orders.pass_review(first, by=company.world.root)
    assert codes(second) == [("over_limit", True)]
    orders.enter_payment(Order.objects.get(pk=first.pk), by=company.world.root, amount=Decimal("559.99"))
    assert codes(second) == [("over_limit", True)]
    orders.enter_payment(Order.objects.get(pk=first.pk), by=company.world.root, amount=Decimal("0.01"))
    assert codes(second) == []


def allowed(company: Company, order: Order, reason: str = "年底冲量") -> Order:
    """Alice asks, her manager and finance agree."""
    world = company.world
    boss = User.objects.filter(username="boss").first() or world.boss
    Order.objects.filter(pk=order.pk).update(applied_by=company.seller)
    ACTIONS["orders.ask_allow_credit"](Order.objects.get(pk=order.pk), by=company.seller, reason=reason)
    for user in (boss, company.cashier):
        approvals.approve(Task.objects.get(approver=user, status="waiting"), by=user, opinion="同意")
    return Order.objects.get(pk=order.pk)


def test_a_decision_lets_the_order_pass_and_leaves_a_note(company: Company) -> None:
    trust(company.customer, "1000")
    order = company.world.new_order()
    Order.objects.filter(pk=order.pk).update(applied_by=company.seller)
    with refused("needs_approval"):
        orders.allow_credit(Order.objects.get(pk=order.pk), by=company.seller, reason="年底冲量")
    order = allowed(company, order)
    request = ApprovalRequest.objects.get()
    said = {fact["key"]: fact["text"]["en"] for fact in request.question.wording}
    assert said == {
        "customer": company.customer.name,
        "total": "¥1,280.00",
        "rating": "C",
        "limit": "¥1,000.00",
        "others": "¥0.00",
        "beyond": "¥280.00",
        "overdue": "¥0.00",
        "reason": "年底冲量",
    }
    assert (order.credit_allowed, order.credit_overdue, order.credit_reason) == (1280, 0, "年底冲量")
    assert codes(order) == [("over_limit", False)]
    assert findings(order)[0].sentence.endswith("It was allowed: 年底冲量")
    with refused("allowed"):
        ACTIONS["orders.ask_allow_credit"](order, by=company.seller, reason="再来")
    assert orders.pass_review(order, by=company.world.root).status == S.REVIEWED


def test_a_higher_total_needs_another_decision(company: Company) -> None:
    trust(company.customer, "1000")
    order = allowed(company, company.world.new_order())
    Order.objects.filter(pk=order.pk).update(total=Decimal("1280.01"))
    assert codes(order) == [("over_limit", True)]
    with refused("findings"):
        orders.pass_review(Order.objects.get(pk=order.pk), by=company.world.root)


def test_what_changes_while_it_is_decided_is_asked_anew(company: Company) -> None:
    trust(company.customer, "1000")
    boss = company.world.boss
    order = company.world.new_order()
    Order.objects.filter(pk=order.pk).update(applied_by=company.seller)
    ACTIONS["orders.ask_allow_credit"](Order.objects.get(pk=order.pk), by=company.seller, reason="急")
    trust(company.customer, "900")
    from crm.approvals.healing import voided

    voided(User.objects.system("approvals"))
    states = list(ApprovalRequest.objects.order_by("pk").values_list("status", flat=True))
    assert states == ["void", "waiting"]
    assert Order.objects.get(pk=order.pk).credit_allowed is None
    assert Task.objects.filter(approver=boss, status="waiting").count() == 1


def test_overdue_debt_stops_until_it_is_paid_or_allowed(company: Company) -> None:
    trust(company.customer, "9999")
    late = company.world.reviewed()
    late.lines.update(collected=10)
    Order.objects.filter(pk=late.pk).update(status=S.COLLECTED, due_on=date(2026, 11, 22))
    order = company.world.new_order()
    assert codes(order) == [("overdue", True)]
    assert findings(order)[0].sentence == "The customer owes ¥1,280.00 that is overdue."
    order = allowed(company, order)
    assert codes(order) == [("overdue", False)]
    assert order.credit_overdue == Decimal("1280.00")
    Order.objects.filter(pk=late.pk).update(settled=Decimal("1280.01"))
    assert codes(order) == [("overdue", True)]  # more is overdue than was decided about
    orders.enter_payment(Order.objects.get(pk=late.pk), by=company.world.root, amount=Decimal("1280.01"))
    assert codes(order) == []


def test_nothing_is_allowed_where_nothing_stops(company: Company) -> None:
    trust(company.customer, "9999")
    order = company.world.new_order()
    with refused("no_credit_stop"):
        ACTIONS["orders.ask_allow_credit"](order, by=company.world.root, reason="多此一举")


# At the goods' way out.


def here(company: Company, limit: str = "1280") -> Pickup:
    """A pickup of ten pieces on account that stands at the counter."""
    trust(company.customer, "100000")
    found = company.world.notified()
    trust(company.customer, limit)
    return found


def stopped(found: Pickup) -> list[str]:
    return [each.code for each in verdict(Pickup.objects.get(pk=found.pk)).stops]


def test_goods_within_the_limit_leave(company: Company) -> None:
    found = here(company)
    assert stopped(found) == []
    pickup.hand_over(found, by=company.world.root, **HANDED)
    order = Order.objects.get(pk=found.order_id)
    assert (order.status, order.due_on) == (S.COLLECTED, date(2026, 11, 23))


def test_goods_beyond_the_limit_are_red_and_may_be_handed_over_all_the_same(company: Company) -> None:
    found = here(company, "1279.99")
    shown = verdict(Pickup.objects.get(pk=found.pk))
    [stop] = shown.stops
    assert (shown.colour, stop.code, stop.final) == ("red", "credit", False)
    assert stop.sentence == "With these goods the customer owes ¥0.01 more than his limit of ¥1,279.99."
    with refused("credit"):
        pickup.hand_over(found, by=company.world.root, **HANDED)
    record = pickup.hand_over_anyway(found, by=company.world.root, override="经理同意", **HANDED)
    assert record.overridden == ["credit"]


def test_what_he_owes_already_counts_at_the_counter(company: Company) -> None:
    found = here(company, "1663.99")
    owing_order(company, "384.00", days=10)
    assert stopped(found) == ["credit"]
    trust(company.customer, "1664.00")
    assert stopped(found) == []


def owing_order(company: Company, amount: str, days: int) -> Order:
    other = company.world.new_order("3")
    other.lines.update(collected=3, amount=Decimal(amount))
    changed = {"status": S.COLLECTED, "total": Decimal(amount), "due_on": clock.today() + timedelta(days=days)}
    Order.objects.filter(pk=other.pk).update(**changed)
    return Order.objects.get(pk=other.pk)


def test_overdue_debt_is_red_at_the_counter_whatever_the_limit(company: Company) -> None:
    found = here(company, "100000")
    owing_order(company, "384.00", days=0)
    assert stopped(found) == []
    late = owing_order(company, "0.01", days=-1)
    [stop] = verdict(Pickup.objects.get(pk=found.pk)).stops
    assert (stop.code, stop.sentence) == ("credit", "The customer owes ¥0.01 that is overdue.")
    orders.enter_payment(late, by=company.world.root, amount=Decimal("0.01"))
    assert stopped(found) == []


def test_a_decision_about_the_order_holds_at_the_counter_too(company: Company) -> None:
    found = here(company, "1000")
    order = allowed(company, Order.objects.get(pk=found.order_id))
    assert stopped(found) == []
    Order.objects.filter(pk=order.pk).update(credit_allowed=Decimal("1279.99"))
    assert stopped(found) == ["credit"]


def test_a_delivery_is_stopped_as_the_counter_is(company: Company) -> None:
    trust(company.customer, "100000")
    order = company.world.ready(fulfilment="delivery", place="成都市")
    trust(company.customer, "1000")
    facts = {"at": clock.now(), "place": "成都市", "receiver": "赵四", "prepared": ["packaging"]}
    with refused("credit"):
        pickup.deliver_order(order, by=company.world.root, **facts)
    trust(company.customer, "1280")
    done = pickup.deliver_order(order, by=company.world.root, **facts)
    assert (done.status, done.due_on) == (S.COLLECTED, date(2026, 11, 23))


def test_taking_a_handover_back_takes_its_day_back(company: Company) -> None:
    found = here(company)
    record = pickup.hand_over(found, by=company.world.root, **HANDED)
    Customer.objects.filter(pk=company.customer.pk).update(payment_days=30)
    pickup.reverse_handover(Pickup.objects.get(pk=record.pickup_id), by=company.world.root, reason="拿错")
    assert Order.objects.get(pk=found.order_id).due_on is None


def test_days_to_pay_are_counted_from_the_last_goods(company: Company) -> None:
    Customer.objects.filter(pk=company.customer.pk).update(payment_days=30)
    company.world.__dict__["customer"] = Customer.objects.get(pk=company.customer.pk)
    found = here(company)
    pickup.hand_over(found, by=company.world.root, **HANDED)
    assert Order.objects.get(pk=found.order_id).due_on == date(2026, 12, 23)


def test_an_order_from_before_the_ratings_is_stopped_only_by_overdue_debt(company: Company) -> None:
    found = here(company)
    Standing.objects.all().delete()
    assert stopped(found) == []
    owing_order(company, "5.00", days=-3)
    assert stopped(found) == ["credit"]


def asked(question: Callable[[], Any]) -> int:
    question()  # statements are planned
    with CaptureQueriesContext(connection) as found:
        question()
    return len(found)


def test_the_verdict_asks_little_more(company: Company) -> None:
    found = here(company)
    costs = asked(lambda: verdict(Pickup.objects.get(pk=found.pk)))
    Order.objects.filter(pk=found.order_id).update(payment_terms="prepay", paid=Decimal("1280"))
    paid_first = asked(lambda: verdict(Pickup.objects.get(pk=found.pk)))
    Order.objects.filter(pk=found.order_id).update(payment_terms="credit", paid=Decimal(0))
    RatingPolicy.objects.all().delete()
    unrated = asked(lambda: verdict(Pickup.objects.get(pk=found.pk)))
    # Paid first it asks what the goods cost, on account who is trusted and, where somebody is, what he owes.
    owed = [part for part in PARTS.values() if part.kind in (OWED, OVERDUE)]
    assert (paid_first, costs) == (unrated, unrated + len(owed))
