"""A real worker on a real broker: what it was killed with is done by the next one."""

import pytest

from crm.deadlines.sweep import last_tick
from crm.deadlines.tasks import tick

pytestmark = pytest.mark.long


def test_a_worker_does_what_was_sent(worker, eventually):
    before = last_tick()
    tick.delay()
    eventually(lambda: last_tick() != before, log=worker.log)


def test_what_was_sent_while_no_worker_ran_is_done_later(worker, eventually):
    worker.kill()
    before = last_tick()
    tick.delay()
    assert last_tick() == before
    worker.start()
    eventually(lambda: last_tick() != before, log=worker.log)


def test_what_was_sent_is_done_although_the_broker_was_killed(worker, broker, eventually):
    worker.kill()
    before = last_tick()
    tick.delay()
    broker.popen.kill()
    broker.clear()
    broker.start()
    broker.wait_ready(30)
    worker.start()
    eventually(lambda: last_tick() != before, log=worker.log)


def test_the_worker_comes_back_to_a_broker_that_was_killed(worker, broker, eventually):
    broker.popen.kill()
    broker.clear()
    broker.start()
    broker.wait_ready(30)
    before = last_tick()
    tick.delay()
    eventually(lambda: last_tick() != before, log=worker.log)
