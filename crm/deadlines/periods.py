"""Days, months, quarters, half-years and years as the rules that come again and again count them."""

from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def period(every: str, day: date) -> tuple[date, date]:
    """The first day of the period that `day` lies in, and the first day of the next one."""
    if every == "day":
        return day, day + timedelta(days=1)
    length = MONTHS[every]
    month = (day.month - 1) // length * length
    first = date(day.year, month + 1, 1)
    after = month + length
    return first, date(day.year + after // 12, after % 12 + 1, 1)
