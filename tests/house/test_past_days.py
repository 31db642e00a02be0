"""A day that is over is typed in afterwards: none is accepted that is still to come, nor one of another century."""

from collections.abc import Iterator

import pytest

from crm import clock
from crm.actions import ACTIONS
from crm.approvals.declare import ASKED_BY
from tests.world import MORNING, World

ASKING = {each.name for each in ASKED_BY.values()}
NAMES = ("received_on", "received_at", "signed_on", "paid_on", "issued_on", "accepted_at", "sent_on", "answered_on")
NAMES += ("held_at", "meets_at", "at")
OURS = ("orders", "pickup")  # papers of customers may be older
TO_COME = {"coordination.call_meeting", "coordination.move_meeting"}  # they say when it is to be


def over() -> list[tuple[str, str]]:
    """Each verb with each of its fields that is a day or a moment of our own business that is over."""
    return [
        (verb.name, name)
        for verb in ACTIONS.values()
        if verb.body.__module__.split(".")[0] in OURS and verb.name not in ASKING | TO_COME
        for name in NAMES
        if name in verb.form.base_fields
    ]


def test_such_days_are_asked_for_in_many_places() -> None:
    assert {"orders.enter_payment", "payments.enter_receipt", "settlement.issue_invoice"} <= {
        name for name, _ in over()
    }


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small company on a Monday morning."""
    with clock.at(MORNING):
        yield World()


@pytest.mark.parametrize(("name", "field"), over())
def test_neither_a_day_to_come_nor_one_of_another_century_is_accepted(world: World, name: str, field: str) -> None:
    said = {}
    for day in ("1900-01-01", "2016-11-22", "2016-11-24", "2027-01-01"):
        verb = ACTIONS[name]
        form = verb.form({field: day}, by=world.root, obj=None)
        said[day] = [each["code"] for each in form.problems().get(field, [])]
    assert said == {
        "1900-01-01": ["too_long_ago"],
        "2016-11-22": ["too_long_ago"],
        "2016-11-24": [],
        "2027-01-01": ["future"],
    }
