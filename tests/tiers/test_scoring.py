"""Tiers are worked out from what is known: measures, points, weights, thresholds, to the last figure (KH 2.2)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.deadlines.periodic import JOBS
from customers.models import Customer
from customers.tiers import actions as tiers
from customers.tiers import scoring
from customers.tiers.measures import MEASURES, Span, points
from customers.tiers.models import Judgement, Proposal, Scheme, Score, Weight
from customers.tiers.scoring import parameters, score, score_month, worked_out
from orders import actions as orders
from orders.models import Order
from tests.world import MORNING, World, nothing_moves

RISING = tuple(map(Decimal, (1, 3, 6, 12, 24)))
FALLING = tuple(map(Decimal, (180, 90, 60, 30, 14)))


def figures(world: World, customer: Customer | None = None) -> dict[str, tuple[str | None, int, int]]:
    """Of each measure its figure, points and weight."""
    (worked,) = worked_out([(customer or world.customer).pk], parameters())
    return {row["key"]: (row["figure"], row["points"], row["weight"]) for row in worked.measures}


@pytest.mark.parametrize(
    ("figure", "steps", "reached"),
    [
        (None, RISING, 0),
        ("0", RISING, 0),
        ("1", RISING, 1),
        ("11", RISING, 3),
        ("12", RISING, 4),
        ("100", RISING, 5),
        ("181", FALLING, 0),
        ("180", FALLING, 1),
        ("14", FALLING, 5),
        ("0", FALLING, 5),
        (None, FALLING, 0),
    ],
)
def test_a_figure_gives_a_point_for_each_step_that_it_reaches(figure: Any, steps: Any, reached: int) -> None:
    assert points(None if figure is None else Decimal(figure), steps) == reached


def test_a_span_is_of_whole_months_and_ends_with_the_last_day_of_a_shorter_one() -> None:
    span = Span(date(2026, 3, 31), 1)
    assert [each.date().isoformat() for each in (span.since, span.before, span.ago(12))] == [
        "2026-02-28",
        "2026-01-31",
        "2025-03-31",
    ]
    assert Span(date(2028, 2, 29), 12).since.date() == date(2027, 2, 28)


def test_the_defaults_weigh_a_hundred_and_know_all_eight_measures() -> None:
    assert {key: each.weight for key, each in MEASURES.items()} == {
        "value": 25,
        "potential": 10,
        "frequency": 15,
        "recency": 10,
        "growth": 10,
        "loyalty": 10,
        "need": 5,
        "payment": 15,
    }


def test_who_never_ordered_and_was_never_judged_has_no_figures_and_is_a_potential_customer(world: World) -> None:
    assert set(figures(world).values()) == {(None, 0, each.weight) for each in MEASURES.values()}
    (worked,) = worked_out([world.customer.pk], parameters())
    assert (worked.total, worked.tier) == (Decimal("0.00"), "potential")


def test_every_measure_says_what_the_orders_and_the_judgement_say(world: World) -> None:
    with clock.at(MORNING - timedelta(days=900)):
        world.product  # noqa: B018 - so that it has its price since then
    for days, quantity in ((5, "500"), (40, "100"), (400, "300"), (800, "7")):
        with clock.at(MORNING - timedelta(days=days)):
            order = world.new_order(quantity)
        Order.objects.filter(pk=order.pk).update(due_on=clock.today() - timedelta(days=1))
    first = Order.objects.order_by("pk").first()
    assert first is not None
    Order.objects.filter(pk=first.pk).update(paid=Decimal("60000"))
    with clock.at(MORNING - timedelta(days=3)):
        given_up = orders.cancel_order(world.new_order("9999"), by=world.root, reason="x")
        world.new_order("9999", draft=True)
    assert given_up.status == "cancelled"
    tiers.judge_customer(world.customer, by=world.root, potential=1, need=1, reason="先看看")
    tiers.judge_customer(world.customer, by=world.root, potential=4, need=2, reason="二期厂房")
    # 500 and 100 pieces at 128.00 in the twelve months; 300 in the twelve before them; one order more in two years.
    assert figures(world) == {
        "value": ("76800.00", 2, 25),
        "frequency": ("2", 1, 15),
        "recency": ("5", 5, 10),
        "growth": ("100.0", 5, 10),
        "loyalty": ("3", 2, 10),
        "payment": ("78.1", 1, 15),
        "potential": ("4", 4, 10),
        "need": ("2", 2, 5),
    }
    (worked,) = worked_out([world.customer.pk], parameters())
    # 50 + 15 + 50 + 50 + 20 + 15 + 40 + 10 = 250 of 500
    assert (worked.total, worked.tier) == (Decimal("50.00"), "regular")


def test_growth_is_none_for_who_is_gone_and_negative_for_who_orders_less(world: World) -> None:
    with clock.at(MORNING - timedelta(days=500)):
        world.new_order("100")  # the product has its price since then
    assert figures(world)["growth"] == ("-100.0", 0, 10)
    world.new_order("75")
    assert figures(world)["growth"] == ("-25.0", 0, 10)
    world.new_order("5")
    assert figures(world)["growth"] == ("-20.0", 1, 10)


def test_a_fen_that_is_missing_is_not_rounded_up_to_a_hundred_percent(world: World) -> None:
    order = world.new_order("1000")
    overdue = Order.objects.filter(pk=order.pk)
    overdue.update(due_on=clock.today() - timedelta(days=1), paid=order.total - Decimal("0.01"))
    assert figures(world)["payment"] == ("99.9", 4, 15)
    overdue.update(paid=order.total + 10)
    assert figures(world)["payment"] == ("100.0", 5, 15)
    overdue.update(due_on=clock.today(), paid=0)
    assert figures(world)["payment"] == (None, 0, 15)  # until today is in time


def test_the_scheme_in_force_counts_and_the_one_of_tomorrow_does_not(world: World) -> None:
    scheme = Scheme.objects.create(
        valid_from=clock.today(), vip_from=Decimal(90), key_from=Decimal(80), regular_from=Decimal(70)
    )
    for key in MEASURES:
        Weight.objects.create(
            scheme=scheme, measure=key, weight=3 if key == "need" else 0, one=1, two=2, three=3, four=4, five=5
        )
    Scheme.objects.create(valid_from=clock.today() + timedelta(days=1), months=60)
    tiers.judge_customer(world.customer, by=world.root, potential=0, need=4, reason="x")
    (worked,) = worked_out([world.customer.pk], parameters())
    assert worked.measures == [{"key": "need", "figure": "4", "points": 4, "weight": 3}]
    assert (worked.total, worked.tier) == (Decimal("80.00"), "key")
    with clock.at(MORNING + timedelta(days=1)):
        assert parameters().months == 60


def test_a_month_is_worked_out_once_and_who_is_lost_is_left_alone(world: World) -> None:
    one, two, lost = world.new_customer(), world.new_customer(tier="potential"), world.new_customer(status="lost")
    assert score_month() == 2
    assert set(Score.objects.values_list("customer", "tier", "total")) == {
        (each.pk, "potential", Decimal("0.00")) for each in (one, two)
    }
    proposal = Proposal.objects.get()  # of the regular one alone; the other has what is worked out
    assert (proposal.customer, proposal.before, proposal.tier, proposal.status) == (one, "regular", "potential", "open")
    with nothing_moves():
        assert score_month() == 0
    with clock.at(MORNING + timedelta(days=20)):  # another month
        assert score_month() == 2
    assert not Score.objects.filter(customer=lost).exists()
    assert Proposal.objects.get().proposed_at == MORNING + timedelta(days=20)
    assert "tiers.propose" in JOBS


def test_a_proposal_that_is_no_longer_true_is_withdrawn_by_the_clock(world: World) -> None:
    proposal = tiers.score_customer(world.customer, by=world.root)
    Customer.objects.filter(pk=world.customer.pk).update(tier="potential")
    assert score([world.customer.pk]) == {}
    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"


def test_what_was_overridden_rests_for_half_a_year(world: World) -> None:
    proposal = tiers.score_customer(world.customer, by=world.root)
    tiers.override_proposal(proposal, by=world.root, tier="regular", reason="首单在谈")
    assert tiers.score_customer(world.customer, by=world.root) == world.customer
    assert Proposal.objects.count() == 1
    with clock.at(MORNING + timedelta(days=179)):
        assert score([world.customer.pk]) == {}
    with clock.at(MORNING + timedelta(days=181)):
        assert score([world.customer.pk])[world.customer.pk].status == "open"


def test_the_number_of_queries_does_not_grow_with_the_customers(world: World, django_assert_num_queries: Any) -> None:
    def asked(customers: list[Customer]) -> None:
        # Parameters, locking the customers, eight measures, scores, open proposals, what rests, new proposals.
        with django_assert_num_queries(14):
            score([each.pk for each in customers])

    few, many = [world.new_customer() for _each in range(2)], [world.new_customer() for _each in range(30)]
    for each in [*few, *many]:
        Judgement.objects.create(customer=each, potential=3, need=3, reason="x", by=world.root)
    asked(few)
    asked(many)
    assert Proposal.objects.count() == 32


def test_a_night_without_anything_to_work_out_is_one_query_however_many_there_are(world: World) -> None:
    for number in (3, 30):
        for _each in range(number - Customer.objects.count()):
            world.new_customer()
        assert score_month() > 0
        with CaptureQueriesContext(connection) as queries:
            assert score_month() == 0
        assert len(queries) == 1


def test_working_thirty_out_asks_as_much_as_three(world: World) -> None:
    counts = []
    for number in (3, 30):
        for _each in range(number - Customer.objects.count()):
            world.new_customer()
        Score.objects.all().delete()
        score_month()
        Score.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert score_month() == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_customer_who_cannot_be_worked_out_keeps_nobody_from_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, *others = [world.new_customer() for _each in range(3)]

    def broken(customers: list[int], by: Any) -> Any:
        if first.pk in customers:
            raise RuntimeError("broken")
        return worked_out(customers, by)

    monkeypatch.setattr(scoring, "worked_out", broken)
    assert score_month() == Customer.objects.count() - 1
    assert not Score.objects.filter(customer=first).exists()
    assert Score.objects.filter(customer__in=others).count() == 2
    assert f"Customer {first.pk} could not be handled" in caplog.text
    monkeypatch.setattr(scoring, "worked_out", worked_out)
    assert score_month() == 1  # the next night is another chance
