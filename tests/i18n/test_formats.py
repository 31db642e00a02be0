"""Dates are ISO in both languages, so that a browser's date field understands what a form holds."""

from datetime import date, datetime, time

import pytest
from django import forms
from django.utils import formats, translation


class DayForm(forms.Form):
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_dates_and_times_are_shown_as_iso(language: str) -> None:
    with translation.override(language):
        assert formats.date_format(date(2026, 9, 21)) == "2026-09-21"
        assert formats.localize(datetime(2026, 9, 21, 14, 30)) == "2026-09-21 14:30"
        assert formats.localize(time(8, 5)) == "08:05"
        assert 'value="2026-09-21"' in str(DayForm({"day": date(2026, 9, 21)})["day"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("typed", ["2026-09-21", "2026/9/21", "2026.09.21", "20260921"])
def test_a_date_is_read_with_the_year_first(language: str, typed: str) -> None:
    with translation.override(language):
        assert DayForm({"day": typed}).fields["day"].clean(typed) == date(2026, 9, 21)


def test_a_chinese_date_is_read_on_chinese_pages() -> None:
    with translation.override("zh-hans"):
        assert DayForm().fields["day"].clean("2026年9月21日") == date(2026, 9, 21)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_date_whose_month_could_be_its_day_is_refused(language: str) -> None:
    with translation.override(language), pytest.raises(forms.ValidationError):
        DayForm().fields["day"].clean("09/21/2026")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_numbers_are_grouped_by_thousands(language: str) -> None:
    with translation.override(language):
        assert formats.number_format(1234567.5, decimal_pos=2, use_l10n=True, force_grouping=True) == "1,234,567.50"
