"""A recorded return visit is followed by a short survey, as a handover is; each contact has his rest."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from crm import clock
from crm.accounts.models import User
from customers.models import Contact
from satisfaction import tasks
from satisfaction.choosing import EVENTS
from satisfaction.models import Campaign, Invitation
from satisfaction.visits import actions
from satisfaction.visits.models import Visit
from tests.satisfaction.test_events import after
from tests.world import MORNING, World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small company on a Monday morning."""
    with clock.at(MORNING):
        yield World()


def visited(world: World) -> Visit:
    """A visit that was recorded with the customer's contact."""
    by = User.objects.system("clock")
    made = actions.plan_visit(world.customer, by=by, owner=world.root, planned_on=clock.today())
    contact = Contact.objects.get(customer=world.customer)
    return actions.record_visit(made, by=world.root, channel="phone", level="satisfied", contact=contact)


def test_every_trigger_knows_to_whom_it_happened() -> None:
    assert set(EVENTS) == set(Campaign.Trigger)


def test_whoever_was_visited_is_asked_once_by_mail(world: World) -> None:
    campaign = after(world, "visit")
    made = visited(world)
    assert [tasks.ask_after_events(), tasks.ask_after_events()] == [1, 0]
    [invitation] = Invitation.objects.filter(campaign=campaign)
    assert (invitation.contact, invitation.event, invitation.status) == (made.contact, made.number, "sent")
    assert invitation.campaign.edition.wordings.count() == 3


def test_a_visit_that_is_only_planned_or_was_recorded_before_the_survey_is_not_asked_about(world: World) -> None:
    visited(world)
    with clock.at(MORNING + timedelta(days=2)):
        after(world, "visit")
        assert tasks.ask_after_events() == 0


def test_whoever_was_asked_after_a_handover_is_not_asked_again_after_the_visit(world: World) -> None:
    world.handed_over()
    after(world, "handover")
    after(world, "visit")
    visited(world)
    assert tasks.ask_after_events() == 1
    assert Invitation.objects.count() == 1
