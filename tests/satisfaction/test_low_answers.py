"""A low answer is work on Today for its owner, until something is made of it or it is said to need nothing."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from crm import clock
from crm.accounts.models import Absence, User
from crm.deadlines.check import check
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.reports.today import today
from satisfaction import actions
from satisfaction.models import Invitation
from tests.satisfaction.conftest import customer, everywhere, invite, lines, plan
from tests.world import World, nothing_moves, refused

LOW = {**everywhere("satisfied"), "delivery-time": "not_satisfied"}
LOWER = {**LOW, "sales-answer": "not_satisfied"}


@pytest.fixture
def alices(world: World) -> Invitation:
    """An invitation of Alice's that was sent."""
    campaign = plan(world)
    [row] = invite(campaign, customer(world, 1, owner=world.alice))
    actions.start_campaign(campaign, by=world.root)
    return actions.send_invitation(row, by=world.alice, way="mail")


def said(world: World, invitation: Invitation, levels: dict[str, str]) -> Invitation:
    """What he says on the telephone; once more, where he says something else later."""
    given = {"way": "phone", "returned_on": clock.today(), "remarks": "等了两个小时"}
    return actions.key_in_answers(invitation, by=world.root, answers=lines(levels), **given)


def tasks_of(user: User) -> list[dict[str, Any]]:
    """The low answers on his start page."""
    rows = [row for group in today(user)["groups"] for row in group["rows"]]
    return [row for row in rows if row["pill"].rule == "survey.low"]


def outcomes(invitation: Invitation) -> list[str]:
    rows = Deadline.objects.about(invitation).filter(rule="survey.low").order_by("pk")
    return list(rows.values_list("outcome", flat=True))


def test_it_is_work_of_its_owner_within_a_working_day_with_the_step_at_hand(world: World, alices: Invitation) -> None:
    said(world, alices, LOW)
    assert alices.low_at == clock.now()
    [task] = tasks_of(world.alice)
    assert (task["label"], task["stands_in_for"]) == (alices, [])
    assert task["next_step"]["url"] == f"/do/satisfaction.complain_from_survey/{alices.pk}/"
    assert task["pill"].due_at == clock.now() + timedelta(days=1)
    assert tasks_of(world.bob) == []
    assert [key for key in check(mend=False) if key[0].startswith("survey.")] == []


def test_whoever_stands_in_has_it_too_and_is_told(world: World, alices: Invitation) -> None:
    day = clock.today()
    Absence.objects.create(user=world.alice, deputy=world.bob, first_day=day, last_day=day)
    said(world, alices, LOW)
    told = Message.objects.filter(template="satisfaction.low").values_list("recipient", flat=True)
    assert set(told) == {world.alice.pk, world.bob.pk}
    [task] = tasks_of(world.bob)
    assert task["label"] == alices
    assert task["stands_in_for"] == [world.alice.display_name]


@pytest.mark.parametrize("way", ["complaint", "feedback", "nothing"])
def test_it_leaves_when_something_is_made_of_it_or_nothing_is_needed(
    world: World, alices: Invitation, way: str
) -> None:
    said(world, alices, LOW)
    if way == "complaint":
        actions.complain_from_survey(alices, by=world.alice, category="delivery")
    elif way == "feedback":
        actions.suggest_from_survey(alices, by=world.alice, kind="grumble", about="delivery")
    else:
        actions.settle_low_answer(alices, by=world.alice, reason="已电话说明")
        assert Invitation.objects.get(pk=alices.pk).reason == "已电话说明"
    assert tasks_of(world.alice) == []
    assert outcomes(alices) == ["met"]
    with nothing_moves(), refused("nothing_waits"):
        actions.settle_low_answer(alices, by=world.alice, reason="再说一次")
    assert [key for key in check(mend=False) if key[0].startswith("survey.")] == []


def test_what_is_not_low_is_no_work_and_is_not_settled(world: World, alices: Invitation) -> None:
    said(world, alices, everywhere("fair"))
    assert tasks_of(world.alice) == []
    with nothing_moves(), refused("nothing_waits"):
        actions.settle_low_answer(alices, by=world.alice, reason="已电话说明")


def test_who_thinks_better_of_it_is_no_work_any_more(world: World, alices: Invitation) -> None:
    said(world, alices, LOW)
    said(world, alices, everywhere("satisfied"))
    assert tasks_of(world.alice) == []
    assert outcomes(alices) == ["cancelled"]


def test_what_was_settled_waits_anew_only_when_he_is_dissatisfied_with_something_else(
    world: World, alices: Invitation
) -> None:
    said(world, alices, LOW)
    actions.settle_low_answer(alices, by=world.alice, reason="已电话说明")
    said(world, alices, LOW)
    assert tasks_of(world.alice) == []
    said(world, alices, LOWER)
    assert [task["label"] for task in tasks_of(world.alice)] == [alices]


def test_who_does_not_see_it_or_may_not_settles_nothing(world: World, alices: Invitation) -> None:
    said(world, alices, LOW)
    mender = world.person("mender", "warehouse")
    with nothing_moves():
        with pytest.raises(Invitation.DoesNotExist):
            actions.settle_low_answer(alices, by=world.bob, reason="已电话说明")
        assert actions.settle_low_answer.refusal(alices, mender).code == "forbidden"  # type: ignore[union-attr]


@pytest.mark.parametrize(("days", "waits"), [(5, True), (95, False)])
def test_low_answers_of_before_wait_as_far_as_they_are_of_late(
    world: World, alices: Invitation, days: int, waits: bool
) -> None:
    """The migration compares with the database's clock."""
    said(world, alices, LOW)
    Invitation.objects.update(low_at=None)
    mark = import_module("satisfaction.migrations.0004_those_of_before").LOW
    with connection.cursor() as cursor:
        cursor.execute("UPDATE satisfaction_sheet SET returned_at = now() - %s * interval '1 day'", [days])
        cursor.execute(mark)
    alices.refresh_from_db()
    assert alices.to_follow_up is waits
