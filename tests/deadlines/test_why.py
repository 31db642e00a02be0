""" "Why then?": the lines add up, in both languages, in the dialog and on the page, for those who may see it."""

from datetime import date

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.deadlines.explain import why
from crm.deadlines.models import CalendarDay, CalendarYear, Deadline, RuleVersion
from crm.deadlines.rules import Rule
from crm.deadlines.sweep import sweep
from crm.deadlines.turn import turn
from customers.models import Note
from tests.deadlines.calendars import at
from tests.deadlines.conftest import only

pytestmark = pytest.mark.django_db


def lines(deadline: Deadline, language: str = "en") -> list[tuple[str, str, str, str]]:
    return [(line.when, line.what, line.counted, line.tone) for line in why(deadline, language).lines]


def test_the_lines_say_what_counted_and_what_did_not(entry_rule, note):
    note("09-30 16:10")
    found = only()
    assert lines(found) == [
        ("09-30 Wed 16:10–17:30", "", "1 h 20 min", "counted"),
        ("10-01 Thu – 10-03 Sat", "National Day", "", "off"),
        ("10-04 Sun", "day off", "", "off"),
        ("10-05 Mon", "National Day (observed)", "", "off"),
        ("10-06 Tue", "National Day, worked 09-20 instead", "", "off"),
        ("10-07 Wed", "National Day, worked 10-10 instead", "", "off"),
        ("10-08 Thu 08:30–11:10", "", "2 h 40 min", "counted"),
    ]
    with clock.at(at("09-30 16:10")):
        told = why(found, "en")
    assert (told.what, told.clause, told.limit, told.since) == (
        "Enter the note",
        "ZT 2.2",
        "4 working hours",
        "the default of the rule",
    )
    assert (told.started, told.due) == ("2026-09-30 16:10 (Wed)", "2026-10-08 11:10 (Thu)")
    assert (told.remaining, told.notes, told.ended) == ("4 h", [], "")


def test_in_chinese_holidays_have_their_chinese_names(entry_rule, note):
    note("02-14 16:30")
    texts = [line[1] for line in lines(only(), "zh-hans")]
    assert (texts[0], texts[2]) == ("春节调休上班", "农历除夕")


def test_a_value_says_since_when_it_is_valid(entry_rule, note):
    RuleVersion.objects.create(rule="test.entry", valid_from=date(2026, 9, 1), amount=2, unit="wd")
    note("09-14 09:00")
    told = why(only(), "en")
    assert (told.limit, told.since) == ("2 working days", "valid since 2026-09-01")
    assert lines(only()) == [("09-15 Tue – 09-16 Wed", "", "2 working days", "counted")]


def test_reminders_sent_and_to_come_are_named(entry_rule, note):
    note("09-14 09:00")

    def told() -> list[tuple[str, str, str, bool]]:
        return [(each.when[5:16], each.who, each.what, each.done) for each in why(only(), "en").reminders]

    assert told() == [
        ("09-14 13:30", "Alice", "is reminded", False),
        ("09-14 14:30", "Alice", "is told that it is late", False),
        ("09-14 14:30", "Boss", "is told as the superior", False),
        ("09-15 14:30", "Chief", "is told as the superior", False),
    ]
    for moment in ("09-14 13:30", "09-14 14:30"):
        with clock.at(at(moment)):
            sweep()
    assert told() == [
        ("09-14 13:30", "Alice", "reminded", True),
        ("09-14 14:30", "Alice", "told that it is late", True),
        ("09-14 14:30", "Boss", "told as the superior", True),
        ("09-15 14:30", "Chief", "is told as the superior", False),
    ]


def test_a_pause_is_a_line(own_rules, note):
    S = Note.Status
    Rule("test.pause", "x", on=Note, label="Do", during={S.OPEN}, pauses={S.ENTERED}, limit="2 wh", met_by="x")
    found = note("09-14 09:00")
    for moment, status in (("09-14 10:00", S.ENTERED), ("09-15 10:00", S.OPEN)):
        found.status = status
        with clock.at(at(moment)):
            found.save()
            turn(found)
    assert lines(only()) == [
        ("09-14 Mon 09:00–10:00", "", "1 h", "counted"),
        ("2026-09-14 10:00 (Mon) – 2026-09-15 10:00 (Tue)", "clock paused", "", "off"),
        ("09-15 Tue 10:00–11:00", "", "1 h", "counted"),
    ]


