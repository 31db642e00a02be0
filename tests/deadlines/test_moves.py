"""A changed calendar moves nothing by itself; an administrator sees what would move, and says yes."""

from datetime import date

import pytest

from crm import clock
from crm.accounts.models import User
from crm.deadlines.actions import move_deadlines
from crm.deadlines.models import CalendarDay, Deadline
from crm.deadlines.moves import moves
from crm.deadlines.rules import Rule
from crm.deadlines.turn import turn
from crm.records.models import ActionLog
from crm.refusals import Forbidden, Refused
from customers.models import Note
from tests.deadlines.calendars import at, local
from tests.deadlines.conftest import only

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db) -> User:
    return User.objects.create_superuser("admin", name="管理员")


def power_cut(calendar, day: int = 15) -> CalendarDay:
    return CalendarDay.objects.create(calendar=calendar, date=date(2026, 9, day), working=False, name="停电")


def test_a_changed_calendar_counts_for_what_starts_afterwards_and_lists_what_would_move(entry_rule, note, calendar):
    running, safe = note("09-14 16:30"), note("09-14 09:00")
    power_cut(calendar)
    note("09-14 16:30")
    assert [local(row.due_at) for row in Deadline.objects.order_by("pk")] == [
        "2026-09-15 11:30",
        "2026-09-14 14:30",
        "2026-09-16 11:30",
    ]
    found, more = moves()
    assert [(move.deadline.subject, local(move.old), local(move.new)) for move in found] == [
        (running, "2026-09-15 11:30", "2026-09-16 11:30")
    ]
    assert not more
    assert moves(limit=0) == ([], True)
    assert safe.pk not in {move.deadline.subject_pk for move in found}


def test_only_a_yes_moves_them_with_their_warning_their_way_and_a_row_in_the_log(entry_rule, note, calendar, admin):
    note("09-14 16:30")
    Deadline.objects.update(step=Deadline.WARNED, next_at=at("09-15 11:30"))
    power_cut(calendar)
    with clock.at(at("09-15 10:45")):
        move_deadlines(by=admin, deadlines=Deadline.objects.all())
    row = only()
    assert (local(row.due_at), local(row.warn_at)) == ("2026-09-16 11:30", "2026-09-16 10:30")
    assert (row.step, local(row.next_at)) == (Deadline.NOTHING_TOLD, "2026-09-16 10:30")
    assert [span["note"] for span in row.spans] == ["work", "holiday", "work"]
    assert ActionLog.objects.get().verb == "deadlines.move_deadlines"
    assert moves() == ([], False)


def test_the_form_offers_what_would_move_and_nothing_else(entry_rule, note, calendar, admin):
    note("09-14 16:30")
    other = note("09-14 09:00")
    power_cut(calendar)
    moving = Deadline.objects.get(due_at=at("09-15 11:30"))
    form = move_deadlines.bind(by=admin)
    assert [label for _pk, label in form.fields["deadlines"].choices] == [
        "Enter the note 重庆灯饰厂: 2026-09-15 11:30 (Tue) → 2026-09-16 11:30 (Wed)"
    ]
    assert form.fields["deadlines"].initial == [moving.pk]
    staying = Deadline.objects.get(subject_pk=other.pk)
    assert not move_deadlines.bind(by=admin, data={"deadlines": [staying.pk]}).is_valid()
    assert move_deadlines.bind(by=admin, data={"deadlines": [moving.pk]}).is_valid()


def test_where_nothing_would_move_the_verb_says_so(entry_rule, note, admin):
    note("09-14 16:30")
    with pytest.raises(Refused, match="no running deadline would move"):
        move_deadlines(by=admin, deadlines=Deadline.objects.all())
    assert not ActionLog.objects.exists()


def test_who_has_not_the_right_moves_nothing(entry_rule, note, calendar, people):
    note("09-14 16:30")
    power_cut(calendar)
    with pytest.raises(Forbidden):
        move_deadlines(by=people["alice"], deadlines=Deadline.objects.all())
    assert local(only().due_at) == "2026-09-15 11:30"


def test_pauses_are_walked_again(own_rules, note, calendar, admin):
    S = Note.Status
    Rule("test.pause", "x", on=Note, label="Do", during={S.OPEN}, pauses={S.ENTERED}, limit="8 wh", met_by="x")
    found = note("09-14 15:30")  # two hours on Monday
    for moment, status in (("09-14 17:30", S.ENTERED), ("09-15 10:30", S.OPEN)):
        found.status = status
        with clock.at(at(moment)):
            found.save()
            turn(found)
    assert local(only().due_at) == "2026-09-16 09:00"  # 1.5 + 4 hours on Tuesday, half an hour on Wednesday
    power_cut(calendar, 16)
    move_deadlines(by=admin, deadlines=Deadline.objects.all())
    assert local(only().due_at) == "2026-09-17 09:00"
    assert [span["note"] for span in only().spans] == ["work", "paused", "work", "work", "holiday", "work"]


def test_clock_time_paused_and_closed_ones_do_not_move(own_rules, note, calendar):
    S = Note.Status
    Rule("test.hours", "x", on=Note, label="Do", limit="24 h", met_by="x")
    Rule("test.day", "x", on=Note, label="Do", due="received_at", met_by="x")
    Rule("test.paused", "x", on=Note, label="Do", during={S.OPEN}, pauses={S.ENTERED}, limit="8 wh", met_by="x")
    found = note("09-14 15:30")
    found.status = S.ENTERED
    with clock.at(at("09-14 16:00")):
        turn(found)
    power_cut(calendar)
    assert moves() == ([], False)


def test_a_limit_before_a_date_moves_too(own_rules, note, calendar, admin):
    Rule("test.before", "x", on=Note, label="Do", due="received_at", limit="1 wd", met_by="x")
    note("09-10 09:00", received_at=at("09-16 10:00"))
    power_cut(calendar)
    move_deadlines(by=admin, deadlines=Deadline.objects.all())
    assert local(only().due_at) == "2026-09-14 10:00"
