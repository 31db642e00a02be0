"""How single facts look: exact texts of the tags in crm/web/templatetags/crm.py."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from crm import clock, words
from crm.listing import LISTINGS, Column
from crm.web.cells import table_rows
from crm.web.templatetags import crm as tags

NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Shanghai


@pytest.fixture(autouse=True)
def english_at_noon():
    with translation.override("en"), clock.at(NOON):
        yield


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (Decimal("1234567.5"), "", "¥1,234,567.50"),
        (Decimal("-0.01"), "", "−¥0.01"),
        (Decimal("12"), "USD", "$12.00"),
        (Decimal("12"), "CHF", "CHF 12.00"),
        (None, "", "–"),
    ],
)
def test_money_has_a_sign_groups_and_two_decimals(amount, currency, text):
    assert words.money(amount, currency) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("1200.000"), "箱", "1,200 箱"),
        (Decimal("36.50"), "kg", "36.5 kg"),
        (Decimal("0"), "", "0"),
        (Decimal("1E+3"), "", "1,000"),
        (Decimal("-2.5"), "", "−2.5"),
        (None, "箱", "–"),
    ],
)
def test_a_quantity_keeps_its_digits_and_loses_trailing_zeros(value, unit, text):
    assert words.quantity(value, unit) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 9, 21, 6, 30, tzinfo=UTC), "Today 14:30"),
        (datetime(2026, 9, 21, 16, 30, tzinfo=UTC), "Tomorrow 00:30"),  # midnight is Shanghai's
        (datetime(2026, 9, 20, 1, 0, tzinfo=UTC), "Yesterday 09:00"),
        (datetime(2026, 9, 28, 1, 0, tzinfo=UTC), "2026-09-28 09:00"),
        (date(2026, 9, 21), "Today"),
        (date(2026, 12, 31), "2026-12-31"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment, text):
    assert f">{text}</time>" in tags.when(moment)


def test_the_exact_moment_stands_on_hover_and_where_asked():
    moment = datetime(2026, 9, 21, 6, 30, tzinfo=UTC)
    assert 'title="2026-09-21 14:30 (Mon)"' in tags.when(moment)
    assert ">2026-09-21 14:30 (Mon)</time>" in tags.when(moment, "exact")
    assert words.exact(date(2026, 9, 27)) == "2026-09-27 (Sun)"
    assert tags.when(None) == "–"


def deadline(state, text="", url="/deadlines/7/"):
    return SimpleNamespace(state=state, due_at=NOON, remaining_text=text, url=url)


@pytest.mark.parametrize("state", tags.DEADLINE_STATES)
def test_every_state_of_a_deadline_has_word_icon_and_tone(state):
    tone, icon, word = tags.DEADLINE_STATES[state]
    html = tags.pill(deadline(state))
    assert f"tone-{tone}" in html and f"#{icon}" in html and f"{word}: " in html
    assert icon in tags.icon_names()


def test_a_pill_opens_why_then_in_the_dialog():
    html = tags.pill(deadline("late", "2 h late"))
    assert '<a class="pill tone-late"' in html and 'hx-get="/deadlines/7/" hx-target="#dialog"' in html
    assert html.endswith("2 h late</a>") and 'title="Due 2026-09-21 12:00 (Mon)"' in html
    assert tags.pill(deadline("late", url="")).startswith("<span")
    assert tags.pill(None) == ""


@pytest.mark.parametrize(
    ("colour", "tone"),
    [("amber", "soon"), ("red", "late"), ("green", "done"), ("blue", "active"), ("grey", "neutral"), ("", "neutral")],
)
def test_every_declared_colour_falls_into_one_of_five_tones(colour, tone):
    assert tags.status("New", colour) == f'<span class="state tone-{tone}">New</span>'


def test_an_unknown_icon_is_a_point_and_a_label_is_read_aloud():
    assert "#point" in tags.icon("no-such-icon")
    assert 'aria-hidden="true"' in tags.icon("bell")
    assert 'role="img" aria-label="Mail"' in tags.icon("mail", "Mail")


@pytest.mark.parametrize(("number", "text"), [(999, ">999<"), (1000, ">999+<")])
def test_a_count_stops_at_999(number, text):
    assert text in tags.count(number)
    assert tags.count(0) == tags.count(None) == ""


COLUMNS = [Column("name", "name"), Column("amount", "amount", kind="money")]


def table(name, amount=None, *, columns=COLUMNS, selectable=False):
    listing = LISTINGS["customers"]
    return table_rows([{"pk": 5, "name": name, "amount": amount}], columns, listing, selectable=selectable)


def test_a_row_links_its_first_cell_and_labels_the_others():
    assert table("A & <b>", Decimal(1)) == (
        '<tr data-url="/customers/5/"><td class="key short"><a href="/customers/5/">A &amp; &lt;b&gt;</a></td>'
        '<td class="num" data-label="Amount">¥1.00</td></tr>'
    )


def test_a_short_cell_does_not_break_and_a_long_name_may():
    assert 'class="key short"' in table("明德五金灯饰商")
    assert 'class="key"' in table("北京东方国际酒店管理集团")


def test_a_row_with_bulk_verbs_can_be_selected_by_its_name():
    assert 'name="pk" value="5" aria-label="Select A &amp; B &lt;C"' in table("A & B <C", selectable=True)


@pytest.mark.parametrize(
    ("kind", "value", "html"),
    [
        ("text", "<i>", "&lt;i&gt;"),
        ("text", None, ""),
        ("number", 0, "0"),
        ("quantity", Decimal("1200.000"), "1,200"),
        ("money", Decimal("-0.5"), "−¥0.50"),
        ("date", date(2026, 9, 21), '<time datetime="2026-09-21" title="2026-09-21 (Mon)">Today</time>'),
        ("bool", True, "yes"),
        ("bool", False, ""),
        ("status", "active", '<span class="state tone-done">Active</span>'),
        ("status", "no such <b>", '<span class="state tone-neutral">no such &lt;b&gt;</span>'),
        ("masked", "1234", "1234"),
    ],
)
def test_each_kind_of_cell_is_escaped_and_formatted(kind, value, html):
    column = Column("status" if kind == "status" else "name", "x", kind=kind)
    text = table_rows([{"pk": 1, column.name: value}], [Column("pk", "key"), column], LISTINGS["customers"])
    assert html in text
    assert "<i>" not in text and "<b>" not in text


def test_the_builtin_tags_are_at_hand_in_every_template():
    html = Template('{% icon "bell" %}{% money a %}{% count n %}').render(Context({"a": Decimal("1"), "n": 3}))
    assert "#bell" in html and "¥1.00" in html and ">3<" in html
