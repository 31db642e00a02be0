"""Days are those of the company's own time zone, from midnight to midnight, and an index finds them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from crm import days
from customers.models import ContactEntry
from tests.world import World, shanghai

MONDAY = date(2026, 11, 23)


@pytest.fixture
def entries(world: World) -> dict[str, ContactEntry]:
    """Talks around the Monday, with when they were."""
    moments = {
        "last of Sunday": shanghai(22, 23, 59).replace(second=59, microsecond=999999),
        "first of Monday": shanghai(23, 0),
        "last of Monday": shanghai(23, 23, 59).replace(second=59, microsecond=999999),
        "first of Tuesday": shanghai(24, 0),
    }
    return {
        name: ContactEntry.objects.create(customer=world.customer, what=name, by=world.root, at=moment)
        for name, moment in moments.items()
    }


def found(which: object) -> list[str]:
    return list(ContactEntry.objects.filter(which).order_by("at").values_list("what", flat=True))  # type: ignore[arg-type]


def test_a_day_goes_from_midnight_to_midnight(entries: dict[str, ContactEntry]) -> None:
    names = list(entries)
    assert found(days.within("at", MONDAY)) == names[1:3]
    assert found(days.begins("at", MONDAY)) == names[1:]
    assert found(days.until("at", MONDAY)) == names[:3]
    assert found(days.before("at", MONDAY)) == names[:1]


def test_the_zone_of_the_reader_changes_nothing(entries: dict[str, ContactEntry]) -> None:
    from django.utils import timezone

    with timezone.override(ZoneInfo("America/New_York")):
        assert found(days.within("at", MONDAY)) == ["first of Monday", "last of Monday"]
        assert days.begin_of(MONDAY) == datetime(2026, 11, 22, 16, tzinfo=ZoneInfo("UTC"))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_too(entries: dict[str, ContactEntry], day: date) -> None:
    assert found(days.within("at", day)) == []
    assert len(found(days.begins("at", date.min))) == len(found(days.until("at", date.max))) == 4


def test_an_index_finds_the_day(entries: dict[str, ContactEntry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    mine = ContactEntry.objects.filter(days.within("at", MONDAY), customer=entries["last of Monday"].customer)
    plan = mine.order_by().values("pk").explain()
    assert "contact_log_of_customer" in plan
    assert "Filter" not in plan


def test_the_filter_of_a_list_takes_days(world: World, entries: dict[str, ContactEntry]) -> None:
    from django.test import Client

    browser = Client()
    browser.force_login(world.root)
    rows = browser.get("/api/v1/contact-log/", {"since": "2026-11-24"}).json()["results"]
    assert [row["what"] for row in rows] == ["first of Tuesday"]
    assert browser.get("/api/v1/contact-log/", {"since": "9999-12-31"}).json()["results"] == []
    assert browser.get("/api/v1/contact-log/", {"since": "no day"}).status_code == 400
