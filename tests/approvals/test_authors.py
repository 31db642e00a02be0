"""Whoever wrote what is asked about decides on it no more than whoever asks; heads of a record's department do."""

from collections.abc import Iterator

import pytest

from crm.accounts.models import Department
from crm.actions import Action
from crm.approvals import actions as approvals
from crm.approvals.models import Decision, Task
from crm.approvals.steps import Step, Who
from tests.approvals.conftest import ask, declare, remove
from tests.world import World, refused


@pytest.fixture
def rebate() -> Iterator[Action]:
    """The verb, decided by the head of the record's department."""
    try:
        yield declare(default=(Step("Head", who=Who.HEAD_HERE),), authors=lambda customer: AUTHORS)
    finally:
        AUTHORS.clear()
        remove()


AUTHORS: set[int] = set()


def test_the_head_of_the_records_department_decides_wherever_the_requester_works(world: World) -> None:
    department = Department.objects.create(code="here", name="此处")
    head = world.person("head_here", "sales_manager", department=department)
    Department.objects.filter(pk=department.pk).update(head=head)
    world.customer.department = Department.objects.get(pk=department.pk)
    world.customer.save()
    ask(world)
    task = Task.objects.get()
    assert (task.approver, task.note) == (head, "")


def test_who_wrote_it_is_not_asked_but_his_superior(world: World) -> None:
    Department.objects.filter(pk=world.sales.pk).update(head=world.boss)
    AUTHORS.add(world.boss.pk)
    request = ask(world)
    task = Task.objects.get()
    assert (task.approver, task.note) == (world.chief, "author")
    approvals.approve(task, by=world.chief)
    request.refresh_from_db()
    assert request.status == "done"


def test_who_came_to_write_it_after_he_was_asked_does_not_decide_either(world: World) -> None:
    Department.objects.filter(pk=world.sales.pk).update(head=world.boss)
    ask(world)
    task = Task.objects.get()
    assert task.approver == world.boss
    AUTHORS.add(world.boss.pk)
    with refused("own_work"):
        approvals.approve(task, by=world.boss)
    assert not Decision.objects.exists()
