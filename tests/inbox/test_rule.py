"""The time limit of what comes in, and how an app above joins in."""

from datetime import timedelta
from typing import Any

from complaints.inbox import actions, rules
from complaints.inbox.models import Incoming
from crm.deadlines.models import Deadline
from tests.inbox.conftest import arrive, letter
from tests.world import World


def test_whoever_looks_at_it_in_time_has_met_the_limit(world: World) -> None:
    item = arrive(letter())
    row = Deadline.objects.open().about(item).get()
    assert (row.rule, row.due_at - item.received_at > timedelta(hours=3)) == ("complaint.inbox", True)
    actions.set_aside(item, by=world.alice, reason="广告")
    row.refresh_from_db()
    assert (row.closed_at is not None, row.state) == (True, "met")


def test_a_customer_s_message_is_his_owner_s_to_look_at(world: World) -> None:
    item = arrive(letter(From="wang@example.com"))
    assert Deadline.objects.open().about(item).get().responsible == world.root


def test_a_verb_of_an_app_above_meets_the_limit_too() -> None:
    before = rules.INBOX.met_by
    try:
        rules.also_met_by("inbox.look_again")
        rules.also_met_by("inbox.look_again")
        assert rules.INBOX.met_by == (*before, "inbox.look_again")
    finally:
        object.__setattr__(rules.INBOX, "met_by", before)


def test_an_automatic_message_has_no_limit(world: World) -> None:
    given: dict[str, Any] = {"Auto_Submitted": "auto-replied"}
    item = arrive(letter(**given))
    assert not Deadline.objects.about(item).exists()
    assert Incoming.objects.get().status == "automatic"
