"""A customer leaves at some question and goes on there; what he has not sent is begun, and counts nowhere."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from crm import clock
from crm.records.models import ActionLog
from satisfaction import actions
from satisfaction.models import Campaign, Invitation, Sheet, Unsent
from satisfaction.panels import funnel_of
from satisfaction.results import result_of
from satisfaction.unsent import keep_unsent
from tests.satisfaction.conftest import CODES, everywhere, lines, path_of, post, running
from tests.satisfaction.test_answers import verb
from tests.world import MORNING, World, nothing_moves

FIRST = dict.fromkeys(CODES[:4], "satisfied")


def keep(path: str, levels: dict[str, str], *marked: str, at: int = 4, remarks: str = "") -> Any:
    return post(f"{path}keep/", lines(levels, *marked), remarks, at=str(at))


def test_he_goes_on_where_he_left_and_nothing_is_counted_before_he_sends_it(world: World) -> None:
    campaign, [invitation] = running(world)
    path, logged = path_of(invitation), ActionLog.objects.count()
    assert keep(path, FIRST, CODES[1], remarks="还没写完").json() == {"kept": True}
    assert ActionLog.objects.count() == logged
    invitation.refresh_from_db()
    assert (invitation.status, Sheet.objects.count(), result_of(campaign).recovered) == ("sent", 0, 0)
    page = Client().get(path).content.decode()
    assert page.count(" checked") == 5  # four answers, one of them marked
    assert 'data-at="4"' in page
    assert 'data-keep="keep/"' in page
    assert "还没写完" in page
    assert keep(path, {**FIRST, CODES[4]: "fair"}, at=5).status_code == 200
    kept = Unsent.objects.get()
    assert (len(kept.answers), kept.at, kept.begun_at) == (5, 5, clock.now())


def test_the_sheet_takes_the_place_of_what_was_kept(world: World) -> None:
    _campaign, [invitation] = running(world)
    path = path_of(invitation)
    keep(path, FIRST)
    invitation.refresh_from_db()
    post(path, lines(everywhere("fair")), _version=str(invitation.version), **verb("answer_survey"))
    assert not Unsent.objects.exists()
    assert Sheet.objects.count() == 1
    with nothing_moves():  # a save that was slower than the sending
        assert keep(path, FIRST).status_code == 409
    assert not Unsent.objects.exists()
    assert "data-keep" not in Client().get(path).content.decode()


def test_he_is_shown_as_begun_but_not_as_answered_and_what_he_says_is_shown_to_nobody(world: World) -> None:
    campaign, [invitation, other] = running(world, 2)
    keep(path_of(invitation), FIRST, remarks="还没写完")
    [row] = funnel_of(campaign)
    assert (row["sent"], row["started"], row["begun"], row["whole"]) == (2, 1, 0, 0)
    client = Client()
    client.force_login(world.root)
    page = client.get(invitation.get_absolute_url()).content.decode()
    assert "还没写完" not in page
    listed = client.get("/surveys/invitations/?tab=begun").content.decode()
    assert (invitation.number in listed, other.number in listed) == (True, False)


def test_nothing_is_kept_of_an_anonymous_survey_nor_once_it_is_closed_or_declined(world: World) -> None:
    _campaign, [anonymous] = running(world, anonymous=True)
    assert Client().post(f"{path_of(anonymous)}keep/", {}).status_code == 404
    assert keep_unsent(anonymous, answers=[], remarks="", at=0) is False
    campaign, [one, other] = running(world, 2, name="又一次")
    keep(path_of(one), FIRST)
    keep(path_of(other), FIRST)
    one.refresh_from_db()
    Client().post(path_of(one), {**verb("decline_survey"), "_version": str(one.version)})
    assert [each.invitation_id for each in Unsent.objects.all()] == [other.pk]
    actions.end_campaign(campaign, by=world.root)
    assert keep(path_of(other), FIRST).status_code == 200  # a late sheet is still taken
    actions.close_report(campaign, by=world.root)
    assert not Unsent.objects.exists()
    assert keep(path_of(other), FIRST).status_code == 409


def test_only_his_own_link_keeps_and_only_what_is_asked(world: World) -> None:
    _campaign, [invitation] = running(world)
    path = path_of(invitation)
    assert Client().post("/l/" + "x" * 24 + "/keep/", {}).status_code == 404
    assert Client().get(f"{path}keep/").status_code == 405
    strange = post(f"{path}keep/", [{"item": "no-such", "level": "fair", "matters": False}], at="1")
    assert strange.status_code == 409
    assert keep(path, FIRST, at=-3).status_code == 200
    assert Unsent.objects.get().at == 0


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept_behind_the_sheet_that_was_sent_at_the_same_moment() -> None:
    with clock.at(MORNING):
        world = World()
        _campaign, [invitation] = running(world)
    start, found = threading.Barrier(2), []

    def run(deed: Any) -> None:
        try:
            with clock.at(MORNING):
                start.wait(60)
                found.append(deed())
        finally:
            connection.close()

    def send() -> Any:
        row = Invitation.objects.get(pk=invitation.pk)
        given = {"way": "paper", "returned_on": clock.today()}
        return actions.key_in_answers(row, by=world.root, answers=lines(everywhere("fair")), **given)

    def write() -> Any:
        return keep_unsent(invitation, answers=lines(FIRST), remarks="", at=4)

    threads = [threading.Thread(target=run, args=[deed]) for deed in (send, write)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert len(found) == 2
    assert Sheet.objects.count() == 1
    assert not Unsent.objects.exists()
    assert Campaign.objects.get().status == "running"
