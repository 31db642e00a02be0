"""The company's working time in the tests: China's calendar of 2026 written out by hand, lunch from 12:00 to 13:30."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from crm.deadlines.worktime import Calendar, DayException

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING, AFTERNOON = (time(8, 30), time(12)), (time(13, 30), time(17, 30))
WEEK = ((MORNING, AFTERNOON),) * 5 + ((), ())


def off(name: str) -> DayException:
    return DayException(False, name)


MAKE_UP = DayException(True, "调休上班", "Make-up working day")

DAYS_2026 = {
    date(2026, 1, 1): off("元旦"),
    date(2026, 1, 2): off("元旦"),
    date(2026, 1, 4): MAKE_UP,
    date(2026, 2, 14): MAKE_UP,
    date(2026, 2, 16): off("农历除夕"),
    **{date(2026, 2, day): off("春节") for day in (17, 18, 19, 20, 23)},
    date(2026, 2, 28): MAKE_UP,
    date(2026, 4, 6): off("清明节"),
    **{date(2026, 5, day): off("劳动节") for day in (1, 4, 5)},
    date(2026, 5, 9): MAKE_UP,
    date(2026, 6, 19): off("端午节"),
    date(2026, 9, 20): MAKE_UP,
    date(2026, 9, 25): off("中秋节"),
    **{date(2026, 10, day): off("国庆节") for day in (1, 2, 5, 6, 7)},
    date(2026, 10, 10): MAKE_UP,
}

COMPANY = Calendar(WEEK, SHANGHAI, DAYS_2026, frozenset({2026}))


def at(text: str) -> datetime:
    """`"09-30 16:00"` of 2026 in Shanghai, as a moment in UTC; a full date is taken as it is."""
    full = text if len(text) == 16 else f"2026-{text}"
    return datetime.strptime(full, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


def local(moment: datetime) -> str:
    """The other way round."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
