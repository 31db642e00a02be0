"""Several people decide on one request, change its record, or use its approval, at the same moment."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group

from crm import clock
from crm.actions import ACTIONS, Action
from crm.approvals import actions as approvals
from crm.approvals.chains import Chain, ChainStep, new_version
from crm.approvals.models import ApprovalRequest, Decision, Task
from crm.deadlines.check import check
from crm.records.models import ActionLog, FieldHistory
from customers import actions as customers
from customers.models import Customer
from tests.approvals.conftest import declare, remove
from tests.races.conftest import at_once
from tests.world import MORNING, World

S, T = ApprovalRequest.Status, Task.Status
VERB = "customers.grant_rebate"


@pytest.fixture
def rebate() -> Iterator[Action]:
    try:
        yield declare()
    finally:
        remove()


@pytest.fixture
def three(world: World, rebate: Action) -> list[Any]:
    """Three in finance, any one or all of whom decide."""
    return [world.person(name, "finance") for name in ("fay", "finn", "fred")]


def asked(world: World, mode: str) -> ApprovalRequest:
    chain = Chain.objects.create(verb=VERB, name="财务")
    role = Group.objects.get(name="finance")
    ChainStep.objects.create(chain=chain, position=1, name="财务", who="role", role=role, mode=mode)
    new_version(chain)
    return ACTIONS["customers.ask_grant_rebate"](world.customer, by=world.root, amount=Decimal(500))


def yes(user: Any) -> Any:
    return lambda: approvals.approve(Task.objects.get(approver=user), by=user)


def test_of_three_of_whom_any_one_decides_exactly_one_does(world: World, three: list[Any]) -> None:
    asked(world, "any")
    answers = at_once(*[yes(user) for user in three])
    assert sorted(each for each in answers if isinstance(each, str)) == ["wrong_state", "wrong_state"]
    assert Decision.objects.count() == 1
    assert ActionLog.objects.filter(verb=VERB).count() == 1
    assert Customer.objects.get().remarks.count("rebate") == 1


def test_three_who_all_must_agree_agree_at_once_and_it_is_done_once(world: World, three: list[Any]) -> None:
    request = asked(world, "all")
    with clock.at(MORNING):
        check(mend=True)  # what the company owes as a whole, such as its next order meeting
    answers = at_once(*[yes(user) for user in three])
    assert not [each for each in answers if isinstance(each, str)], answers
    assert Decision.objects.count() == 3
    assert ActionLog.objects.filter(verb=VERB).count() == 1
    request.refresh_from_db()
    assert request.status == S.DONE
    with clock.at(MORNING):
        assert check() == {}


def test_one_says_yes_and_one_no_at_the_same_moment(world: World, three: list[Any]) -> None:
    request = asked(world, "any")
    no = three[1]
    answers = at_once(yes(three[0]), lambda: approvals.reject(Task.objects.get(approver=no), by=no, reason="不同意"))
    assert answers.count("wrong_state") == 1
    request.refresh_from_db()
    done = ActionLog.objects.filter(verb=VERB).count()
    assert (request.status, done) in {(S.DONE, 1), (S.REJECTED, 0)}


@pytest.mark.parametrize("round_", range(4))
def test_what_changes_while_it_is_approved_is_never_approved_unseen(
    world: World, three: list[Any], round_: int
) -> None:
    """Either it was carried out before the change, on the facts that were approved, or not at all."""
    request = asked(world, "any")
    root, user = world.root, three[0]
    answers = at_once(
        yes(user),
        lambda: customers.set_payment_terms(Customer.objects.get(), by=root, payment_terms="prepay", payment_days=0),
    )
    assert isinstance(answers[1], Customer), answers
    request.refresh_from_db()
    changes = FieldHistory.objects.filter(table_name="customers_customer", op="U").order_by("-pk")
    changed = changes.filter(after__has_key="payment_terms").first()
    carried_out = changes.filter(after__has_key="remarks").first()
    if request.status == S.DONE:
        assert carried_out and changed and carried_out.pk < changed.pk
    else:
        assert carried_out is None
        assert (answers[0], request.status) in {("wrong_state", S.VOID), ("changed_since", S.WAITING)}


def test_an_approval_is_used_once_by_two_at_once(world: World, three: list[Any]) -> None:
    request = asked(world, "any")
    Customer.objects.update(supply_suspended=True, suspension_reason="逾期")
    approvals.approve(Task.objects.get(approver=three[0]), by=three[0])
    Customer.objects.update(supply_suspended=False, suspension_reason="")
    root = world.root
    grant = ACTIONS[VERB]
    answers = at_once(
        *[lambda: grant(Customer.objects.get(), by=root, amount=Decimal(500))] * 3,
        lambda: approvals.carry_out(ApprovalRequest.objects.get(pk=request.pk), by=root),
    )
    assert ActionLog.objects.filter(verb=VERB).count() == 1, answers
    assert Customer.objects.get().remarks.count("rebate") == 1
    request.refresh_from_db()
    assert request.status == S.DONE


def test_two_ask_the_same_at_once_and_one_request_waits(world: World, three: list[Any]) -> None:
    chief = world.person("chief", "executive")
    world.root.manager = chief
    world.root.save()
    root = world.root
    world.customer  # noqa: B018 - made before the threads begin
    ask = ACTIONS["customers.ask_grant_rebate"]
    answers = at_once(*[lambda: ask(Customer.objects.get(), by=root, amount=Decimal(5))] * 4)
    assert answers.count("already_asked") == 3
    assert ApprovalRequest.objects.count() == 1


def test_two_departments_sign_their_parts_at_once_and_the_next_step_opens_once(world: World, rebate: Action) -> None:
    people = [world.person("cashier", "finance"), world.person("carrier", "logistics")]
    chief = world.person("chief", "executive")
    chain = Chain.objects.create(verb=VERB, name="会审")
    steps = [("finance", "a", False), ("logistics", "b", True), ("executive", "", False)]
    for position, (role, part, together) in enumerate(steps, 1):
        ChainStep.objects.create(
            chain=chain,
            position=position,
            name=role,
            who="role",
            role=Group.objects.get(name=role),
            part=part,
            together=together,
        )
    new_version(chain)
    request = ACTIONS["customers.ask_grant_rebate"](world.customer, by=world.root, amount=Decimal(500))
    answers = at_once(*[yes(user) for user in people])
    assert not [each for each in answers if isinstance(each, str)]
    assert list(Task.objects.filter(status=T.WAITING).values_list("approver", flat=True)) == [chief.pk]
    assert request.tasks.count() == 3
