"""What a declaration can say: verbs that make something, system users, and lines that are kept until the last yes."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.declare import APPROVALS, ASKED_BY
from crm.approvals.facts import Fact, canonical, digest_of
from crm.approvals.models import ApprovalRequest
from crm.records.models import ActionLog
from crm.refusals import Refused
from customers.models import Customer, Note
from tests.approvals.conftest import FOUNDING, NAMES, ask, declare_founding, remove
from tests.world import World, refused

S = ApprovalRequest.Status


def right(name: str, *users: User) -> None:
    kind, _made = ContentType.objects.get_or_create(app_label="customers", model="verb")
    codename = name.partition(".")[2]
    permission, _made = Permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": name})
    for user in users:
        user.user_permissions.add(permission)
        user.__dict__.pop("_rights", None)


def test_what_is_not_there_yet_is_made_after_the_last_yes(world: World) -> None:
    found = declare_founding()
    right(FOUNDING[0], world.alice, world.bob)
    right(FOUNDING[1], world.alice, world.bob)
    with refused("needs_approval"):
        found(by=world.alice, name="西区")
    request = ACTIONS[FOUNDING[1]](by=world.alice, name="西区")
    assert (request.subject, request.status) == (None, S.WAITING)
    approvals.approve(request.tasks.get(), by=world.boss)
    request.refresh_from_db()
    assert (request.status, Note.objects.get().name, Note.objects.get().received_by) == (S.DONE, "西区", world.alice)
    with refused("needs_approval"):
        found(by=world.bob, name="西区")


def test_an_approval_of_something_new_is_only_for_who_asked(world: World) -> None:
    found = declare_founding()
    right(FOUNDING[0], world.alice, world.bob)
    right(FOUNDING[1], world.alice)
    request = ACTIONS[FOUNDING[1]](by=world.alice, name="西区")
    ApprovalRequest.objects.update(status=S.FAILED)
    with refused("needs_approval"):
        found(by=world.bob, name="西区")
    found(by=world.alice, name="西区")
    request.refresh_from_db()
    assert request.status == S.DONE


def test_it_can_be_done_as_a_system_user_who_alone_has_the_right(world: World) -> None:
    declare_founding(acts_as="approvals")
    right(FOUNDING[0], User.objects.system("approvals"))
    right(FOUNDING[1], world.alice)
    request = ACTIONS[FOUNDING[1]](by=world.alice, name="西区")
    approvals.approve(request.tasks.get(), by=world.boss)
    request.refresh_from_db()
    assert request.status == S.DONE
    done = ActionLog.objects.get(verb=FOUNDING[0])
    assert (done.actor.username, done.cause.verb) == ("approvals", "approvals.approve")


def test_what_cannot_be_done_as_typed_is_neither_asked_nor_done(world: World) -> None:
    limit = [Decimal(400)]

    def too_much(customer: Customer, inputs: dict[str, Any]) -> Refused | None:
        return Refused("too_much", "Too much.") if inputs["amount"] > limit[0] else None

    object.__setattr__(ACTIONS[NAMES[0]].approval, "unless", too_much)
    with refused("too_much"):
        ask(world)
    assert not ApprovalRequest.objects.exists()
    request = ask(world, amount="400.00")
    limit[0] = Decimal(399)  # nothing that is approved differs
    approvals.approve(request.tasks.get(), by=world.boss)
    request.refresh_from_db()
    assert (request.status, request.problem) == (S.FAILED, "Too much.")
    assert "rebate" not in Customer.objects.get(pk=world.customer.pk).remarks


def test_a_verb_is_taken_away_cleanly() -> None:
    declare_founding()
    remove()
    assert not {*NAMES, *FOUNDING} & {*ACTIONS, *APPROVALS, *ASKED_BY}


@pytest.mark.parametrize(
    ("one", "other"),
    [(Decimal("7.00"), 7), (Decimal("1E+2"), 100), (None, ""), (Decimal("-0"), 0), ([Decimal("1.0")], [1])],
)
def test_equal_things_have_the_same_hash(one: object, other: object) -> None:
    assert canonical(one) == canonical(other)
    assert digest_of("x.y", None, [Fact("a", "A", one)]) == digest_of("x.y", None, [Fact("a", "B", other)])


@pytest.mark.parametrize(("one", "other"), [(1, True), ("", "0"), (Decimal("0.1"), Decimal("0.10001")), (["a"], "a")])
def test_different_things_have_different_hashes(one: object, other: object) -> None:
    assert digest_of("x.y", None, [Fact("a", "A", one)]) != digest_of("x.y", None, [Fact("a", "A", other)])


def test_a_fact_is_named_once() -> None:
    with pytest.raises(TypeError, match="names the fact a twice"):
        digest_of("x.y", None, [Fact("a", "A", 1), Fact("a", "A", 2)])


def test_a_trouble_with_the_facts_of_a_request_is_no_trouble_of_other_verbs(world: World) -> None:
    from customers import actions as customers

    request = ask(world)

    def trouble(customer, inputs):
        raise Refused("gone", "The price list is gone.")

    object.__setattr__(ACTIONS[NAMES[0]].approval, "facts", trouble)
    customers.assign_customer(Customer.objects.get(), by=world.root, owner=world.bob)
    request.refresh_from_db()
    assert request.status == S.WAITING
