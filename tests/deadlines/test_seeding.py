"""China's holidays come into the tables; the company's own days stay; a year not announced is said to be so."""

from datetime import date

import pytest
from django.contrib.auth.models import Group

from crm import clock
from crm.accounts.models import User
from crm.deadlines import basis, seeding
from crm.deadlines.models import CalendarDay, CalendarYear, WorkCalendar
from crm.deadlines.seeding import complete, official_days, remind, seed_calendar, unannounced
from crm.outbox.models import Message
from tests.deadlines.calendars import COMPANY, at

pytestmark = pytest.mark.django_db


def test_the_days_of_2026_are_those_of_the_state_council():
    days = official_days(2026)
    worked = [day for day, found in days.items() if found.working]
    assert sorted(worked) == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    weekdays_off = {day for day, found in days.items() if not found.working and day.weekday() < 5}
    assert weekdays_off == {day for day, each in COMPANY.exceptions.items() if not each.working}
    assert days[date(2026, 10, 6)].name == "国庆节调休"
    assert days[date(2026, 10, 6)].name_en == "National Day, worked 09-20 instead"
    assert days[date(2026, 9, 20)] == (True, "国庆节调休上班", "Working day instead of 10-06")


def test_a_new_installation_has_a_calendar_with_lunch_and_three_years():
    WorkCalendar.objects.all().delete()
    with clock.at(at("03-02 09:00")):
        complete()
    calendar = WorkCalendar.objects.get()
    assert calendar.intervals.count() == 10
    assert [(row.year, row.announced) for row in calendar.years.order_by("year")] == [
        (2025, True),
        (2026, True),
        (2027, not unannounced(2027)),
    ]
    found = basis.current().company
    assert [str(end) for _start, end in found.intervals(date(2026, 9, 20))] == ["12:00:00", "17:30:00"]
    assert found.intervals(date(2026, 10, 1)) == ()


def test_seeding_again_keeps_what_the_company_decided_and_changes_nothing_else(calendar):
    own = calendar.days.get(date=date(2026, 9, 20))
    own.working, own.source, own.name = False, CalendarDay.Source.COMPANY, "不上班"
    own.save()
    before = list(calendar.days.values_list("date", "working", "name", "source"))
    seed_calendar([2026])
    assert list(calendar.days.values_list("date", "working", "name", "source")) == before


def test_a_year_without_make_up_days_is_not_announced_until_they_come(calendar, monkeypatch):
    CalendarYear.objects.filter(year=2027).delete()
    monkeypatch.setattr(
        seeding, "official_days", lambda year: {date(year, 10, 1): seeding.OfficialDay(False, "国庆节", "")}
    )
    seed_calendar([2027])
    assert unannounced(2027)
    monkeypatch.setattr(seeding, "official_days", lambda year: {date(year, 10, 9): seeding.OfficialDay(True, "班", "")})
    seed_calendar([2027])
    assert not unannounced(2027)
    assert list(calendar.days.filter(date__year=2027).values_list("name", flat=True)) == ["班"]


def test_in_december_administrators_are_reminded_once_a_week_of_a_missing_year(calendar, monkeypatch):
    monkeypatch.setattr(seeding, "official_days", lambda year: {})
    CalendarYear.objects.filter(year=2027).update(announced=False)
    role, _made = Group.objects.get_or_create(name="administrator")
    keeper = User.objects.create_user("keeper", name="管日历")
    keeper.groups.add(role)
    User.objects.create_user("clerk", name="职员")
    for moment in ("11-30 09:15", "12-01 09:15", "12-02 09:15", "12-08 09:15"):
        with clock.at(at(moment)):
            remind()
    told = Message.objects.filter(template="deadlines.unannounced", recipient=keeper)
    assert (told.count(), Message.objects.count()) == (2, 2)
    assert told.first().text("en")["subject"] == "The public holidays of 2027 are not in the calendar yet"


def test_every_change_of_a_calendar_is_a_new_version_and_read_at_once(calendar):
    version = calendar.version
    day = CalendarDay.objects.create(calendar=calendar, date=date(2026, 9, 15), working=False, name="停电")
    calendar.refresh_from_db()
    assert calendar.version == version + 1
    assert basis.current().company.intervals(date(2026, 9, 15)) == ()
    day.delete()
    calendar.refresh_from_db()
    assert calendar.version == version + 2
    assert len(basis.current().company.intervals(date(2026, 9, 15))) == 2


def test_an_unchanged_calendar_is_asked_for_with_one_small_query(calendar, django_assert_num_queries):
    basis.current()
    with django_assert_num_queries(1):
        basis.current()
