"""Lists and sweeps of surveys ask as much for 10,000 invitations as for three, and find their rows by an index."""

from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from pickup.bench.filling import without_triggers
from satisfaction import tasks
from satisfaction.models import Campaign, Invitation
from satisfaction.sheets import take_anonymous
from tests.satisfaction.conftest import everywhere, lines, plan, running
from tests.world import World

MANY = 10_000
CAMPAIGNS = 2  # earlier ones, each as large
STATES = ("sent", "sent", "returned", "returned", "returned", "partly", "blank", "refused", "left_out", "returned")
MORE = """
    INSERT INTO satisfaction_invitation (number, campaign_id, status, customer_id, contact_id, owner_id, department_id,
        tier, region, event, way, sent_at, reminders, remind_on, reason, secret, used, version, search_terms,
        search_text)
    SELECT %(campaign)s || '-' || place, %(campaign)s, (%(states)s)[place %% 10 + 1], customer_id, contact_id,
        owner_id, department_id, tier, region, place::text, 'mail', sent_at, 0,
        CASE WHEN place %% 10 = 0 AND %(runs)s THEN %(today)s::date + place / 10 END, '', '', false, 0,
        search_terms, ''
    FROM satisfaction_invitation, generate_series(1, %(many)s) AS place WHERE id = %(like)s
"""
LIST = "/surveys/invitations/"
PAGES = (
    LIST,
    f"{LIST}?tab=mine",
    f"{LIST}?tab=send",
    f"{LIST}?tab=out",
    f"{LIST}?tab=back",
    f"{LIST}?campaign={{campaign}}",
    f"{LIST}?campaign={{campaign}}&status=sent",
    "/surveys/",
    "/surveys/{campaign}/",
    "/surveys/{campaign}/result/",
    "/surveys/{campaign}/report/",
)


def more(campaign: Campaign, like: Invitation, today: Any) -> None:
    """Many more invitations, in all states; those of a running campaign are reminded one day after the other."""
    facts = {"campaign": campaign.pk, "like": like.pk, "states": list(STATES), "many": MANY}
    with without_triggers() as cursor:
        cursor.execute(MORE, {**facts, "today": today, "runs": campaign.status == Campaign.Status.RUNNING})


@dataclass
class Asked:
    """A running campaign beside others, and how many queries each page took when it had three invitations."""

    campaign: Campaign
    earliest: Campaign
    before: dict[str, int]


@pytest.fixture
def asked(world: World) -> Asked:
    """A campaign with three invitations, then with 10,000 more, beside as many of each of the years before."""
    earlier = []
    for number in range(CAMPAIGNS):
        earlier.append(plan(world, name=f"{number}"))
        Campaign.objects.filter(pk=earlier[-1].pk).update(status=Campaign.Status.REPORTED)
        earlier[-1].refresh_from_db()
    campaign, rows = running(world, 3)
    before = {page: len(queries(world, campaign, page)) for page in PAGES}
    for each in (*earlier, campaign):
        more(each, rows[0], clock.today() + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE satisfaction_invitation")
    return Asked(campaign, earlier[0], before)


def queries(world: World, campaign: Campaign, page: str) -> list[str]:
    """The queries that a page takes the second time."""
    client, path = Client(), page.format(campaign=campaign.pk)
    client.force_login(world.root)
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return [each["sql"] for each in captured.captured_queries]


def plan_of(sql: str) -> str:
    """How the database answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL random_page_cost = 1.1")  # as the product's own server has it
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_no_page_asks_more_for_10000_invitations_than_for_three(world: World, asked: Asked) -> None:
    after = {page: len(queries(world, asked.campaign, page)) for page in PAGES}
    more = {page: number - asked.before[page] for page, number in after.items()}
    assert max(more.values()) <= 2, more  # how many there are, and where the next page begins
    lists = [after[page] for page in PAGES if page.startswith(LIST)]
    assert max(lists) <= 8 and after["/surveys/"] <= 5


def test_the_list_of_an_early_campaign_is_found_by_its_index(world: World, asked: Asked) -> None:
    for page, index in (
        (f"{LIST}?campaign={{campaign}}", "invitations_by_campaign"),
        (f"{LIST}?campaign={{campaign}}&status=sent", "invitations_of_campaign"),
    ):
        [rows] = [sql for sql in queries(world, asked.earliest, page) if "LIMIT 51" in sql]
        assert index in plan_of(rows)


def test_the_reminder_looks_at_nothing_but_what_is_due(world: World, asked: Asked) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert tasks.remind() == 0  # the first one is due the day after tomorrow
    [due] = [each["sql"] for each in captured.captured_queries if "remind_on" in each["sql"]]
    assert "invitations_to_remind" in plan_of(due)
    with clock.at(clock.now() + timedelta(days=2)):
        assert Invitation.objects.filter(remind_on__lte=clock.today()).count() == 1


def updates() -> tuple[int, int]:
    """How many invitations this transaction wrote anew, and how many of them without touching an index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'satisfaction_invitation'"
        )
        all_of_them, in_place = cursor.fetchone()
        return all_of_them, in_place


def test_an_anonymous_answer_writes_all_invitations_anew_where_they_stand(world: World) -> None:
    """It took 12 s for 20,000 of them while each touched all indexes; 0.3 s where its page has room."""
    [room] = import_module("satisfaction.migrations.0002_room_to_write_anew").Migration.operations
    with connection.cursor() as cursor:
        cursor.execute(room.sql)  # as the migration has done it where the tables were made by migrations
    campaign, [invitation] = running(world, anonymous=True)
    more(campaign, invitation, clock.today())
    before = updates()
    assert take_anonymous(invitation, answers=lines(everywhere("fair")), remarks="")
    written, in_place = (after - then for after, then in zip(updates(), before, strict=True))
    assert written == MANY + 1
    assert in_place >= MANY - 10  # but those few on the page that was begun before
