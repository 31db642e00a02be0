"""How time limits were kept: exact counts by rule and month, within what one answers for, in one query."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm import clock
from crm.accounts.models import User
from crm.deadlines.figures import deadlines_by_month, deadlines_this_month, last_day_of, months_until
from crm.deadlines.lists import DEADLINES
from crm.deadlines.models import Deadline
from crm.reports.charts import REPORTS, cells_of, chart

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZONE)
RULE = "order.review"


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(NOW):
        yield


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser("chief", name="陈总", name_en="Chief")


def deadline(due: datetime, closed: datetime | None = None, **facts: Any) -> Deadline:
    """One deadline; what is closed was met."""
    made = Deadline.objects.count()
    given = {"rule": RULE, "subject_pk": made + 1, "started_at": due - timedelta(hours=4), "warn_at": due, **facts}
    outcome = facts.pop("outcome", "met" if closed else "")
    return Deadline.objects.create(**{**given, "due_at": due, "closed_at": closed, "outcome": outcome})


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def rows_behind(url: str, user: User) -> int:
    path, _question, query = url.partition("?")
    assert path == reverse("deadlines")
    return DEADLINES.filtered(user, QueryDict(query)).count()


@pytest.fixture
def kept() -> None:
    """October: one in time, two late. November: two in time, one late, one overdue, and some that do not count."""
    deadline(at(10, 31, 23, 59), at(10, 31, 23, 59))
    deadline(at(10, 1, 0, 0), at(10, 1, 0, 1))
    deadline(at(10, 5), at(11, 20))
    deadline(at(11, 1, 0, 0), at(10, 31))
    deadline(at(11, 23, 18), at(11, 23, 9))
    deadline(at(11, 3), at(11, 4))
    deadline(at(11, 20))
    deadline(at(11, 23, 18))
    deadline(at(11, 4), at(11, 5), outcome="cancelled")
    deadline(at(11, 4), paused_at=at(11, 3))
    deadline(at(11, 24), at(11, 22))
    deadline(at(5, 31), at(5, 31))


def test_each_rule_and_month_has_its_share_and_its_records(kept: None, chief: User) -> None:
    found = deadlines_by_month(chief)
    assert [label for label, _tone in found.series] == [
        "2026-06",
        "2026-07",
        "2026-08",
        "2026-09",
        "2026-10",
        "2026-11",
    ]
    (row,) = found.rows
    assert row.label == "Review an application"
    assert [value and (value.number, value.tone) for value in row.values] == [None] * 4 + [(33, "late"), (50, "late")]
    assert [value.number for value in row.more] == [3, 4]
    assert [rows_behind(value.url, chief) for value in row.more] == [3, 4]
    assert rows_behind(f"{row.values[4].url}&kept=in_time", chief) == 1
    assert rows_behind(f"{row.values[4].url}&kept=late", chief) == 2
    assert rows_behind(f"{row.values[5].url}&kept=in_time", chief) == 2


def test_this_month_counts_in_time_and_late_beside_each_other(kept: None, chief: User) -> None:
    (row,) = deadlines_this_month(chief).rows
    assert [(value.number, value.tone) for value in row.values] == [(2, "done"), (2, "late")]
    assert row.total == "2 of 4 late"
    assert [rows_behind(value.url, chief) for value in row.values] == [2, 2]


def test_one_sees_what_one_answers_for(kept: None, people: dict[str, User]) -> None:
    boss, charlie = people["boss"], people["charlie"]
    Deadline.objects.filter(due_at__gte=at(11, 1, 0)).update(responsible=people["alice"])
    assert [value.number for value in deadlines_this_month(boss).rows[0].values] == [2, 2]
    assert deadlines_this_month(charlie).rows == []
    assert chart(REPORTS["deadlines-this-month"], charlie)["empty"] == "Nothing was due yet this month."


def test_it_costs_one_query_however_many_there_are(kept: None, chief: User) -> None:
    for number in range(40):
        deadline(at(11, 2) + timedelta(hours=number), at(11, 2), rule="order.accept")
    for figure in (deadlines_by_month, deadlines_this_month):
        with CaptureQueriesContext(connection) as queries:
            found = figure(chief)
        assert (len(queries), len(found.rows)) == (1, 2)


def test_the_table_of_a_file_has_numbers(kept: None, chief: User) -> None:
    head, rows = cells_of(deadlines_by_month(chief))
    assert head == ["Time limit", *(f"2026-{month:02}" for month in range(6, 12)), "In time", "Late"]
    assert rows == [["Review an application", None, None, None, None, 33, 50, 3, 4]]


@pytest.mark.parametrize(
    ("day", "first"), [(date(2026, 1, 31), date(2025, 8, 1)), (date(2026, 12, 1), date(2026, 7, 1))]
)
def test_months_go_over_the_turn_of_the_year(day: date, first: date) -> None:
    months = months_until(day, 6)
    assert (months[0], months[-1], len(set(months))) == (first, day.replace(day=1), 6)
    assert last_day_of(date(2028, 2, 1)) == date(2028, 2, 29)


def test_the_list_is_for_whoever_answers_for_others(kept: None, people: dict[str, User], client: Any) -> None:
    client.force_login(people["boss"])
    assert client.get("/deadlines/").status_code == 403
    people["boss"].user_permissions.add(Permission.objects.get(codename="view_deadline"))
    Deadline.objects.update(responsible=people["alice"])
    client.force_login(User.objects.get(username="boss"))
    html = client.get("/deadlines/", {"kept": "late"}, headers={"Accept-Language": "en"}).content.decode()
    assert html.count("<tr data-url=") == 4 and "Review an application" in html
    assert client.get("/deadlines/", {"kept": "nonsense"}).status_code == 400
