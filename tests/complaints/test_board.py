"""The board of complaints, and what waits for the people of a role."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints import actions
from complaints.boards import COMPLAINT_BOARD
from complaints.models import Complaint
from crm import clock
from crm.accounts.roles import Defaults, defaults
from tests.complaints.conftest import Room
from tests.world import nothing_moves

BOARD = "/complaints/board/"


@pytest.fixture
def client_of() -> Callable[[Any], Client]:
    def enter(user: Any) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(user)
        return client

    return enter


def column(html: str, key: str) -> str:
    """The part of the page that is one column."""
    return html.split(f'data-column="{key}"')[1].split("</section>")[0]


def test_a_complaint_stands_in_the_column_of_its_state_and_nothing_is_summed(room: Room, client_of: Any) -> None:
    complaint = room.investigating()
    page = client_of(room.world.alice).get(BOARD).text
    here = column(page, "investigating")
    assert complaint.number in here and complaint.customer.name in here and "Under investigation" in here
    assert re.search(r'class="count">1</span><span class="board-sum"></span>', here)
    assert complaint.number not in column(page, "received")
    assert "¥" not in page


def test_every_state_before_the_end_has_a_column(room: Room) -> None:
    assert {str(each) for each in COMPLAINT_BOARD.column_of} == {str(each) for each in Complaint.OPEN}


def test_a_closed_complaint_and_one_that_is_not_ones_own_stand_on_no_board(room: Room, client_of: Any) -> None:
    complaint, alice = room.visited(satisfied=True), room.world.alice
    assert complaint.number in client_of(alice).get(BOARD).text
    assert complaint.number not in client_of(room.world.bob).get(BOARD).text
    assert client_of(room.world.stranger).get(BOARD).status_code == 403
    given = {"what": "加护角", "owner": room.heads["warehouse"], "due_on": clock.today()}
    actions.plan_improvement(complaint, by=alice, **given)
    actions.close_complaint(room.fresh(complaint), by=alice, check_on=clock.today() + timedelta(days=30))
    assert complaint.number not in client_of(alice).get(BOARD).text


def test_a_card_moves_by_the_verb_that_leads_there_and_not_around_it(room: Room, client_of: Any) -> None:
    complaint = room.received()
    client, url = client_of(room.world.alice), f"{BOARD}{complaint.pk}/move/"
    with nothing_moves():
        answer = client.post(url, {"to": "investigating"}, headers={"HX-Request": "true"})
    assert answer.headers["Location"] == f"/do/complaints.register_complaint/{complaint.pk}/"
    with nothing_moves():
        assert client.post(url, {"to": "closing"}, headers={"HX-Request": "true"}).status_code == 409


def test_the_board_costs_the_same_however_many_stand_on_it(room: Room, client_of: Any) -> None:
    client = client_of(room.world.root)
    complaint = room.received()
    counts = []
    for number in (1, 30):
        rows = [
            Complaint(
                number=f"TS-{number}-{each}",
                customer=complaint.customer,
                channel="hotline",
                category="quality",
                content="划伤",
                status=list(Complaint.OPEN)[each % len(Complaint.OPEN)],
                owner=room.world.alice,
                received_by=room.world.alice,
            )
            for each in range(number)
        ]
        Complaint.objects.bulk_create(rows)
        client.get(BOARD)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(BOARD).text.count(" data-card ") >= number
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 24


def test_each_role_reads_what_waits_for_it_beside_what_other_apps_say(room: Room) -> None:
    waits = defaults().waits
    room.received()
    assert "complaints to register: 1" in waits["sales"](room.world.alice)
    assert "complaints" not in waits["sales"](room.world.bob)
    complaint = room.register(Complaint.objects.get())
    actions.form_team(complaint, by=room.world.alice, lead=room.world.alice, tasks=room.team(complaint))
    assert waits["quality"](room.heads["quality"]) == "complaints to look into: 1"
    assert waits["logistics"](room.world.bob) == ""


def test_what_two_apps_say_of_one_role_stands_together() -> None:
    found = Defaults()
    for words in ("one", "", "two"):
        found.add(SimpleNamespace(WAITS={"sales": lambda user, words=words: f"{words}{user}" if words else ""}))
    assert found.waits["sales"]("!") == "one!\ntwo!"
