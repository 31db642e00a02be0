"""Periodic jobs: they run when due, once, in one place; a failure or a missed day is made up."""

from datetime import time, timedelta

import pytest

from crm import clock
from crm.deadlines import periodic as periodic_
from crm.deadlines.models import PeriodicRun
from crm.deadlines.periodic import due_jobs, periodic, run
from crm.deadlines.tasks import run_job, tick
from tests.deadlines.calendars import at, local

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_jobs(monkeypatch):
    monkeypatch.setattr(periodic_, "JOBS", {})


def runs(moment: str) -> list[str]:
    """What runs at a tick at that moment."""
    with clock.at(at(moment)):
        return [name for name in due_jobs() if run(name)]


def test_a_job_runs_every_so_often():
    periodic("t.often", every=timedelta(minutes=5))(lambda: None)
    assert [runs(f"09-14 09:{minute:02}") for minute in (0, 4, 5, 6)] == [["t.often"], [], ["t.often"], []]


def test_a_daily_job_runs_once_a_day_at_its_time():
    periodic("t.daily", at=time(2, 30))(lambda: None)
    assert runs("09-14 09:00") == []
    assert runs("09-15 02:29") == []
    assert runs("09-15 02:30") == ["t.daily"]
    assert runs("09-15 02:31") == []


def test_a_missed_first_of_july_is_made_up_once():
    periodic("t.yearly", on=(7, 1), at=time(8))(lambda: None)
    assert runs("06-30 09:00") == []
    assert runs("07-20 09:00") == ["t.yearly"]
    assert runs("07-21 09:00") == []
    assert local(PeriodicRun.objects.get().next_at) == "2027-07-01 08:00"


def test_a_job_that_fails_runs_again_later_and_the_others_go_on():
    failing = iter([True, True, False])

    def work() -> None:
        if next(failing):
            raise OSError("disk full")

    periodic("t.failing", at=time(2, 30))(work)
    periodic("t.other", every=timedelta(minutes=1))(lambda: None)
    runs("09-14 09:00")
    assert runs("09-15 02:30") == ["t.other"]
    row = PeriodicRun.objects.get(pk="t.failing")
    assert (row.failures, row.error, local(row.next_at)) == (1, "OSError", "2026-09-15 02:35")
    assert runs("09-15 02:35") == ["t.other"]
    assert local(PeriodicRun.objects.get(pk="t.failing").next_at) == "2026-09-15 02:45"
    assert "t.failing" in runs("09-15 02:45")
    row.refresh_from_db()
    assert (row.failures, row.error, local(row.next_at)) == (0, "", "2026-09-16 02:30")


def test_a_wake_up_that_comes_twice_runs_the_job_once():
    done = []
    periodic("t.once", every=timedelta(minutes=5))(lambda: done.append(1))
    with clock.at(at("09-14 09:00")):
        assert due_jobs() == ["t.once"]
        run_job("t.once")
        run_job("t.once")
    assert done == [1]


def test_two_jobs_of_one_name_are_refused():
    periodic("t.twice", every=timedelta(minutes=5))(lambda: None)
    with pytest.raises(TypeError, match=r"two jobs are named t\.twice"):
        periodic("t.twice", every=timedelta(minutes=5))(lambda: None)


def test_the_tick_sweeps_and_wakes_what_is_due(monkeypatch):
    woken = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **options: woken.append((args, options)))
    periodic("t.often", every=timedelta(minutes=5))(lambda: None)
    with clock.at(at("09-14 09:00")):
        tick()
        tick()
    assert woken == [(("t.often",), {"expires": 60, "retry": False})] * 2
    assert periodic_.last_tick() == at("09-14 09:00")
