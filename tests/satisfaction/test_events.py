"""Small surveys after an event: whoever something happened to is asked, at most once in a set time."""

from datetime import timedelta
from typing import Any

from crm import clock
from crm.deadlines.models import Deadline
from customers.models import Contact
from satisfaction import actions, tasks
from satisfaction.models import Campaign, Edition, Invitation
from tests.satisfaction.conftest import plan, released
from tests.world import World, nothing_moves, refused, shanghai


def after(world: World, trigger: str, **facts: Any) -> Campaign:
    """A running survey after events, with the short form."""
    assert released()
    edition = Edition.objects.get(questionnaire__code="event")
    given = {"opens_on": clock.today(), "until": clock.today() + timedelta(days=365), "rest_days": 30, **facts}
    campaign = plan(world, kind="event", trigger=trigger, **given)
    actions.change_campaign(campaign, by=world.root, edition=edition)
    return actions.start_campaign(campaign, by=world.root)


def test_who_collected_is_asked_once_about_it_by_mail(world: World) -> None:
    pickup = world.handed_over()
    campaign = after(world, "handover")
    assert [tasks.ask_after_events(), tasks.ask_after_events()] == [1, 0]
    [invitation] = Invitation.objects.filter(campaign=campaign)
    assert (invitation.customer, invitation.status, invitation.way) == (pickup.customer, "sent", "mail")
    assert invitation.event == pickup.records.get().number
    assert invitation.campaign.edition.wordings.count() == 3
    assert not Deadline.objects.about(invitation).filter(rule="survey.return").exists()


def test_a_contact_has_his_rest_and_is_asked_again_afterwards(world: World) -> None:
    campaign = after(world, "handover")
    world.handed_over()
    assert tasks.ask_after_events() == 1
    with clock.at(shanghai(24, 10)):
        world.handed_over()
        assert tasks.ask_after_events() == 0
        row = Invitation.objects.get()
        with refused("asked_lately"):
            facts = {"customer": row.customer, "contact": row.contact, "event": "TH1"}
            actions.ask_after_event(campaign, by=world.root.__class__.objects.system("clock"), **facts)
    with clock.at(shanghai(24, 10, month=12)):
        facts = {"customer": row.customer, "contact": row.contact, "event": "TH1"}
        actions.ask_after_event(campaign, by=world.root.__class__.objects.system("clock"), **facts)
    assert Invitation.objects.filter(campaign=campaign, contact=row.contact).count() == 2


def test_nobody_is_chosen_for_it_by_hand(world: World) -> None:
    campaign = after(world, "handover")
    world.handed_over()
    with nothing_moves(), refused("by_events"):
        actions.choose_customers(campaign, by=world.root, since=clock.today())


def test_two_events_of_a_contact_at_once_are_asked_about_once(world: World) -> None:
    pickups = [world.handed_over(), world.handed_over()]
    assert pickups[0].customer == pickups[1].customer
    after(world, "handover")
    assert [tasks.ask_after_events(), tasks.ask_after_events()] == [1, 0]
    assert Invitation.objects.count() == 1


def test_whoever_has_left_the_customer_is_not_asked_but_who_is_there(world: World) -> None:
    pickup = world.handed_over()
    Contact.objects.filter(customer=pickup.customer).update(active=False, main=False)
    after(world, "handover")
    assert tasks.ask_after_events() == 0
    other = Contact.objects.create(customer=pickup.customer, name="新联系人", email="new@example.com")
    assert tasks.ask_after_events() == 1
    assert Invitation.objects.get().contact == other


def test_how_many_events_there_are_does_not_change_how_often_is_asked(
    world: World, django_assert_max_num_queries: Any
) -> None:
    campaign = after(world, "handover")
    for _each in range(3):
        world.handed_over()
    with django_assert_max_num_queries(4):
        assert len(tasks._due(campaign)) == 1


def test_whoever_reads_no_mail_is_left_to_the_owner(world: World) -> None:
    pickup = world.handed_over()
    contact = Contact.objects.get(customer=pickup.customer)
    contact.email = ""
    contact.save()
    after(world, "handover")
    assert tasks.ask_after_events() == 1
    assert Invitation.objects.get().status == "to_send"


def test_what_was_never_sent_keeps_nobody_from_being_asked_once_that_survey_is_over(world: World) -> None:
    pickup = world.handed_over()
    Contact.objects.filter(customer=pickup.customer).update(email="")
    former = after(world, "handover")
    assert tasks.ask_after_events() == 1
    following = after(world, "handover", name="下一次")
    assert tasks.ask_after_events() == 0
    actions.end_campaign(former, by=world.root)
    assert tasks.ask_after_events() == 1
    assert Invitation.objects.get(campaign=following).customer == pickup.customer


def test_what_happened_before_the_survey_is_not_asked_about(world: World) -> None:
    world.handed_over()
    with clock.at(shanghai(25, 9)):
        after(world, "handover")
        assert tasks.ask_after_events() == 0


def test_nobody_but_the_clock_asks(world: World) -> None:
    campaign = after(world, "handover")
    facts = {"customer": world.customer, "contact": world.customer.contacts.get(), "event": "TH1"}
    with refused("by_itself"):
        actions.ask_after_event(campaign, by=world.root, **facts)


def test_it_is_never_anonymous(world: World) -> None:
    campaign = plan(world)
    facts = {"edition": campaign.edition, "kind": "event", "trigger": "handover", "anonymous": True}
    with nothing_moves(), refused("event_campaign_is_not_anonymous"):
        actions.change_campaign(campaign, by=world.root, **facts)


def test_only_a_survey_after_events_says_after_which(world: World) -> None:
    campaign = plan(world)
    facts = {"edition": campaign.edition, "kind": "between", "trigger": "handover"}
    with refused("event_campaign_has_its_event"):
        actions.change_campaign(campaign, by=world.root, **facts)
