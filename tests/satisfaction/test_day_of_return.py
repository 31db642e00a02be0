"""The day on which a keyed sheet came back can be put right with a reason; of no other sheet anybody wrote it down."""

from datetime import date, timedelta
from typing import Any

import pytest

from crm import clock
from crm.accounts.models import User
from crm.records.models import ActionLog
from satisfaction import actions
from satisfaction.models import Campaign, Invitation, Sheet
from satisfaction.report import recovery
from tests.satisfaction.conftest import everywhere, lines, path_of, post, running
from tests.world import World, nothing_moves, refused, shanghai

REASON = "放在前台未及时录入"


def keyed(world: World, **facts: Any) -> tuple[Campaign, Invitation]:
    """A survey until the 24th, and a sheet that came on paper and was keyed in on the 26th, as of this day."""
    campaign, [invitation] = running(world, until=date(2026, 11, 24), **facts)
    with clock.at(shanghai(26, 10)):
        given = {"way": "paper", "returned_on": clock.today(), "answers": lines(everywhere("fair"))}
        actions.key_in_answers(invitation, by=world.root, **given)
    return campaign, invitation


def test_a_sheet_that_lay_on_a_desk_was_not_late(world: World) -> None:
    campaign, invitation = keyed(world)
    assert recovery(campaign)["on_time"] == 0
    with clock.at(shanghai(27, 10)):
        actions.correct_return_day(invitation, by=world.root, returned_on=date(2026, 11, 24), reason=REASON)
    sheet = Sheet.objects.get(invitation=invitation)
    assert (sheet.returned_at, sheet.late) == (shanghai(24, 0), False)
    assert (sheet.changed_at, sheet.keyed_by) == (None, world.root)
    assert recovery(campaign)["on_time"] == 1
    assert Invitation.objects.get(pk=invitation.pk).reason == REASON
    days = ActionLog.objects.filter(subject_pk=invitation.pk, inputs__has_key="returned_on").order_by("pk")
    assert [each.inputs["returned_on"] for each in days] == ["2026-11-26", "2026-11-24"]  # what stood there stays


def test_one_that_came_behind_the_last_day_is_late_then(world: World) -> None:
    campaign, [invitation] = running(world, until=date(2026, 11, 24))
    given = {"way": "phone", "returned_on": clock.today(), "answers": lines(everywhere("fair"))}
    actions.key_in_answers(invitation, by=world.root, **given)
    with clock.at(shanghai(26, 10)):
        actions.correct_return_day(invitation, by=world.root, returned_on=clock.today(), reason=REASON)
        assert Sheet.objects.get().returned_at == clock.now()
    assert Sheet.objects.get().late
    assert recovery(campaign)["on_time"] == 0


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 11, 28), "future"), (date(2026, 11, 22), "not_sent"), (date(2026, 11, 26), "same")]
)
def test_a_day_that_cannot_be_is_refused(world: World, day: date, code: str) -> None:
    _campaign, invitation = keyed(world)
    with clock.at(shanghai(27, 10)), nothing_moves():
        form = actions.correct_return_day.bind(
            by=world.root, obj=invitation, data={"returned_on": day.isoformat(), "reason": REASON}
        )
        assert [each["code"] for each in form.problems()["returned_on"]] == [code]
        form = actions.correct_return_day.bind(by=world.root, obj=invitation, data={"returned_on": "2026-11-24"})
        assert list(form.problems()) == ["reason"]


def test_the_dialog_begins_with_the_day_that_stands_there(world: World) -> None:
    _campaign, invitation = keyed(world)
    form = actions.correct_return_day.form(by=world.root, obj=invitation)
    assert form.initial["returned_on"] == date(2026, 11, 26)


def test_the_day_of_what_the_customer_sent_himself_is_nobodys_to_change(world: World) -> None:
    _campaign, [invitation] = running(world)
    actions.answer_survey(invitation, by=User.objects.system("links"), answers=lines(everywhere("fair")))
    with clock.at(clock.now() + timedelta(days=1)), nothing_moves(), refused("answered_himself"):
        actions.correct_return_day(invitation, by=world.root, returned_on=clock.today(), reason=REASON)


def test_of_an_anonymous_sheet_no_day_is_written_down_whatever_state_its_invitation_is_in(world: World) -> None:
    _campaign, [invitation] = running(world, anonymous=True)
    post(path_of(invitation), lines(everywhere("fair")))
    with nothing_moves(), refused("wrong_state"):
        actions.correct_return_day(invitation, by=world.root, returned_on=clock.today(), reason=REASON)
    Invitation.objects.update(status=Invitation.Status.RETURNED)
    invitation = Invitation.objects.get()
    with nothing_moves(), refused("anonymous"):
        actions.correct_return_day(invitation, by=world.root, returned_on=clock.today(), reason=REASON)


def test_nothing_of_a_closed_report_is_put_right(world: World) -> None:
    campaign, invitation = keyed(world)
    actions.end_campaign(Campaign.objects.get(pk=campaign.pk), by=world.root)
    actions.close_report(Campaign.objects.get(pk=campaign.pk), by=world.root)
    with clock.at(shanghai(27, 10)), nothing_moves(), refused("report_closed"):
        actions.correct_return_day(invitation, by=world.root, returned_on=date(2026, 11, 24), reason=REASON)
