"""An owner sends and reminds all his customers at once; whoever cannot be reached is named, and keeps nobody back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.outbox.models import Message
from crm.web.models import BulkRun
from satisfaction import actions
from satisfaction.models import Invitation
from tests.satisfaction.conftest import customer, invite, plan
from tests.world import World

SEND, REMIND = "/do-many/satisfaction.send_invitation/", "/do-many/satisfaction.remind_invitation/"


def waiting(world: World, number: int) -> list[Invitation]:
    """So many of alice's customers in a survey that has begun, to be sent theirs."""
    campaign = plan(world)
    rows = invite(campaign, *(customer(world, each, owner=world.alice) for each in range(number)))
    actions.start_campaign(campaign, by=world.root)
    return rows


def done(client: Client, path: str, rows: list[Invitation], capture: Any, **given: str) -> str:
    """Do it to all of them as the page does; answers the report."""
    data = {"rows": ",".join(str(each.pk) for each in rows), "_key": path.replace("/", ""), **given}
    with capture(execute=True):
        assert client.post(path, data, headers={"HX-Request": "true"}).status_code == 200
    return client.get(f"/bulk/{BulkRun.objects.latest('pk').pk}/progress/").content.decode()


def test_all_are_sent_at_once_and_who_has_no_address_is_named(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    rows = waiting(world, 4)
    [others] = invite(rows[0].campaign, customer(world, 9, owner=world.bob))
    rows[2].contact.email = ""
    rows[2].contact.save()
    client = Client()
    client.force_login(world.alice)
    assert SEND in client.get("/surveys/invitations/").content.decode()
    report = done(client, SEND, [*rows, others], django_capture_on_commit_callbacks, way="mail")
    assert list(Invitation.objects.order_by("pk").values_list("status", flat=True)) == [
        "sent",
        "sent",
        "to_send",
        "sent",
        "to_send",  # bob's is not hers
    ]
    assert rows[2].number in report
    assert Message.objects.filter(template="satisfaction.survey").count() == 3
    with clock.at(clock.now() + timedelta(days=3)):
        done(client, REMIND, rows, django_capture_on_commit_callbacks)
    assert list(Invitation.objects.order_by("pk").values_list("reminders", flat=True)) == [1, 1, 0, 1, 0]


@pytest.mark.parametrize("path", [SEND, REMIND])
def test_the_preview_asks_as_much_of_ten_as_of_two(world: World, path: str) -> None:
    rows = waiting(world, 10)
    client = Client()
    client.force_login(world.alice)
    counts = []
    if path == REMIND:
        Invitation.objects.update(status="sent", way="mail", sent_at=clock.now() - timedelta(days=3))
    for some in (rows[:2], rows[:2], rows):  # the first time fills what the process keeps
        with CaptureQueriesContext(connection) as asked:
            page = client.get(path, {"pk": [each.pk for each in some]})
        assert page.status_code == 200
        counts.append(len(asked.captured_queries))
    assert counts[2] == counts[1]
