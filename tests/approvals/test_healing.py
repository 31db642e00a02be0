"""What the clock does about requests: it asks no more of many about which nothing is to be done than of a few."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.accounts.models import Absence, User
from crm.actions import Action
from crm.approvals import healing
from crm.approvals.changing import changed
from crm.approvals.engine import system
from crm.approvals.models import ApprovalRequest, Task
from crm.approvals.people import may_decide_at_all, who_may_decide
from crm.deadlines.periodic import JOBS
from crm.outbox.models import Message
from customers.models import Customer
from tests.approvals.conftest import allow, fresh
from tests.world import World

S, T = ApprovalRequest.Status, Task.Status


def asked(world: World, action: Action, number: int) -> list[ApprovalRequest]:
    """So many requests, each for a rebate to a customer of its own."""
    ask = healing.ACTIONS["customers.ask_grant_rebate"]
    there = Customer.objects.count()
    facts = {"owner": world.alice, "department": world.sales, "region": "成都"}
    made = [
        Customer.objects.create(code=f"KH-{each}", name=f"甲{each}公司", **facts)
        for each in range(there, there + number)
    ]
    return [ask(each, by=world.alice, amount=100) for each in made]


def run() -> int:
    """How many queries a run of the job takes."""
    with CaptureQueriesContext(connection) as queries:
        JOBS["approvals.check"].body()
    return len(queries)


def away(world: World) -> None:
    Absence.objects.create(user=world.boss, first_day="2026-11-23", last_day="2026-11-24", deputy=world.bob)


def told(user: User) -> int:
    return Message.objects.filter(template="approvals.asked", recipient=user).count()


def test_thirty_requests_about_which_nothing_is_to_be_done_cost_what_three_do(
    world: World, rebate: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(healing, "AT_ONCE", 3)
    asked(world, rebate, 3)
    away(world)
    run()
    assert told(world.bob) == 3
    few = run()
    asked(world, rebate, 27)
    run()
    assert (run(), told(world.bob)) == (few, 30)
    assert ApprovalRequest.objects.filter(status=S.WAITING).count() == 30


def test_a_deputy_who_was_asked_at_the_beginning_is_not_told_again(world: World, rebate: Action) -> None:
    away(world)
    asked(world, rebate, 2)
    run()
    assert (told(world.bob), told(world.boss)) == (2, 0)


def test_of_many_requests_those_are_compared_that_were_not_the_longest(
    world: World, rebate: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(healing, "AT_ONCE", 2)
    requests = asked(world, rebate, 5)
    Customer.objects.filter(pk=requests[4].subject_pk).update(region="重庆")
    assert [healing.voided(system()) for _run in range(3)] == [0, 0, 1]
    Customer.objects.filter(pk=requests[0].subject_pk).update(region="重庆")
    assert [healing.voided(system()) for _run in range(2)] == [1, 0]  # its turn comes before the last ones'
    assert [ApprovalRequest.objects.get(pk=each.pk).status for each in requests] == [S.VOID, *[S.WAITING] * 3, S.VOID]


def test_what_is_about_a_record_that_has_gone_on_does_not_wait_for_its_turn(
    world: World, rebate: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(healing, "AT_ONCE", 1)
    requests = asked(world, rebate, 3)
    monkeypatch.setattr(rebate, "source", frozenset({Customer.objects.get(pk=requests[2].subject_pk).status}))
    assert healing.voided(system()) == 0
    Customer.objects.filter(pk=requests[2].subject_pk).update(status=Customer.Status.LOST)
    assert healing.voided(system()) == 1
    assert ApprovalRequest.objects.get(pk=requests[2].pk).status == S.VOID


def failing_for(request: ApprovalRequest, function: Callable) -> Callable:
    """The function, but for this request, of which it says that something is broken."""

    def broken(each: ApprovalRequest, *more: object) -> object:
        if each.pk == request.pk:
            raise RuntimeError("broken")
        return function(each, *more)

    return broken


def test_one_request_that_cannot_be_compared_keeps_nobody_from_the_others(
    world: World, rebate: Action, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = asked(world, rebate, 2)
    monkeypatch.setattr(healing, "changed", failing_for(first, changed))
    Customer.objects.update(region="重庆")
    assert healing.voided(system()) == 1
    assert ApprovalRequest.objects.get(pk=second.pk).status == S.VOID
    assert f"ApprovalRequest {first.pk} could not be handled" in caplog.text


def test_one_task_that_cannot_be_passed_on_keeps_nobody_from_the_others(
    world: World, rebate: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (each.tasks.get() for each in asked(world, rebate, 2))
    away(world)
    real = healing.telling.asked
    monkeypatch.setattr(healing.telling, "asked", failing_for(first, real))  # type: ignore[arg-type]
    assert (healing.handed_over(), told(world.bob)) == (1, 1)
    monkeypatch.setattr(healing.telling, "asked", real)
    assert (healing.handed_over(), told(world.bob)) == (1, 2)  # the next run is another chance
    assert Message.objects.filter(recipient=world.bob, subject_pk=second.request_id).count() == 1


def test_who_may_decide_is_the_same_by_one_query_as_of_each(world: World) -> None:
    allow()
    right = Permission.objects.get(codename="approve", content_type__app_label="approvals")
    world.person("left", "executive", is_active=False)
    world.person("plain").user_permissions.add(right)
    world.stranger, world.root, world.reader  # noqa: B018 - so that they are there
    for taken in (False, True):
        if taken:
            right.group_set.set(Group.objects.filter(name="executive"))
        everybody = [fresh(user) for user in User.objects.all()]
        one_by_one = {user.username for user in everybody if may_decide_at_all(user)}
        assert set(who_may_decide().values_list("username", flat=True)) == one_by_one
        assert ({"root", "plain", "chief"} <= one_by_one, "left" in one_by_one) == (True, False)
        assert ("alice" in one_by_one) is not taken
