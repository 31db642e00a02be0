"""A verb that needs an approval, for these tests only: a rebate to a customer, registered and taken away again."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.rights import forget
from crm.actions import ACTIONS, Action
from crm.approvals.declare import APPROVALS, ASKED_BY, Approval
from crm.approvals.facts import Fact
from crm.forms import VerbForm
from crm.records.attachments import UploadField
from crm.refusals import Refused
from customers.models import Customer, Note
from tests.world import MORNING, World

NAMES = ("customers.grant_rebate", "customers.ask_grant_rebate")
FOUNDING = ("customers.found_branch", "customers.ask_found_branch")


class RebateForm(VerbForm):
    amount = forms.DecimalField(label="Amount", min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    until = forms.DateField(label="Until", required=False)
    reason = forms.CharField(label="Reason", required=False)
    paper = UploadField(label="Paper", required=False)


def rebate_facts(customer: Customer, inputs: dict[str, Any]) -> Iterator[Fact]:
    """What is approved: the amount, until when, and the customer's terms as they are."""
    yield Fact("amount", "Amount", inputs["amount"], "money")
    yield Fact("until", "Until", inputs.get("until"))
    yield Fact("terms", "Terms", Customer.Terms(customer.payment_terms).label)
    yield Fact("region", "Region", customer.region)


def not_while_suspended(customer: Customer, by: User) -> Refused | None:
    return Refused("suspended", "Supply is suspended.") if customer.supply_suspended else None


def grant_rebate(
    customer: Customer, *, by: User, amount: Decimal, until: Any = None, reason: str = "", paper: Any = None
) -> None:
    """Write a rebate into the remarks."""
    customer.remarks += f"rebate {amount} {until or ''} {reason} by {by.username}\n"
    if paper is not None:
        customer.remarks += paper.read().decode("latin-1")[:8]


grant_rebate.__module__ = "customers.actions"


class BranchForm(VerbForm):
    name = forms.CharField(label="Name", max_length=60)


def found_branch(*, by: User, name: str) -> Note:
    """Write a new branch down, as nothing is there yet that it could be done to."""
    return Note.objects.create(name=name, text="branch", received_by=by)


found_branch.__module__ = "customers.actions"


def declare_founding(acts_as: str = "") -> Action:
    """Register a verb that makes something, and is done as a system user where one is named."""
    approval = Approval(facts=lambda nothing, inputs: [Fact("name", "Name", inputs["name"])], acts_as=acts_as)
    return Action(found_branch, None, label="Found a branch", form=BranchForm, approval=approval)


def declare(**options: Any) -> Action:
    """Register the verb with its approval."""
    approval = Approval(
        facts=rebate_facts,
        amount=lambda customer, inputs: inputs["amount"],
        kind=lambda customer, inputs: customer.kind,
        kinds={"company": "Company", "person": "Person"},
        **options,
    )
    return Action(
        grant_rebate,
        Customer,
        label="Grant a rebate",
        form=RebateForm,
        unless=not_while_suspended,
        approval=approval,
    )


def remove() -> None:
    """Take the verbs away again."""
    for name in (*NAMES, *FOUNDING):
        ACTIONS.pop(name, None)
    for name in (NAMES[0], FOUNDING[0]):
        APPROVALS.pop(name, None)
        ASKED_BY.pop(name, None)


@pytest.fixture
def rebate() -> Iterator[Action]:
    """The verb, as long as a test runs."""
    try:
        yield declare()
    finally:
        remove()


@pytest.fixture
def world(db: None, rebate: Action) -> Iterator[World]:
    """The small company on a Monday morning: Alice asks, the boss is her manager, the chief above both."""
    with clock.at(MORNING):
        world = World()
        allow()
        chief = world.person("chief", "executive", name="总")
        Department.objects.filter(pk=world.sales.pk).update(head=None)
        world.alice, world.bob, world.boss  # noqa: B018 - so that the boss leads both
        User.objects.filter(username="boss").update(manager=chief)
        world.customer.owner = world.alice
        world.customer.department = world.sales
        world.customer.save()
        for name in ("alice", "bob", "boss"):
            world.__dict__[name] = User.objects.get(username=name)
        world.__dict__["chief"] = chief
        yield world


def allow(*roles: str) -> None:
    """Give the verb and its asking to roles: sales and their managers unless they are named."""
    kind, _made = ContentType.objects.get_or_create(app_label="customers", model="verb")
    rights = [
        Permission.objects.get_or_create(content_type=kind, codename=name.partition(".")[2], defaults={"name": name})[0]
        for name in NAMES
    ]
    for role in roles or ("sales", "sales_manager", "executive"):
        Group.objects.get(name=role).permissions.add(*rights)


def ask(world: World, by: User | None = None, amount: str = "500.00", **inputs: Any) -> Any:
    """A request for a rebate to the world's customer."""
    customer = Customer.objects.get(pk=world.customer.pk)
    return ACTIONS["customers.ask_grant_rebate"](customer, by=by or world.alice, amount=Decimal(amount), **inputs)


def fresh(user: User) -> User:
    """The same user with his rights read anew."""
    found = User.objects.get(pk=user.pk)
    forget(found)
    return found