@pytest.mark.parametrize(
    ("words", "limit", "line"),
    [
        ({"limit": "12 h"}, "12 hours", ("2026-09-14 09:00 (Mon) – 2026-09-14 21:00 (Mon)", "day and night", "12 h")),
        ({"limit": "3 d"}, "3 days", ("2026-09-14 09:00 (Mon) – 2026-09-17 09:00 (Thu)", "day and night", "")),
        (
            {"due": "received_at"},
            "up to a date",
            ("2026-09-14 09:00 (Mon) – 2026-09-24 10:00 (Thu)", "up to the date", ""),
        ),
        (
            {"due": "received_at", "limit": "1 d"},
            "1 day before a date",
            ("2026-09-23 10:00 (Wed) – 2026-09-24 10:00 (Thu)", "counted back from the date", ""),
        ),
        (
            {"every": "month"},
            "up to the end of the period",
            ("2026-09-01 00:00 (Tue) – 2026-10-01 00:00 (Thu)", "the period", ""),
        ),
    ],
)
def test_other_ways_to_a_due_time_are_told_as_well(own_rules, note, words, limit, line):
    Rule("test.way", "x", on=Note, label="Do", met_by="x", **words)
    note("09-14 09:00", received_at=at("09-24 10:00"))
    told = why(only(), "en")
    assert told.limit == limit
    assert [(each.when, each.what, each.counted) for each in told.lines] == [line]


def test_a_year_that_is_not_announced_is_warned_of_until_it_is(entry_rule, note, calendar):
    CalendarYear.objects.update_or_create(calendar=calendar, year=2027, defaults={"announced": False})
    note("12-31 17:00")
    assert why(only(), "en").notes == ["The public holidays of 2027 have not been announced yet; this may still move."]
    year = calendar.years.get(year=2027)
    year.announced = True
    year.save()
    assert why(only(), "en").notes == []


def test_a_calendar_that_changed_since_is_told_and_moves_nothing(entry_rule, note, calendar):
    note("09-14 16:30")
    CalendarDay.objects.create(calendar=calendar, date=date(2026, 9, 15), working=False, name="停电")
    assert why(only(), "en").notes == [
        "The calendar has changed since; by the present one it would be due 2026-09-16 11:30 (Wed)."
    ]


def test_how_it_ended_is_told(entry_rule, note):
    found = note("09-14 09:00")
    found.status = Note.Status.ENTERED
    with clock.at(at("09-14 10:00")):
        turn(found, "customers.enter_customer")
    assert why(only(), "en").ended == "Done 2026-09-14 10:00 (Mon)"
    assert why(only(), "en").reminders == []


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="crm.accounts.backends.Backend")
    return client


def test_the_dialog_and_the_page_show_it_to_those_who_may_see_it(entry_rule, note, people):
    note("09-30 16:10")
    client, url = signed_in(people["alice"]), only().url
    dialog = client.get(url, headers={"HX-Request": "true", "HX-Target": "dialog"})
    assert dialog.status_code == 200 and dialog.content.lstrip().startswith(b"<dialog")
    assert "1 h 20 min" in dialog.text and "ZT 2.2" in dialog.text
    page = client.get(url)
    assert page.status_code == 200 and "<html" in page.text and "1 h 20 min" in page.text
    assert signed_in(people["boss"]).get(url).status_code == 200


def test_a_stranger_does_not_find_it(entry_rule, note, people):
    note("09-14 09:00")
    assert signed_in(people["charlie"]).get(only().url).status_code == 404
    assert Client().get(only().url).status_code == 302


def test_who_sees_the_record_sees_its_deadline(entry_rule, note, people):
    note("09-14 09:00", owner=people["bob"])
    assert not Deadline.objects.visible_to(people["charlie"]).exists()
    assert not only().seen_by(people["charlie"])
    Note.objects.update(received_by=people["charlie"])
    from django.contrib.auth.models import Group
    from django.contrib.contenttypes.models import ContentType

    from crm.accounts.models import RoleReach

    role = Group.objects.create(name="t-clerk")
    RoleReach.objects.create(role=role, model=ContentType.objects.get_for_model(Note), reach="own")
    people["charlie"].groups.add(role)
    assert only().seen_by(User.objects.get(username="charlie"))
