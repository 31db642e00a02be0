"""Two at once: an anonymous sheet is written once, and no sheet slips in behind the end of its survey."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from crm import clock
from crm.accounts.models import User
from crm.refusals import Refused
from satisfaction import actions
from satisfaction.actions import invitations
from satisfaction.models import Campaign, Invitation, Sheet
from satisfaction.sheets import take_anonymous, take_sheet
from tests.satisfaction.conftest import everywhere, lines, running
from tests.satisfaction.test_events import after
from tests.world import MORNING, World


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do them in threads that begin together; answers what came of each, or what it raised."""
    found: list[object] = [None] * len(deeds)
    start = threading.Barrier(len(deeds))

    def run(place: int, deed: Callable[[], object]) -> None:
        try:
            with clock.at(MORNING):
                start.wait(60)
                found[place] = deed()
        except Refused as refusal:
            found[place] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return found


def taking(pk: int) -> Callable[[], object]:
    def take() -> bool:
        invitation = Invitation.objects.select_related("campaign__edition").get(pk=pk)
        return take_anonymous(invitation, answers=lines(everywhere("fair")), remarks="")

    return take


@pytest.mark.django_db(transaction=True)
def test_a_double_click_counts_once_and_others_at_the_same_time_count_too() -> None:
    with clock.at(MORNING):
        _campaign, rows = running(World(), 4, anonymous=True)
    twice = [taking(rows[0].pk), taking(rows[0].pk)]
    others = [taking(each.pk) for each in rows[1:]]
    found = at_once(*twice, *others)
    assert sorted(found[:2]) == [False, True]  # type: ignore[type-var]
    assert found[2:] == [True, True, True]
    assert Sheet.objects.count() == 4
    assert Invitation.objects.filter(used=True).count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_surveys_after_events_ask_a_contact_once_at_the_same_moment() -> None:
    with clock.at(MORNING):
        world = World()
        campaigns = [after(world, trigger).pk for trigger in ("handover", "visit")]
        contact = world.contact
        by = User.objects.system("clock")

    def asking(pk: int) -> Callable[[], object]:
        def ask() -> object:
            facts = {"customer": contact.customer, "contact": contact, "event": f"E{pk}"}
            return str(actions.ask_after_event(Campaign.objects.get(pk=pk), by=by, **facts))

        return ask

    found = at_once(*(asking(pk) for pk in campaigns * 2))
    assert found.count("asked_lately") == 3
    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_sheet_comes_before_the_end_or_not_at_all() -> None:
    with clock.at(MORNING):
        world = World()
        campaign, rows = running(world, 3, anonymous=True)

    def end() -> object:
        return actions.end_campaign(Campaign.objects.get(pk=campaign.pk), by=world.root)

    found = at_once(end, *(taking(each.pk) for each in rows))
    assert isinstance(found[0], Campaign)
    assert set(found[1:]) <= {True, "survey_closed"}
    assert Sheet.objects.count() == found[1:].count(True)
    assert Invitation.objects.filter(used=True).count() == found[1:].count(True)


def somebody_waits() -> bool:
    """Whether a transaction waits for a lock now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_who_answers_and_who_ends_the_survey_lock_in_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a transaction of somebody else's nothing is done again: a deadlock would fail one of the two."""
    with clock.at(MORNING):
        world = World()
        campaign, [row] = running(world)
    answering, ending, links = threading.Event(), threading.Event(), User.objects.system("links")

    def slowly(*given: Any, **more: Any) -> str:
        answering.set()  # the invitation is locked
        for _turn in range(2000):
            if somebody_waits() or ending.wait(0.01):
                break
        return take_sheet(*given, **more)

    monkeypatch.setattr(invitations, "take_sheet", slowly)

    def answer() -> object:
        with transaction.atomic():
            return actions.answer_survey(
                Invitation.objects.get(pk=row.pk), by=links, answers=lines(everywhere("fair"))
            ).status

    def end() -> object:
        answering.wait(30)
        with transaction.atomic():
            return actions.end_campaign(Campaign.objects.get(pk=campaign.pk), by=world.root).status

    assert at_once(answer, end) == ["returned", "ended"]
    assert Sheet.objects.count() == 1
