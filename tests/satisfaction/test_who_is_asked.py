"""Who has left is not asked, nothing asks behind the last day or the answer, who is away is told through his deputy."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm import clock
from crm.accounts.models import Absence, Department
from crm.outbox.models import Message
from customers import actions as customers
from satisfaction import actions, tasks
from satisfaction.models import Invitation
from tests.satisfaction.conftest import customer, everywhere, invite, lines, plan, running, taken_over
from tests.world import World, nothing_moves, refused, shanghai


def test_who_has_left_the_customer_is_not_asked_but_who_is_there_now(world: World) -> None:
    campaign = plan(world)
    asked = customer(world, 1)
    [invitation] = invite(campaign, asked)
    actions.start_campaign(campaign, by=world.root)
    gone = asked.contacts.get()
    customers.retire_contact(gone, by=world.root)
    with nothing_moves(), refused("contact_left"):
        actions.send_invitation(Invitation.objects.get(pk=invitation.pk), by=world.root, way="mail")
    there = customers.add_contact(asked, by=world.root, name="张新", email="new@example.com")
    invitation = Invitation.objects.get(pk=invitation.pk)
    actions.send_invitation(invitation, by=world.root, way="mail")
    assert Invitation.objects.get(pk=invitation.pk).contact == there
    [mail] = Message.objects.filter(template="satisfaction.survey")
    assert (mail.email, mail.contact_name) == ("new@example.com", "张新")


def test_who_leaves_after_he_was_asked_is_not_reminded(world: World) -> None:
    _campaign, [invitation] = running(world)
    customers.retire_contact(invitation.contact, by=world.root)
    with clock.at(clock.now() + timedelta(days=3)):
        with nothing_moves(), refused("contact_left"):
            actions.remind_invitation(Invitation.objects.get(pk=invitation.pk), by=world.root)
        assert tasks.remind() == 0


def test_nobody_is_asked_or_reminded_behind_the_last_day_though_the_worker_stood_still(world: World) -> None:
    campaign, [_asked] = running(world)
    [waiting] = invite(campaign, customer(world, 7))
    with clock.at(shanghai(1, 9, month=12)), nothing_moves():
        assert tasks.remind() == 0
        with refused("over"):
            actions.send_invitation(waiting, by=world.root, way="mail")


@pytest.mark.parametrize("how", ["keyed in", "declined", "the end"])
def test_no_call_waits_for_who_has_answered_or_is_asked_no_more(world: World, how: str) -> None:
    campaign = plan(world)
    invitations = invite(campaign, customer(world, 1), customer(world, 2))
    actions.start_campaign(campaign, by=world.root)
    for each in invitations:
        actions.send_invitation(each, by=world.root, way="sms")
    calls = Message.objects.filter(channel="call", template="satisfaction.survey")
    assert set(calls.values_list("status", flat=True)) == {"open"}
    [first, second] = invitations
    if how == "keyed in":
        given = {"way": "phone", "returned_on": clock.today(), "remarks": ""}
        actions.key_in_answers(first, by=world.root, answers=lines(everywhere("fair")), **given)
    elif how == "declined":
        actions.record_refusal(first, by=world.root, reason="忙")
    else:
        actions.end_campaign(campaign, by=world.root)
    status = dict(calls.values_list("subject_pk", "status"))
    assert status == {first.pk: "cancelled", second.pk: "cancelled" if how == "the end" else "open"}


def test_a_customer_whose_owner_has_left_is_asked_by_who_leads_the_survey(world: World) -> None:
    asked = customer(world, 1, owner=world.alice)
    taken_over(world, asked, clock.today() - timedelta(days=5))
    world.alice.is_active = False
    world.alice.save()
    campaign = plan(world)
    actions.choose_customers(campaign, by=world.root)
    assert campaign.invitations.get().owner == campaign.owner


def test_who_is_away_at_the_start_is_told_through_his_deputy(world: World) -> None:
    campaign = plan(world)
    invite(campaign, customer(world, 1, owner=world.alice))
    today = timezone.localdate(clock.now())
    Absence.objects.create(user=world.alice, deputy=world.bob, first_day=today, last_day=today)
    actions.start_campaign(campaign, by=world.root)
    told = Message.objects.filter(template="satisfaction.to_send").values_list("recipient", flat=True)
    assert set(told) == {world.alice.pk, world.bob.pk}


def test_the_report_reaches_the_deputy_of_a_head_who_is_away_as_well(world: World) -> None:
    campaign, _rows = running(world)
    actions.end_campaign(campaign, by=world.root)
    world.sales.head = world.alice
    world.sales.save()
    today = timezone.localdate(clock.now())
    Absence.objects.create(user=world.alice, deputy=world.bob, first_day=today, last_day=today)
    actions.hand_out_report(campaign, by=world.root, departments=Department.objects.filter(pk=world.sales.pk))
    told = Message.objects.filter(template="satisfaction.report").values_list("recipient__username", flat=True)
    assert sorted(told) == ["alice", "bob"]  # hers waits for her
