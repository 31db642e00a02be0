"""What the demonstration's customers answer, at its full size: everything occurs, in the shares that are meant."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm import clock
from crm.reports.demo import Demo
from satisfaction import demo_sheets as sheets
from satisfaction.demo_customers import julys
from satisfaction.first_form import ITEMS

CODES = [code for code, *_rest in ITEMS]
ASKED = 192  # eight times all that occurs


@pytest.fixture
def demo(db: None) -> Demo:
    return Demo()


def all_said(demo: Demo, wave: int) -> list[sheets.Said]:
    return [sheets.said(demo, wave, place, CODES) for place in range(ASKED)]


def test_of_each_24_customers_all_but_a_few_answer(demo: Demo) -> None:
    endings = Counter(each.ending for each in all_said(demo, 0))
    assert endings == {
        "whole": 112,
        "partly": 24,
        "silent": 16,
        "blank": 8,
        "late": 8,
        "declined": 8,
        "refused": 8,
        "left_out": 8,
    }
    assert sum(endings[each] for each in sheets.RECOVERED) == 144


@pytest.mark.parametrize("wave", [0, 1])
def test_all_ways_occur_and_sheets_say_what_their_ending_promises(demo: Demo, wave: int) -> None:
    said = all_said(demo, wave)
    assert {each.way for each in said if each.ending == sheets.WHOLE} >= {"mail", "paper", "phone"}
    assert {each.way for each in said if each.ending == sheets.DECLINED} <= set(sheets.BY_LINK)
    for each in said:
        levels = [bool(line["level"]) for line in each.answers]
        if each.ending in (sheets.WHOLE, sheets.LATE):
            assert levels == [True] * len(CODES) and 1 <= sum(line["matters"] for line in each.answers) <= 4
        elif each.ending == sheets.PARTLY:
            assert 6 <= sum(levels) <= 10
        elif each.ending == sheets.BLANK:
            assert levels == [False] * len(CODES) and not any(line["matters"] for line in each.answers)
        else:
            assert levels == []
    again = all_said(demo, wave)
    assert again == said


def test_the_two_whose_low_answers_are_followed_up_are_not_satisfied(demo: Demo) -> None:
    for place, item in ((sheets.COMPLAINT, "sales-answer"), (sheets.FEEDBACK, "delivery-pickup")):
        said = sheets.said(demo, 1, place, CODES)
        assert next(line["level"] for line in said.answers if line["item"] == item) == "not_satisfied"
        assert said.remarks and said.way == "mail"


@pytest.mark.parametrize(
    ("now", "first", "second"),
    [
        (date(2026, 11, 22), date(2025, 7, 1), date(2026, 7, 1)),
        (date(2026, 7, 31), date(2024, 7, 1), date(2025, 7, 1)),
        (date(2026, 8, 1), date(2025, 7, 1), date(2026, 7, 1)),
        (date(2027, 1, 3), date(2025, 7, 1), date(2026, 7, 1)),
        (date(2028, 12, 1), date(2027, 7, 1), date(2028, 7, 3)),  # 1 and 2 July 2028 are a weekend
    ],
)
def test_both_surveys_are_over_whenever_the_demonstration_is_made(
    db: None, now: date, first: date, second: date
) -> None:
    with clock.at(datetime(now.year, now.month, now.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))):
        assert julys(Demo()) == (first, second)
