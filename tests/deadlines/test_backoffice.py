"""Calendars and rules in the back office: an administrator keeps them, and cannot break them."""

from datetime import date

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from crm import clock
from crm.accounts.models import User
from crm.deadlines.models import CalendarDay, Deadline, RuleVersion, WorkCalendar, WorkInterval
from tests.deadlines.calendars import at

pytestmark = pytest.mark.django_db
admin.autodiscover()


@pytest.fixture
def client(db) -> Client:
    keeper = User.objects.create_superuser("admin", name="管理员")
    found = Client()
    found.force_login(keeper, backend="crm.accounts.backends.Backend")
    return found


def week_of(calendar: WorkCalendar, **changes: str) -> dict[str, str]:
    """The calendar's form as the page sends it, with some inputs different."""
    rows = list(calendar.intervals.order_by("weekday", "start"))
    data = {
        "name": calendar.name,
        "department": "",
        "intervals-TOTAL_FORMS": str(len(rows) + 1),
        "intervals-INITIAL_FORMS": str(len(rows)),
        "years-TOTAL_FORMS": "0",
        "years-INITIAL_FORMS": "0",
    }
    for number, row in enumerate(rows):
        prefix = f"intervals-{number}"
        data |= {f"{prefix}-id": str(row.pk), f"{prefix}-calendar": str(calendar.pk)}
        data |= {
            f"{prefix}-weekday": str(row.weekday),
            f"{prefix}-start": str(row.start),
            f"{prefix}-end": str(row.end),
        }
    data |= {f"intervals-{len(rows)}-{name}": "" for name in ("weekday", "start", "end")}
    return data | changes


def test_the_week_is_edited_as_a_whole(client, calendar):
    url = reverse("admin:deadlines_workcalendar_change", args=[calendar.pk])
    assert client.get(url).status_code == 200
    # The morning now ends where the afternoon used to begin, and the afternoon begins later.
    data = week_of(calendar, **{"intervals-0-end": "13:45", "intervals-1-start": "14:00"})
    assert client.post(url, data).status_code == 302
    assert [str(row) for row in calendar.intervals.order_by("weekday", "start")[:2]] == [
        "Monday 08:30-13:45",
        "Monday 14:00-17:30",
    ]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"intervals-0-end": "14:00"}, "This overlaps another interval of the same weekday."),
        ({"intervals-0-end": "08:00"}, "The end is before the beginning."),
    ],
)
def test_a_week_that_makes_no_sense_is_refused_with_a_sentence(client, calendar, changes, complaint):
    before = list(calendar.intervals.values())
    response = client.post(
        reverse("admin:deadlines_workcalendar_change", args=[calendar.pk]), week_of(calendar, **changes)
    )
    assert response.status_code == 200 and complaint in response.text
    assert list(calendar.intervals.values()) == before


def test_the_database_refuses_overlaps_and_a_second_company_calendar(calendar):
    with pytest.raises(IntegrityError, match="work_intervals_do_not_overlap"), transaction.atomic():
        WorkInterval.objects.create(calendar=calendar, weekday=0, start="11:00", end="12:30")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    WorkInterval.objects.create(calendar=calendar, weekday=0, start="22:00", end="00:00")
    WorkInterval.objects.create(calendar=calendar, weekday=1, start="00:00", end="06:00")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="one_company_calendar"), transaction.atomic():
        WorkCalendar.objects.create(name="zwei")


def test_an_interval_is_checked_by_the_model_as_well(calendar):
    with pytest.raises(ValidationError, match="This overlaps another interval"):
        WorkInterval(calendar=calendar, weekday=0, start="11:00", end="12:30").full_clean()
    WorkInterval(calendar=calendar, weekday=5, start="11:00", end="12:30").full_clean()


def test_the_year_shows_days_off_make_up_days_and_links_to_change_them(client, calendar):
    page = client.get(reverse("admin:calendar-year", args=[calendar.pk, 2026])).text
    assert page.count('class="month"') == 12
    assert "248 working days" in page
    assert "国庆节" in page or "National Day" in page
    assert f"calendar={calendar.pk}&amp;date=2026-09-15" in page
    assert "have not been announced" not in page


@pytest.mark.parametrize("year", [0, 1, 1899, 3000, 9999, 10_000, 10**20])
def test_a_year_that_nobody_plans_for_is_not_found(client, calendar, year):
    assert client.get(f"/admin/deadlines/workcalendar/{calendar.pk}/year/{year}/").status_code == 404
    assert client.post(f"/admin/deadlines/workcalendar/{calendar.pk}/year/{year}/official/").status_code == 404


@pytest.mark.parametrize("query", ["calendar=abc", "calendar=987654321", "date=abc", "working=abc", "rule=abc"])
def test_a_form_that_begins_with_nonsense_is_still_a_form(client, calendar, query):
    assert client.get(f"/admin/deadlines/calendarday/add/?{query}").status_code == 200
    assert client.get(f"/admin/deadlines/ruleversion/add/?{query}").status_code == 200


def test_a_day_that_an_administrator_enters_is_the_companys_own_and_says_what_moves(client, calendar, entry_rule, note):
    note("09-14 16:30")
    data = {"calendar": calendar.pk, "date": "2026-09-15", "name": "停电", "name_en": "Power cut", "hours": ""}
    response = client.post(reverse("admin:deadlines_calendarday_add"), data, follow=True)
    assert response.redirect_chain[-1][0] == reverse("admin:calendar-year", args=[calendar.pk, 2026])
    assert CalendarDay.objects.get(date=date(2026, 9, 15)).source == "company"
    assert "See which would move" in response.text
    assert client.get(reverse("do", args=["deadlines.move_deadlines"])).status_code == 200


