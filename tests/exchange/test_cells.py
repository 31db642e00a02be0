"""Cells as people write them."""

import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError

from crm.exchange import cells
from crm.exchange.cells import Choices, Reading
from crm.exchange.sheets import BROKEN
from customers.models import Customer

PLAIN = Reading()
COMMA = Reading(comma=True)


def code_of(function, *arguments) -> str:
    with pytest.raises(ValidationError) as caught:
        function(*arguments)
    return caught.value.code


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-09-21", "2026-09-21"),
        ("2026/9/21", "2026-09-21"),
        ("2026.9.1", "2026-09-01"),
        ("2026年9月21日", "2026-09-21"),
        ("20260921", "2026-09-21"),
        ("21.09.2026", "2026-09-21"),
        ("1996-07-04 00:00:00.000", "1996-07-04"),
        ("２０２６-０９-２１", "2026-09-21"),
        ("31/12/2026", "2026-12-31"),
        ("12/31/2026", "2026-12-31"),
        ("05/05/2026", "2026-05-05"),
        (46286, "2026-09-21"),
        (46286.5, "2026-09-21"),
        (20260921, "2026-09-21"),
        (20260921.0, "2026-09-21"),
        (datetime.date(2026, 9, 21), "2026-09-21"),
        (datetime.datetime(2026, 9, 21, 8, 0), "2026-09-21"),
    ],
)
def test_dates_are_read_as_people_write_them(written, read):
    assert cells.day(written, PLAIN) == read


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-02-30", "date"),
        ("soon", "date"),
        ("21.09.26", "date"),
        ("2026-09-21 at noon", "date"),
        ("03/04/2026", "date_order"),
        (0.5, "date"),
        (True, "date"),
        (9e9, "date"),
    ],
)
def test_what_is_no_date_is_told(written, code):
    assert code_of(cells.day, written, PLAIN) == code


def test_day_or_month_first_follows_what_was_chosen():
    assert cells.day("03/04/2026", Reading(order="dmy")) == "2026-04-03"
    assert cells.day("03/04/2026", Reading(order="mdy")) == "2026-03-04"


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2026", "25/04/2026"], "dmy"),
        (["03/04/2026", "04/25/2026"], "mdy"),
        (["03/04/2026", "04/05/2026"], "ask"),
        (["03.04.2026"], ""),
        (["2026-04-03", "x"], ""),
        (["05/05/2026"], ""),
    ],
)
def test_a_whole_column_decides_or_asks(texts, order):
    assert cells.order_of(texts) == order


def test_moments_keep_their_time_and_come_home_from_other_zones():
    assert cells.moment("2026-09-21 14:30", PLAIN) == "2026-09-21 14:30:00"
    assert cells.moment("2026/9/21 下午 2:30", PLAIN) == "2026-09-21 14:30:00"
    assert cells.moment("9/21/2026 2:30:05 PM", PLAIN) == "2026-09-21 14:30:05"
    assert cells.moment("2026-09-21T06:30:00Z", PLAIN) == "2026-09-21 14:30:00"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("12,3456.5", "123456.5"),
        ("¥ 1,234", "1234"),
        ("-3", "-3"),
        ("(3.5)", "-3.5"),
        ("13%", "0.13"),
        ("１２．５", "12.5"),
        ("1 234", "1234"),
        (9.8, "9.8"),
        (0.1 + 0.2, "0.3"),
        (5.0, "5"),
        (7, "7"),
    ],
)
def test_numbers_are_read_exactly(written, read):
    assert cells.number(written, PLAIN) == read


def test_a_decimal_comma_is_read_where_it_was_chosen():
    assert cells.number("1.234,50", COMMA) == "1234.50"
    assert cells.number("9,8", COMMA) == "9.8"


@pytest.mark.parametrize("written", ["", "abc", "1,5", "1.2.3", "12,34,5", "--1", "1e", True])
def test_what_is_no_number_is_told(written):
    assert code_of(cells.number, written, PLAIN) == "number"


def test_a_column_shows_its_decimal_mark():
    assert cells.comma_in(["9,80", "1.234,5"])
    assert not cells.comma_in(["9.80", "1,234.50", "12"])


@pytest.mark.parametrize(
    ("written", "read"), [("13%", "13"), (0.13, "13"), ("13", "13"), (13, "13"), ("0", "0"), ("6.5%", "6.5")]
)
def test_a_rate_in_percent_is_the_same_however_it_is_written(written, read):
    assert cells.percent(written, PLAIN) == read


def test_a_whole_number_may_end_in_zeros_only():
    assert cells.integer("5.00", PLAIN) == "5"
    assert code_of(cells.integer, "5.5", PLAIN) == "integer"


@pytest.mark.parametrize(
    ("written", "read"), [("是", "True"), ("No", "False"), (True, "True"), (0, "False"), ("√", "True")]
)
def test_yes_and_no_in_both_languages(written, read):
    assert cells.yes_or_no(written) == read


def test_whole_numbers_in_text_columns_have_no_decimals():
    assert cells.plain_text(99999.0) == "99999"


def test_a_number_that_excel_has_rounded_is_refused_as_text():
    assert code_of(cells.plain_text, 110101199003078000.0) == "rounded"


def test_an_error_cell_is_neither_empty_nor_a_value():
    assert not cells.is_empty(BROKEN, PLAIN)
    assert code_of(cells.text_of, BROKEN) == "cell_error"


def test_words_that_mean_empty_are_a_choice():
    reading = Reading.of({"empty_words": "NULL, n/a,-"})
    assert all(cells.is_empty(word, reading) for word in ("null", "N/A", "-", " ", "　", "", None))
    assert not cells.is_empty("0", reading)


def test_choices_are_found_by_value_and_by_label_in_either_language():
    choices = Choices.of(forms.ChoiceField(choices=Customer.Tier.choices))
    assert [choices.read(each) for each in ("vip", "VIP", "Key customer", "REGULAR")] == [
        "vip",
        "vip",
        "key",
        "regular",
    ]
    assert choices.read_many("vip; key、regular") == ["vip", "key", "regular"]
    assert code_of(choices.read, "gold") == "choice"


@pytest.mark.parametrize(
    ("written", "read"), [("DE", "DE"), ("Germany", "DE"), ("德国", "DE"), ("USA", "US"), ("UK", "GB"), ("中国", "CN")]
)
def test_countries_are_known_by_letters_and_names(written, read):
    assert cells.country(written) == read


def test_a_phone_is_one_of_its_row_s_country():
    assert cells.phone("030-0074321", "DE") == "+49300074321"
    assert cells.phone(13800138000.0, "CN") == "+8613800138000"
    assert code_of(cells.phone, "call me", "CN") == "phone"
