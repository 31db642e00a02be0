"""What administrators run by hand."""

from io import StringIO

import pytest
from django.core.management import call_command

from crm import clock
from crm.deadlines.models import Deadline
from tests.deadlines.calendars import at

pytestmark = pytest.mark.django_db


def said(command: str, *words: object) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue()


def test_rules_prints_a_line_for_each_rule(entry_rule, calendar):
    header, rule_line, line = said("rules").splitlines()
    assert header.split("  ")[0] == "rule" and set(rule_line) == {"-", " "}
    cells = ["test.entry", "ZT 2.2", "Note", "open", "customers.enter_customer", "4 wh", "a quarter"]
    assert [cell.strip() for cell in line.split("  ") if cell.strip()] == cells


def test_actions_prints_a_line_for_each_verb():
    from crm.actions import ACTIONS

    lines = said("actions").splitlines()
    assert len(lines) == len(ACTIONS) + 2
    assert any(line.startswith("deadlines.move_deadlines ") for line in lines)


def test_check_deadlines_reports_and_mends(entry_rule, note):
    note("09-14 09:00")
    assert said("check_deadlines") == "All deadlines agree with their records.\n"
    Deadline.objects.all().delete()
    with clock.at(at("09-14 10:00")):
        assert said("check_deadlines") == "test.entry: 1 missing\nNothing was changed; --mend puts it right.\n"
        assert not Deadline.objects.exists()
        assert said("check_deadlines", "--mend") == "test.entry: 1 missing\nMended.\n"
    assert Deadline.objects.count() == 1


def test_seed_calendar_says_what_it_brought_in():
    assert "2026: 22 days off, 6 made up, announced" in said("seed_calendar", 2026)
