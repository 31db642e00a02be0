"""Two sweeps at once, with real transactions and real locks: everything is told exactly once."""

import threading

import pytest
from django.db import connection

from crm import clock
from crm.deadlines import sweep as sweep_
from crm.deadlines.models import Deadline
from crm.deadlines.sweep import sweep
from crm.deadlines.turn import turn
from crm.outbox.models import Message
from customers.models import Note
from tests.deadlines.calendars import at

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs) -> None:
    """Run the jobs in threads that begin together, each with a connection of its own."""
    barrier, errors = threading.Barrier(len(jobs)), []

    def run(job) -> None:
        try:
            barrier.wait(60)
            with clock.at(at("09-14 14:30")):
                job()
        except Exception as error:  # noqa: BLE001 - it fails the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []


def test_two_sweeps_at_once_tell_everybody_once(entry_rule, note, monkeypatch):
    monkeypatch.setattr(sweep_, "BATCH", 3)
    for _number in range(20):
        note("09-14 09:00")
    at_once(sweep, sweep, sweep)
    assert set(Deadline.objects.values_list("step", flat=True)) == {Deadline.DUE_TOLD}
    told = list(Message.objects.values_list("recipient__username", "template"))
    assert (told.count(("alice", "deadlines.due")), told.count(("boss", "deadlines.late"))) == (20, 20)


def test_even_without_the_lock_of_the_sweep_two_tell_everybody_once(entry_rule, note, monkeypatch):
    monkeypatch.setattr(sweep_, "BATCH", 3)
    for _number in range(20):
        note("09-14 09:00")

    def batches() -> None:
        while sweep_._batch():
            pass

    at_once(batches, batches)
    assert Message.objects.count() == 40
    assert set(Deadline.objects.values_list("step", flat=True)) == {Deadline.DUE_TOLD}


def test_a_sweep_beside_the_verb_that_meets_it_leaves_it_met(entry_rule, note):
    found = note("09-14 09:00")

    def meet() -> None:
        Note.objects.filter(pk=found.pk).update(status=Note.Status.ENTERED)
        turn(Note.objects.get(pk=found.pk), "customers.enter_customer")

    at_once(sweep, meet)
    row = Deadline.objects.get()
    assert (row.outcome, row.state, row.next_at) == ("met", "met", None)


def test_two_that_open_the_same_deadline_open_one(entry_rule, note, people):
    found = note("09-14 09:00")
    Deadline.objects.all().delete()
    at_once(lambda: turn(found), lambda: turn(Note.objects.get(pk=found.pk)))
    assert Deadline.objects.count() == 1