def test_hours_of_a_day_must_be_readable(client, calendar):
    data = {"calendar": calendar.pk, "date": "2026-09-30", "working": "on", "name": "x", "hours": "until noon"}
    response = client.post(reverse("admin:deadlines_calendarday_add"), data)
    assert response.status_code == 200 and "Write it as 08:30-12:00, 13:30-15:00" in response.text
    assert not CalendarDay.objects.filter(date=date(2026, 9, 30)).exists()


def test_a_year_is_marked_as_announced_and_its_official_days_are_brought_in(client, calendar):
    url = reverse("admin:calendar-seed", args=[calendar.pk, 2027])
    client.post(url, {"announced": "1"})
    assert calendar.years.get(year=2027).announced
    client.post(url)
    assert not calendar.years.get(year=2027).announced
    calendar.days.filter(date__year=2027).delete()
    client.post(url, {"seed": "1"})
    assert calendar.days.filter(date=date(2027, 10, 1), working=False).exists()


def test_the_rules_page_shows_every_rule_with_its_value_and_its_history(client, calendar, entry_rule):
    RuleVersion.objects.create(rule="test.entry", valid_from=date(2026, 9, 1), amount=2, unit="wd")
    RuleVersion.objects.create(rule="test.entry", valid_from=date(2026, 10, 1), enabled=False)
    with clock.at(at("09-14 09:00")):
        page = client.get(reverse("admin:deadlines_ruleversion_changelist")).text
    assert "Enter the note" in page and "2 working days" in page and "2026-10-01" in page
    assert "2026-09-16 09:00 (Wed)" in page


def test_a_new_value_is_a_new_row_from_a_date_on_and_never_from_the_past(client, calendar, entry_rule):
    url = reverse("admin:deadlines_ruleversion_add")
    data = {"rule": "test.entry", "tier": "", "enabled": "on", "amount": "2", "unit": "wd", "escalate": "on"}
    with clock.at(at("09-14 09:00")):
        page = client.get(url + "?rule=test.entry").text
        assert 'value="4"' in page.replace('value="4.00"', 'value="4"')
        refused = client.post(url, data | {"valid_from": "2026-09-13"})
        assert "The past stays as it was" in refused.text and not RuleVersion.objects.exists()
        assert client.post(url, data | {"valid_from": "2026-09-14"}).status_code == 302
        again = client.post(url, data | {"valid_from": "2026-09-14"})
        assert "This rule already has a value from that date on." in again.text
        row = RuleVersion.objects.get()
        assert (row.by.username, row.amount, row.unit) == ("admin", 2, "wd")
        change = reverse("admin:deadlines_ruleversion_change", args=[row.pk])
        assert client.post(change, data | {"valid_from": "2026-09-20"}).status_code == 403
        assert client.post(reverse("admin:deadlines_ruleversion_delete", args=[row.pk])).status_code == 403
    assert RuleVersion.objects.count() == 1


def test_a_value_is_for_a_tier_that_there_is_and_not_for_a_misspelt_one(client, entry_rule):
    url = reverse("admin:deadlines_ruleversion_add")
    data = {"rule": "test.entry", "enabled": "on", "amount": "1", "unit": "wd", "valid_from": "2099-01-01"}
    assert '<option value="vip">VIP</option>' in client.get(url).text
    assert "Select a valid choice" in client.post(url, data | {"tier": "V.I.P."}).text
    assert not RuleVersion.objects.exists()
    assert client.post(url, data | {"tier": "vip"}).status_code == 302
    assert RuleVersion.objects.get().tier == "vip"


def test_part_of_a_working_day_is_no_value(client, entry_rule):
    data = {"rule": "test.entry", "enabled": "on", "amount": "1.5", "unit": "wd", "valid_from": "2099-01-01"}
    response = client.post(reverse("admin:deadlines_ruleversion_add"), data)
    assert "Working days are whole" in response.text and not RuleVersion.objects.exists()


def test_deadlines_and_jobs_are_looked_at_and_not_edited(client, entry_rule, note):
    note("09-14 09:00")
    found = Deadline.objects.get()
    for name, key in (("deadline", found.pk),):
        assert client.get(reverse(f"admin:deadlines_{name}_changelist")).status_code == 200
        change = reverse(f"admin:deadlines_{name}_change", args=[key])
        assert client.get(change).status_code == 200
        assert client.post(change, {"rule": "x"}).status_code == 403
    assert client.get(reverse("admin:deadlines_periodicrun_changelist")).status_code == 200
    assert client.get(reverse("admin:deadlines_periodicrun_add")).status_code == 403


def test_who_may_not_keep_calendars_does_not_see_them(calendar, people):
    people["alice"].is_staff = True
    people["alice"].save()
    client = Client()
    client.force_login(people["alice"], backend="crm.accounts.backends.Backend")
    for name, args in (
        ("deadlines_ruleversion_changelist", []),
        ("calendar-year", [calendar.pk, 2026]),
        ("calendar-seed", [calendar.pk, 2026]),
    ):
        assert client.get(reverse(f"admin:{name}", args=args)).status_code == 403
