"""A campaign: planned, customers chosen, sent by their owners, reminded, ended."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from crm import clock
from crm.deadlines.check import check
from crm.deadlines.models import CalendarDay, Deadline, WorkCalendar
from crm.deadlines.rules import RULES
from crm.outbox.models import Message
from crm.records.timeline import timeline
from customers.models import Contact
from satisfaction import actions, tasks
from satisfaction.models import Campaign, Invitation
from tests.satisfaction.conftest import (
    customer,
    everywhere,
    invite,
    lines,
    path_of,
    plan,
    released,
    running,
    taken_over,
)
from tests.world import World, nothing_moves, refused, shanghai


def test_chosen_are_the_customers_that_collected_goods_since_then_each_once(world: World) -> None:
    pickup = world.handed_over()
    customer(world, 1)
    campaign = plan(world)
    actions.choose_customers(campaign, by=world.root)
    [invitation] = Invitation.objects.filter(campaign=campaign)
    asked = pickup.customer
    assert (invitation.customer, invitation.owner, invitation.tier) == (asked, asked.owner, asked.tier)
    assert invitation.contact == asked.contacts.get(main=True)
    assert invitation.number == f"{campaign.number}-0001"
    with refused("nobody_found"):
        actions.choose_customers(campaign, by=world.root)


def test_who_collected_by_an_order_that_was_taken_over_is_asked_as_well(world: World) -> None:
    today = clock.today()
    days = {"within": -364, "before": -366, "today": 0, "ahead": 1}
    asked = {name: customer(world, number) for number, name in enumerate(days)}
    for name, each in asked.items():
        taken_over(world, each, today + timedelta(days=days[name]))
    campaign = plan(world)
    actions.choose_customers(campaign, by=world.root)
    found = {each.customer for each in campaign.invitations.select_related("customer")}
    assert found == {asked["within"], asked["today"]}


def test_an_open_order_is_not_collected_yet(world: World) -> None:
    world.new_order()
    campaign = plan(world)
    with refused("nobody_found"):
        actions.choose_customers(campaign, by=world.root)


def test_a_customer_is_not_asked_again_for_goods_of_before_the_last_campaign(world: World) -> None:
    world.handed_over()
    campaign = plan(world)
    actions.choose_customers(campaign, by=world.root)
    with clock.at(shanghai(14, 9, month=12)):
        later = plan(world, opens_on=clock.today(), until=clock.today() + timedelta(days=7))
        actions.choose_customers(later, by=world.root)  # the goods left on the day on which the last one began
        assert later.invitations.count() == 1
        with clock.at(shanghai(20, 9, month=12)):
            last = plan(world, opens_on=clock.today(), until=clock.today() + timedelta(days=7))
            with refused("nobody_found"):
                actions.choose_customers(last, by=world.root)


@pytest.mark.parametrize(
    ("which", "found"), [({"tiers": ["vip"]}, 0), ({"region": "重庆"}, 1), ({"region": "北京"}, 0)]
)
def test_customers_are_narrowed_down_by_tier_and_region(world: World, which: dict, found: int) -> None:
    world.handed_over()
    campaign = plan(world)
    if found:
        actions.choose_customers(campaign, by=world.root, **which)
    else:
        with refused("nobody_found"):
            actions.choose_customers(campaign, by=world.root, **which)
    assert campaign.invitations.count() == found


def test_a_customer_without_a_contact_is_not_asked(world: World) -> None:
    pickup = world.handed_over()
    Contact.objects.filter(customer=pickup.customer).update(active=False, main=False)
    campaign = plan(world)
    with refused("nobody_found"):
        actions.choose_customers(campaign, by=world.root)


def test_nobody_is_sent_anything_before_the_start_and_owners_are_told_at_it(world: World) -> None:
    campaign = plan(world)
    with refused("nobody_chosen"):
        actions.start_campaign(campaign, by=world.root)
    [invitation] = invite(campaign, customer(world, 1, owner=world.alice))
    with refused("not_running"):
        actions.send_invitation(invitation, by=world.root, way="mail")
    actions.start_campaign(campaign, by=world.root)
    notice = Message.objects.get(template="satisfaction.to_send")
    assert notice.recipient == world.alice


def test_a_survey_is_not_started_before_its_first_day(world: World) -> None:
    """What it asks for begins with that day, and the next survey goes on from it (S2)."""
    campaign = plan(world, opens_on=date(2026, 11, 25))
    invite(campaign, customer(world, 1))
    with clock.at(shanghai(24, 23)), nothing_moves(), refused("too_early") as caught:
        actions.start_campaign(campaign, by=world.root)
    assert "2026" in caught.value.sentence
    with clock.at(shanghai(25, 0)):
        actions.start_campaign(campaign, by=world.root)
    assert campaign.status == "running"


def test_whoever_wants_it_earlier_changes_the_day_first(world: World) -> None:
    campaign = plan(world, opens_on=date(2026, 11, 25))
    invite(campaign, customer(world, 1))
    actions.change_campaign(campaign, by=world.root, edition=campaign.edition, opens_on=clock.today())
    actions.start_campaign(campaign, by=world.root)
    assert campaign.status == "running"


def test_what_is_over_is_not_started(world: World) -> None:
    campaign = plan(world)
    invite(campaign, customer(world, 1))
    with clock.at(shanghai(1, 9, month=12)), nothing_moves(), refused("over"):
        actions.start_campaign(campaign, by=world.root)


def test_an_owner_sends_his_own_and_not_those_of_others(world: World) -> None:
    campaign = plan(world)
    mine, other = invite(campaign, customer(world, 1, owner=world.alice), customer(world, 2, owner=world.bob))
    actions.start_campaign(campaign, by=world.root)
    actions.send_invitation(mine, by=world.alice, way="mail")
    assert (mine.status, mine.way, mine.sent_at) == ("sent", "mail", clock.now())
    with pytest.raises(Invitation.DoesNotExist):
        actions.send_invitation(other, by=world.alice, way="mail")
    assert Message.objects.filter(template="satisfaction.survey").count() == 1


def test_by_sms_its_owner_gets_the_text_to_send(world: World) -> None:
    campaign = plan(world)
    [invitation] = invite(campaign, customer(world, 1, owner=world.alice))
    actions.start_campaign(campaign, by=world.root)
    actions.send_invitation(invitation, by=world.alice, way="sms")
    call = Message.objects.get(template="satisfaction.survey")
    assert (call.channel, call.recipient, call.contact_name) == ("call", world.alice, "李1")
    assert path_of(invitation).startswith("/l/")


def test_reminders_come_every_so_many_days_and_no_more_often_than_set(world: World) -> None:
    _campaign, [invitation] = running(world, until=date(2026, 12, 31))
    assert invitation.remind_on == date(2026, 11, 26)
    sent = []
    for day in range(24, 31):
        with clock.at(shanghai(day, 9)):
            sent.append(tasks.remind())
    with clock.at(shanghai(9, 9, month=12)):
        sent.append(tasks.remind())
    assert sent == [0, 0, 1, 0, 0, 0, 1, 0]  # the days between are over on Sunday the 29th
    invitation.refresh_from_db()
    assert (invitation.reminders, invitation.remind_on) == (2, None)
    with refused("reminded_enough"):
        actions.remind_invitation(invitation, by=world.root)
    assert Message.objects.filter(template="satisfaction.survey").count() == 3


def test_nobody_is_reminded_on_a_free_day_neither_as_planned_nor_by_hand(world: World) -> None:
    _campaign, [invitation] = running(world, until=date(2026, 12, 31))
    company = WorkCalendar.objects.get()
    CalendarDay.objects.create(calendar=company, date=date(2026, 11, 26), working=False, name="放假")
    for day in (26, 28):  # a holiday that was announced after the reminder was planned, and a Saturday
        with clock.at(shanghai(day, 9)), nothing_moves():
            assert tasks.remind() == 0
            with refused("no_working_day"):
                actions.remind_invitation(invitation, by=world.root)
    with clock.at(shanghai(30, 9)):
        assert tasks.remind() == 1


def test_a_survey_that_ends_on_a_free_day_plans_no_reminder_behind_it(world: World) -> None:
    _campaign, [invitation] = running(world, remind_every=5, until=date(2026, 11, 29))  # a Sunday
    assert invitation.remind_on is None
    _campaign, [other] = running(world, name="再来", remind_every=5, until=date(2026, 11, 30))
    assert other.remind_on == date(2026, 11, 30)


def test_a_reminder_by_hand_keeps_the_days_between_as_the_planned_ones_do(world: World) -> None:
    _campaign, [invitation] = running(world, until=date(2026, 12, 31), remind_most=3)
    for day in (23, 24, 25):
        with clock.at(shanghai(day, 15)), refused("reminded_lately"), nothing_moves():
            actions.remind_invitation(invitation, by=world.root)
    with clock.at(shanghai(27, 9)):
        actions.remind_invitation(invitation, by=world.root)
        assert (invitation.reminded_on, invitation.remind_on) == (date(2026, 11, 27), date(2026, 11, 30))
        with refused("reminded_lately"):
            actions.remind_invitation(invitation, by=world.root)
    with clock.at(shanghai(30, 8)):
        actions.remind_invitation(invitation, by=world.root)
        assert tasks.remind() == 0  # it was planned for this day
    assert Message.objects.filter(template="satisfaction.survey").count() == 3


def test_near_the_end_nobody_is_reminded_twice_on_one_day(world: World) -> None:
    _campaign, [invitation] = running(world, until=date(2026, 11, 30), remind_most=3)
    with clock.at(shanghai(30, 9)):
        actions.remind_invitation(invitation, by=world.root)
        assert invitation.remind_on is None
        with refused("reminded_lately"), nothing_moves():
            actions.remind_invitation(invitation, by=world.root)


def test_who_was_reminded_before_the_day_was_kept_has_it_from_the_log(world: World) -> None:
    _campaign, [invitation] = running(world, until=date(2026, 12, 31))
    with clock.at(shanghai(27, 1)):  # in UTC it is the day before
        actions.remind_invitation(invitation, by=world.root)
    Invitation.objects.update(reminded_on=None)
    moved = import_module("satisfaction.migrations.0004_those_of_before")
    with connection.cursor() as cursor:
        cursor.execute(moved.REMINDED, {"zone": settings.TIME_ZONE})
    invitation.refresh_from_db()
    assert invitation.reminded_on == date(2026, 11, 27)


def test_who_answered_is_not_reminded(world: World) -> None:
    _campaign, [invitation] = running(world, until=date(2026, 12, 31))
    given = {"way": "phone", "returned_on": clock.today(), "answers": lines(everywhere("fair"))}
    actions.key_in_answers(invitation, by=world.root, **given)
    with clock.at(shanghai(26, 9)):
        assert tasks.remind() == 0


def test_survey_return_is_three_days_from_sending_and_met_by_the_sheet(world: World) -> None:
    _campaign, [invitation] = running(world)
    row = Deadline.objects.about(invitation).get(rule="survey.return")
    assert (row.started_at, row.due_at - row.started_at) == (clock.now(), timedelta(days=3))
    assert RULES["survey.return"].responsible(invitation)[0] == invitation.owner_id
    given = {"way": "paper", "returned_on": clock.today(), "answers": lines(everywhere("fair"))}
    actions.key_in_answers(invitation, by=world.root, **given)
    row.refresh_from_db()
    assert (row.outcome, row.closed_at) == ("met", clock.now())


def test_when_the_survey_ends_nobody_waits_for_what_is_still_out(world: World) -> None:
    campaign, [answered, silent] = running(world, 2)
    given = {"way": "paper", "returned_on": clock.today(), "answers": lines(everywhere("fair"))}
    actions.key_in_answers(answered, by=world.root, **given)
    actions.end_campaign(campaign, by=world.root)
    rows = Deadline.objects.filter(rule="survey.return")
    assert {row.subject_pk: row.outcome for row in rows} == {answered.pk: "met", silent.pk: "cancelled"}
    actions.key_in_answers(silent, by=world.root, **given)  # it comes late
    assert [key for key in check(mend=False) if key[0] == "survey.return"] == []


def test_ending_a_survey_tells_before_how_many_were_never_asked_and_in_its_timeline_afterwards(world: World) -> None:
    campaign, [_sent, answered] = running(world, 2)
    waiting = invite(campaign, *(customer(world, each) for each in (7, 8, 9)))
    actions.leave_out(waiting[2], by=world.root, reason="停止合作")
    given = {"way": "paper", "returned_on": clock.today(), "answers": lines(everywhere("fair"))}
    actions.key_in_answers(answered, by=world.root, **given)
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.root)
    dialog = client.get(f"/do/satisfaction.end_campaign/{campaign.pk}/").content.decode()
    assert "2 invitations were never sent" in dialog
    assert "1 customer has not answered yet" in dialog
    actions.end_campaign(campaign, by=world.root)
    assert campaign.never_asked == 2
    [told] = [each for each in timeline(campaign, world.root) if each["title"] == actions.end_campaign.label]
    assert [(each["label"], each["after"]) for each in told["changes"] if each["name"] == "never_asked"] == [
        (str(Campaign._meta.get_field("never_asked").verbose_name), "2")
    ]


def test_where_all_were_asked_the_dialog_says_so(world: World) -> None:
    campaign, [_sent] = running(world)
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.root)
    dialog = client.get(f"/do/satisfaction.end_campaign/{campaign.pk}/").content.decode()
    assert "Every invitation was sent or left out." in dialog
    assert "never sent" not in dialog


def test_the_yearly_survey_proposes_itself_on_the_first_working_day_of_july_once(world: World) -> None:
    released()
    supervisor = world.person("inspector", "supervisor")
    days = {}
    for day in (shanghai(30, 9, month=6), shanghai(1, 9, month=7), shanghai(2, 9, month=7)):
        with clock.at(day):
            days[day.day] = tasks.propose()
    assert days == {30: 0, 1: 1, 2: 0}
    campaign = Campaign.objects.get()
    assert (campaign.kind, campaign.status, campaign.owner) == ("annual", "planned", supervisor)
    assert (campaign.opens_on, campaign.until) == (date(2026, 7, 1), date(2026, 7, 31))
    assert Message.objects.get(template="satisfaction.proposed").recipient == supervisor
    row = Deadline.objects.about(campaign).get(rule="survey.annual")
    assert row.due_at.astimezone(shanghai(1, 0).tzinfo).date() == date(2026, 7, 31)


def test_a_weekend_is_no_first_working_day_of_july(world: World) -> None:
    released()
    world.person("inspector", "supervisor")
    done = {}
    for day in range(1, 4):  # the first of July 2028 is a Saturday
        with clock.at(shanghai(day, 9, month=7).replace(year=2028)):
            done[day] = tasks.propose()
    assert done == {1: 0, 2: 0, 3: 1}
    assert Campaign.objects.get().until == date(2028, 7, 31)


def test_the_clock_ends_a_survey_when_its_last_day_is_over(world: World) -> None:
    campaign, [invitation] = running(world)
    with clock.at(shanghai(30, 23)):
        assert tasks.end() == 0
    with clock.at(shanghai(1, 1, month=12)):
        assert tasks.end() == 1
    campaign.refresh_from_db()
    invitation.refresh_from_db()
    assert (campaign.status, invitation.remind_on) == ("ended", None)
    with refused("not_running"):
        actions.remind_invitation(invitation, by=world.root)


def test_a_step_that_leaves_the_last_item_nothing_is_refused_with_the_greatest(world: World) -> None:
    campaign = plan(world)
    facts = {"edition": campaign.edition, "step": Decimal("0.02")}
    with refused("step_too_steep") as caught:
        actions.change_campaign(campaign, by=world.root, **facts)
    assert "0.015151" in caught.value.sentence


def test_what_was_left_out_is_not_sent(world: World) -> None:
    campaign = plan(world)
    one, _other = invite(campaign, customer(world, 1), customer(world, 2))
    actions.leave_out(one, by=world.root, reason="停止合作")
    actions.start_campaign(campaign, by=world.root)
    with refused("wrong_state"):
        actions.send_invitation(one, by=world.root, way="mail")
