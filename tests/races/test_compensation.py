"""Compensations at the same moment: signed once, taken off once, replaced once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from complaints import actions as complaints
from complaints.compensation import actions
from complaints.compensation.models import Agreement, Replacement
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import User
from orders.models import Allowance
from tests.compensation.conftest import Desk, figures
from tests.races.conftest import at_once
from tests.world import World, scan


@pytest.fixture
def desk(world: World) -> Desk:
    cache.clear()
    return Desk(world)


def back(desk: Desk, pk: int) -> Any:
    given = {"his_name": "王小明", "his_day": clock.today(), "scan": scan()}
    return lambda: actions.return_agreement(
        Agreement.objects.get(pk=pk), by=User.objects.get(pk=desk.support.pk), **given
    )


def test_a_copy_that_two_enter_at_once_is_taken_off_once(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=Decimal("120.00"))
    agreement = desk.sealed(complaint)
    answers = at_once(back(desk, agreement.pk), back(desk, agreement.pk))
    assert sorted(map(str, answers)) == ["BC2026-000001", "wrong_state"]
    assert Allowance.objects.count() == 1
    assert figures(desk.order(complaint))["due"] == "1160.00"


def test_the_copy_comes_as_the_plan_is_changed(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=Decimal("120.00"))
    agreement = desk.sealed(complaint)
    change = lambda: complaints.change_plan(  # noqa: E731
        Complaint.objects.get(), by=User.objects.get(pk=desk.world.boss.pk), reason="改主意"
    )
    at_once(back(desk, agreement.pk), change)
    agreement, complaint = Agreement.objects.get(), Complaint.objects.get()
    due = figures(desk.order(complaint))["due"]
    assert (agreement.status, complaint.status, due) in (
        ("in_force", "carrying_out", "1160.00"),
        ("dropped", "found", "1280.00"),
    )


def test_of_two_replacement_orders_at_once_one_is_made(desk: Desk) -> None:
    desk.decided("replacement")
    world = desk.world
    line = {"product": world.product, "quantity": Decimal(2), "unit": world.piece, "factor": Decimal(1)}
    given = {"lines": [line], "wanted_on": clock.today() + timedelta(days=2), "type": world.type}
    make = lambda: actions.order_replacement(  # noqa: E731
        Complaint.objects.get(), by=User.objects.get(pk=world.alice.pk), **given
    )
    answers = at_once(make, make)
    assert "replaced" in answers
    assert Replacement.objects.count() == 1


def test_the_last_measure_and_the_signed_copy_together_carry_it_out(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=Decimal("120.00"))
    agreement = desk.sealed(complaint)
    measure = complaint.measures.get(kind="remedy")
    done = lambda: complaints.finish_measure(  # noqa: E731
        measure, by=User.objects.get(pk=measure.owner_id), outcome="已完成", proof=scan("proof.pdf")
    )
    at_once(back(desk, agreement.pk), done)
    assert Complaint.objects.get().status == "carried_out"
