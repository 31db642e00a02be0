"""Nobody closes, removes or overtakes a complaint around the procedure: by page, REST, back office, bulk or SQL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from complaints.models import Complaint, Evidence, Finding, FollowUp, Measure, Opinion, Plan, TeamTask
from crm.actions import ACTIONS, actions_of
from crm.api.resources import resource_of
from crm.api.tokens import issue
from tests.complaints.conftest import Room
from tests.world import nothing_moves, refused

S = Complaint.Status
CLOSE = ACTIONS["complaints.close_complaint"]
STATES = [state for state in S if state not in (S.SATISFIED, S.CLOSED, S.WITHDRAWN)]


def page_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rest_of(user: Any) -> Client:
    _token, secret = issue(user, "test", ("write",), days=None)
    return Client(headers={"Authorization": f"Bearer {secret}"})


@contextmanager
def as_the_app() -> Iterator[Any]:
    """As the database role by which web and worker act."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.APP_ROLE}")
        try:
            yield cursor
        finally:
            cursor.execute("RESET ROLE")


def test_it_is_closed_in_no_state_before_the_customer_is_satisfied(room: Room) -> None:
    complaint = room.received()
    page, rest = page_of(room.world.root), rest_of(room.world.root)
    for state in STATES:
        Complaint.objects.filter(pk=complaint.pk).update(status=state)
        with refused("wrong_state"):
            CLOSE(room.fresh(complaint), by=room.world.root, check_on="2026-12-30")
        with nothing_moves():
            body = {"check_on": "2026-12-30"}
            asked = page.post(f"/do/{CLOSE.name}/{complaint.pk}/", {**body, "_key": f"k{state}"})
            assert asked.status_code in (409, 422), state
            path = f"/api/v1/complaints/{complaint.pk}/{CLOSE.name}/"
            answer = rest.post(path, json.dumps(body), content_type="application/json")
            assert (answer.status_code, answer.json()["error"]["code"]) == (409, "wrong_state"), state


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_rest_changes_no_state_and_removes_nothing(room: Room, method: str) -> None:
    complaint = room.investigating()
    room.evidence(complaint)
    client = rest_of(room.world.root)
    paths = [f"/api/v1/complaints/{complaint.pk}/"]
    for row in (complaint.teamtasks.earliest("pk"), complaint.evidences.get()):
        resource = resource_of(type(row))
        paths.append(resource.url_of(row.pk) if resource else f"/api/v1/{row._meta.label_lower}/{row.pk}/")
    with nothing_moves():
        for path in paths:
            body = json.dumps({"status": "closed", "owner": room.world.bob.pk, "round": 9})
            status = getattr(client, method)(path, body, content_type="application/json").status_code
            assert status in (403, 404, 405), (path, status)


def test_the_back_office_adds_changes_and_removes_nothing(room: Room) -> None:
    complaint = room.investigating()
    client = page_of(room.world.root)
    base = "/admin/complaints/complaint/"
    with nothing_moves():
        assert client.post(f"{base}add/", {"number": "TS1", "status": "closed"}).status_code == 403
        assert client.post(f"{base}{complaint.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"{base}{complaint.pk}/change/", {"status": "closed"}).status_code in (302, 403)
        picked = {"action": "delete_selected", "_selected_action": [str(complaint.pk)], "post": "yes"}
        assert client.post(base, picked).status_code in (200, 302, 403)
    assert room.fresh(complaint).status == S.INVESTIGATING


@pytest.mark.parametrize(
    "model", [Complaint, TeamTask, Evidence, Plan, Opinion, Finding, FollowUp], ids=lambda model: model.__name__
)
def test_the_role_of_web_and_worker_removes_none_of_it(db: None, model: Any) -> None:
    table = model._meta.db_table
    with as_the_app() as cursor:
        for change in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(change)


@pytest.mark.parametrize("model", [Opinion, Finding, FollowUp], ids=lambda model: model.__name__)
def test_the_role_of_web_and_worker_changes_nothing_that_was_signed(db: None, model: Any) -> None:
    with (
        as_the_app() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(f"UPDATE {model._meta.db_table} SET id = id")


@pytest.mark.parametrize(
    ("state", "named"),
    [("closed", "closed_complaints_are_settled"), ("withdrawn", "withdrawn_complaints_say_why")],
)
def test_the_database_keeps_nobody_closed_who_was_told_nothing_nor_withdrawn_without_a_word(
    room: Room, state: str, named: str
) -> None:
    complaint = room.received()
    with as_the_app() as cursor, pytest.raises(IntegrityError, match=named), transaction.atomic():
        cursor.execute("UPDATE complaints_complaint SET status = %s WHERE id = %s", [state, complaint.pk])


def test_whoever_guesses_a_number_finds_nothing_at_any_verb(room: Room) -> None:
    complaint = room.approved()
    outsider = room.world.person("outsider", "department_manager", department=room.heads["finance"].department)
    rows: list[Any] = [complaint]
    for kind in (TeamTask, Evidence, Measure):
        rows.append(kind.objects.filter(complaint=complaint).earliest("pk"))
    for user in (room.world.stranger, outsider, room.world.bob):
        page, rest = page_of(user), rest_of(user)
        with nothing_moves():
            assert page.get(complaint.get_absolute_url()).status_code == 404
            assert rest.get(f"/api/v1/complaints/{complaint.pk}/").status_code in (403, 404)
            for row in rows:
                for verb in actions_of(type(row)):
                    status = page.post(f"/do/{verb.name}/{row.pk}/", {"_key": f"k{verb.name}"}).status_code
                    assert status in (403, 404), (user, verb.name, status)


def test_a_forged_link_opens_nothing(room: Room) -> None:
    room.received()
    client = Client()
    with nothing_moves():
        for token in ("x", "A" * 24):
            assert client.get(f"/l/{token}/").status_code in (404, 410), token
            assert client.post(f"/l/{token}/", {"_verb": "complaints.agree_to_plan"}).status_code in (403, 404, 410)
