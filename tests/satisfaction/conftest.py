"""What the tests of surveys stand on: a campaign with customers, running, and ways to answer it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.outbox.models import Message
from customers import actions as customers
from customers.models import Customer
from orders import actions as orders
from orders.models import Order
from satisfaction import actions, first_form
from satisfaction.models import Campaign, Edition, Invitation, Item, Questionnaire, Wording
from tests.world import MORNING, World

CODES = [code for code, *_rest in first_form.ITEMS]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small company on a Monday morning."""
    with clock.at(MORNING):
        yield World()


def released() -> Edition:
    """The form that a new company begins with, as the migration makes it."""
    first_form.make(Questionnaire, Edition, Item, Wording)
    return Edition.objects.get(questionnaire__code=first_form.CODE, status="released")


def plan(world: World, **facts: Any) -> Campaign:
    """A campaign of two weeks that is planned."""
    given = {"name": "满意度调查", "kind": "between", "remind_every": 3, "remind_most": 2, "anonymous": False}
    days = {"opens_on": clock.today(), "until": clock.today().replace(day=30)}
    return actions.plan_campaign(by=world.root, edition=released(), **{**given, **days, **facts})


def customer(world: World, number: int, *, owner: User | None = None) -> Customer:
    """A customer with one contact who reads mails."""
    contact = {"name": f"李{number}", "email": f"survey{number}@example.com", "mobile": f"139{number:08d}"}
    facts = {"name": f"调查客户{number}", "region": "重庆", "payment_terms": "credit"}
    return customers.create_customer(by=world.root, code="", owner=owner, address="", contacts=[contact], **facts)


def taken_over(world: World, asked: Customer, collected: date) -> Order:
    """An order that a customer collected before this system was there, as an import brings it."""
    line = {"product": world.product, "quantity": Decimal(2), "unit": world.piece, "factor": Decimal(1)}
    return orders.take_over_order(
        by=world.root,
        history=True,
        customer=asked,
        type=world.type,
        contact=None,
        lines=[line],
        wanted_on=collected,
        ordered_on=collected - timedelta(days=10),
    )


def invite(campaign: Campaign, *asked: Customer) -> list[Invitation]:
    """Invitations as choosing makes them, for customers who collected nothing."""
    rows = []
    for each in asked:
        number = campaign.invitations.count() + 1
        contact = each.contacts.get()
        given = {"owner": each.owner, "department": each.department, "tier": each.tier, "region": each.region}
        rows.append(
            Invitation.objects.create(
                number=f"{campaign.number}-{number:04d}", campaign=campaign, customer=each, contact=contact, **given
            )
        )
    return rows


def running(world: World, number: int = 1, **facts: Any) -> tuple[Campaign, list[Invitation]]:
    """A campaign that runs, with so many invitations that are sent by mail."""
    campaign = plan(world, **facts)
    rows = invite(campaign, *(customer(world, each) for each in range(number)))
    actions.start_campaign(campaign, by=world.root)
    for each in rows:
        actions.send_invitation(each, by=world.root, way="mail")
    return campaign, rows


def path_of(invitation: Invitation) -> str:
    """The path of the latest link that was mailed for an invitation."""
    mails = Message.objects.filter(template="satisfaction.survey", subject_pk=invitation.pk)
    text = mails.latest("pk").texts
    found = re.search(r"https?://[^/]+(/(?:l|s)/[\w-]+/)", text)
    assert found, text
    return found[1]


def lines(levels: Mapping[str, str], *marked: str) -> list[dict[str, Any]]:
    """Answers as the form's lines: level by item, and the items that matter most."""
    return [{"item": code, "level": levels.get(code, ""), "matters": code in marked} for code in CODES]


def everywhere(level: str) -> dict[str, str]:
    """The same level for each item."""
    return dict.fromkeys(CODES, level)


def post(path: str, answers: list[dict[str, Any]], remarks: str = "", **more: str) -> Any:
    """Send a sheet as a browser does without a script."""
    data = {"remarks": remarks, **more}
    for index, line in enumerate(answers):
        data[f"answers-{index}-item"] = line["item"]
        if line["level"]:
            data[f"answers-{index}-level"] = line["level"]
        if line["matters"]:
            data[f"answers-{index}-matters"] = "on"
    return Client().post(path, data)
