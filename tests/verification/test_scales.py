"""The register of scales: who keeps it, its certificates, and the time limit that warns before one expires."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from complaints.verification import actions
from complaints.verification.models import Scale
from crm import clock
from crm.accounts.models import Department
from crm.deadlines.models import Deadline
from crm.refusals import Forbidden
from tests.verification.conftest import Bench
from tests.world import nothing_moves, refused, scan, shanghai

CERTIFICATE = {
    "number": "JD-1",
    "issued_by": "计量院",
    "issued_on": date(2026, 1, 1),
    "valid_until": date(2026, 12, 31),
}


def open_deadline(scale: Scale) -> Deadline:
    return Deadline.objects.open().about(scale).get(rule="scale.certificate")


def test_a_scale_without_certificate_needs_one_on_the_day_it_is_registered(bench: Bench) -> None:
    scale = bench.scale()
    deadline = open_deadline(scale)
    assert deadline.due_at.astimezone(clock.now().tzinfo).date() == clock.today()
    assert deadline.responsible == bench.weigher
    bench.certify(scale, date(2026, 3, 1), date(2027, 2, 28))
    assert Deadline.objects.about(scale).filter(outcome=Deadline.Outcome.MET).count() == 1
    scale = bench.fresh(scale)
    assert (scale.certificate_number, scale.valid_until) == ("JD-2026-1", date(2027, 2, 28))
    deadline = open_deadline(scale)
    assert deadline.due_at.astimezone(clock.now().tzinfo).date() == date(2027, 2, 28)
    assert deadline.warn_at is not None
    assert deadline.warn_at.astimezone(clock.now().tzinfo).date() == date(2027, 1, 29)


def test_an_older_certificate_is_kept_and_does_not_shorten_the_time(bench: Bench) -> None:
    scale = bench.certified()
    bench.certify(scale, date(2025, 3, 1), date(2026, 2, 28), "JD-2025-9")
    scale = bench.fresh(scale)
    assert (scale.certificate_number, scale.valid_until) == ("JD-2026-1", date(2027, 2, 28))
    assert [each.number for each in scale.certificates.all()] == ["JD-2026-1", "JD-2025-9"]
    held = {day: scale.certificate_on(day) for day in (date(2025, 2, 28), date(2026, 2, 28), date(2026, 3, 1))}
    assert [each.number if each else None for each in held.values()] == [None, "JD-2025-9", "JD-2026-1"]
    with refused("certificate_of_a_scale_once"):
        bench.certify(scale, date(2025, 3, 1), date(2026, 2, 28), "JD-2025-9")


def test_only_the_head_of_the_weighbridge_keeps_its_scale(bench: Bench) -> None:
    scale = bench.scale()
    other = bench.world.person("other_keeper", "warehouse")
    with refused("not_keeper"):
        actions.enter_certificate(scale, by=other, file=scan(), **CERTIFICATE)
    with refused("not_keeper"):
        actions.change_scale(scale, by=other, place="二号门")
    with refused("not_keeper"):
        actions.retire_scale(scale, by=other, reason="旧")
    with nothing_moves(), pytest.raises(Forbidden):
        actions.enter_certificate(scale, by=bench.world.alice, file=scan(), **CERTIFICATE)
    head = bench.world.person("head_of_keepers", "warehouse")
    Department.objects.filter(code="warehouse").update(head=head)
    actions.enter_certificate(scale, by=head, file=scan(), **CERTIFICATE)
    actions.change_scale(bench.fresh(scale), by=bench.weigher, place="二号门", owner=other)
    scale = bench.fresh(scale)
    assert (scale.place, scale.owner) == ("二号门", other)
    with refused("not_keeper"):
        actions.retire_scale(scale, by=bench.weigher, reason="旧")


def test_a_retired_scale_is_not_asked_for_a_certificate(bench: Bench) -> None:
    scale = bench.scale()
    actions.retire_scale(scale, by=bench.weigher, reason="报废")
    assert not Deadline.objects.open().about(scale).exists()
    with refused("wrong_state"):
        actions.enter_certificate(scale, by=bench.weigher, file=scan(), **CERTIFICATE)
    actions.reinstate_scale(scale, by=bench.weigher)
    assert (scale.status, scale.reason) == ("in_use", "")
    assert Deadline.objects.open().about(scale).filter(rule="scale.certificate").exists()


def test_a_scale_that_weighs_less_than_its_division_is_refused(bench: Bench) -> None:
    with nothing_moves(), pytest.raises(ValidationError):
        bench.scale(capacity=Decimal(10), division=Decimal(20))
    bench.scale()
    with nothing_moves(), pytest.raises(ValidationError):
        bench.scale()


def test_a_weighing_knows_the_certificate_of_its_own_day(bench: Bench) -> None:
    verification, scale = bench.opened("pickup"), bench.scale()
    bench.certify(scale, date(2025, 11, 20), date(2026, 11, 19))
    early = bench.weigh(verification, "loaded", 30000, scale=scale, at=shanghai(19, 23, 59))
    late = bench.weigh(verification, "loaded", 30000, scale=scale, at=shanghai(20, 0, 1))
    assert (early.uncertified, late.uncertified) == (False, True)
