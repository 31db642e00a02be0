"""The kinds of a team's tasks, and the way of a complaint as its customer sees it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from complaints import actions
from complaints.link_pages import BEHIND, way_of
from complaints.models import Complaint, TeamTask
from crm import clock
from crm.refusals import Refused
from tests.complaints.conftest import Room
from tests.mailed import path_of
from tests.world import nothing_moves

INTERVIEW = {"kind": "interview", "what": "询问装车工", "due_on": "2026-12-01"}


def task_of(room: Room, complaint: Complaint, **facts: Any) -> TeamTask:
    given = {"department": room.heads["warehouse"].department, "what": "询问装车工", "due_on": clock.today(), **facts}
    return actions.add_task(complaint, by=room.world.alice, **given)


def test_an_interview_is_done_only_with_whom_it_was_held(room: Room) -> None:
    task = task_of(room, room.investigating(), kind="interview")
    head = room.heads["warehouse"]
    with pytest.raises(Refused) as refused, nothing_moves():
        actions.finish_task(task, by=head, outcome="装车时未发现")
    assert refused.value.code == "nowhere"
    actions.finish_task(room.fresh(task), by=head, outcome="装车时未发现", where="装车工 李强")
    task = room.fresh(task)
    assert (task.status, task.kind, task.where) == ("done", "interview", "装车工 李强")


def test_where_a_site_visit_goes_may_be_said_when_it_is_given(room: Room) -> None:
    task = task_of(room, room.investigating(), kind="site_visit", where="客户现场")
    actions.finish_task(task, by=room.heads["warehouse"], outcome="现场三台划伤")
    assert room.fresh(task).where == "客户现场"


def test_a_task_of_which_no_kind_is_said_is_a_task(room: Room) -> None:
    kinds = set(room.investigating().teamtasks.values_list("kind", flat=True))
    assert kinds == {"task"}


def test_page_print_and_dialog_say_kind_and_place(room: Room) -> None:
    complaint = room.investigating()
    task = task_of(room, complaint, kind="site_visit", where="客户现场二号库")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(room.world.alice)
    for url in (complaint.get_absolute_url(), f"{complaint.get_absolute_url()}report/"):
        page = client.get(url).text
        assert "Site visit" in page and "客户现场二号库" in page, url
    head = Client()
    head.force_login(room.heads["warehouse"])
    assert "客户现场二号库" in head.get(f"/do/complaints.finish_task/{task.pk}/").text
    assert client.get(f"/api/v1/complaints/{complaint.pk}/").json()["teamtasks"][-1]["kind"] == "site_visit"


def test_an_unknown_kind_is_refused_by_every_door(room: Room) -> None:
    complaint = room.investigating()
    client = Client()
    client.force_login(room.world.alice)
    sent = {**INTERVIEW, "kind": "party", "department": room.heads["warehouse"].department_id}
    with nothing_moves():
        assert client.post(f"/do/complaints.add_task/{complaint.pk}/", sent).status_code == 422


def test_every_state_has_its_place_on_the_way(room: Room) -> None:
    assert set(Complaint.Status) - set(BEHIND) <= {"withdrawn"}


def far(complaint: Complaint) -> tuple[int, int | None]:
    """How many steps are done, and which is under way."""
    way = way_of(complaint)
    here = next((number for number, step in enumerate(way) if step["here"]), None)
    return sum(step["done"] for step in way), here


def test_the_way_goes_on_with_the_complaint_and_back_when_it_goes_round_again(room: Room) -> None:
    complaint = room.received()
    assert far(complaint) == (1, 1)
    complaint = room.register(complaint)
    actions.form_team(complaint, by=room.world.alice, lead=room.world.alice, tasks=room.team(complaint))
    assert far(room.fresh(complaint)) == (1, 1)
    room.evidence(complaint)
    complaint = room.find(room.fresh(complaint))
    assert far(room.fresh(complaint)) == (2, 2)
    complaint = room.visited(satisfied=False, complaint=room.fresh(complaint))
    assert far(room.fresh(complaint)) == (1, 1)
    complaint = room.visited(satisfied=True, complaint=room.find(room.fresh(complaint)))
    assert far(room.fresh(complaint)) == (5, None)
    assert all(step["at"] for step in way_of(room.fresh(complaint)))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_customer_sees_the_way_without_words_of_the_house(room: Room, language: str) -> None:
    room.approved()
    path = path_of("complaints.number")
    page = Client().get(path, {"lang": language}).text
    bar = re.search(r'<ol class="way".*?</ol>', page, re.DOTALL)
    assert bar
    assert (bar[0].count('class="done"'), bar[0].count('aria-current="step"')) == (3, 1)
    with translation.override(language):
        inside = [str(Complaint.Status(each).label) for each in ("investigating", "deciding", "carrying_out")]
    assert not [word for word in inside if word in page]
