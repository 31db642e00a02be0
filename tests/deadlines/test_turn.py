"""What the state of a record implies becomes its open deadlines, through verbs, edits and imports alike."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts.models import Department, User
from crm.deadlines.check import check
from crm.deadlines.models import Deadline, RuleVersion
from crm.deadlines.rules import Rule
from crm.deadlines.turn import turn, turn_many
from customers.models import Note
from tests.deadlines.calendars import at, local
from tests.deadlines.conftest import only

S = Note.Status
pytestmark = pytest.mark.django_db


def turned(note: Note, moment: str, verb: str | None = None, **changes) -> None:
    """Change the note, save it, and turn it, at that moment."""
    for name, value in changes.items():
        setattr(note, name, value)
    with clock.at(at(moment)):
        note.save()
        turn(note, verb)


def test_entering_the_state_opens_a_deadline_that_knows_how_it_came_about(entry_rule, note, people, calendar):
    row_of = note("09-24 16:10")
    row = only()
    assert (row.rule, row.subject, row.responsible) == ("test.entry", row_of, people["alice"])
    assert row.department == people["alice"].department
    assert local(row.started_at) == "2026-09-24 16:10"
    assert local(row.due_at) == "2026-09-28 11:10"
    assert local(row.warn_at) == "2026-09-28 10:10"
    assert row.next_at == row.warn_at
    assert (row.amount, row.unit, row.calendar, row.calendar_version) == (4, "wh", calendar, calendar.version)
    assert [(span["note"], span.get("minutes")) for span in row.spans] == [
        ("work", 80),
        ("holiday", None),
        ("weekend", None),
        ("work", 160),
    ]


def test_the_verb_meets_it_in_time_or_late(entry_rule, note):
    first, second = note("09-14 09:00"), note("09-14 09:00")
    turned(first, "09-14 10:00", "customers.enter_customer", status=S.ENTERED)
    turned(second, "09-15 10:00", "customers.enter_customer", status=S.ENTERED)
    states = {row.subject_pk: (row.outcome, row.state) for row in Deadline.objects.all()}
    assert states == {first.pk: ("met", "met"), second.pk: ("met", "met_late")}


def test_leaving_the_state_otherwise_cancels_it(entry_rule, note):
    found = note("09-14 09:00")
    turned(found, "09-14 10:00", "customers.dismiss_note", status=S.DISMISSED)
    assert (only().outcome, only().state, only().next_at) == ("cancelled", "cancelled", None)


def test_coming_back_opens_a_new_one(entry_rule, note):
    found = note("09-14 09:00")
    turned(found, "09-14 10:00", status=S.DISMISSED)
    turned(found, "09-15 09:00", status=S.OPEN)
    assert Deadline.objects.count() == 2
    assert local(Deadline.objects.open().get().due_at) == "2026-09-15 14:30"


def test_turning_again_changes_nothing(entry_rule, note, django_assert_num_queries):
    found = note("09-14 09:00")
    before = Deadline.objects.values().get()
    with django_assert_num_queries(1):
        turn(found)
    assert Deadline.objects.values().get() == before


def test_a_model_without_rules_costs_no_query(own_rules, people, django_assert_num_queries):
    with django_assert_num_queries(0):
        turn(people["alice"].department, verb="accounts.change_department")


def test_opening_costs_two_looks_and_one_row(entry_rule, note, people, django_assert_num_queries):
    note("09-14 09:00")  # calendars and rules are read now and kept
    fresh = Note.objects.create(name="b", owner=people["alice"], received_by=people["alice"])
    with django_assert_num_queries(3):  # open deadlines, the stamp of calendars and rules, the new row
        turn(fresh)
    unknown = Note.objects.get(pk=Note.objects.create(name="c", owner=people["bob"], received_by=people["bob"]).pk)
    with django_assert_num_queries(4):  # and the department of an owner who was not read before
        turn(unknown)


def test_two_open_deadlines_of_one_rule_and_record_are_impossible(entry_rule, note):
    note("09-14 09:00")
    twin = only()
    twin.pk = None
    with pytest.raises(IntegrityError, match="one_open_deadline_per_rule_and_record"), transaction.atomic():
        twin.save(force_insert=True)
    assert Deadline.objects.count() == 1


def test_a_new_owner_gets_the_deadline_and_his_own_reminder(entry_rule, note, people):
    found = note("09-14 09:00")
    Deadline.objects.update(step=Deadline.WARNED, next_at=at("09-14 14:30"))
    turned(found, "09-14 14:00", owner=people["charlie"])
    row = only()
    assert (row.responsible, row.department) == (people["charlie"], people["charlie"].department)
    assert (row.step, local(row.next_at)) == (Deadline.NOTHING_TOLD, "2026-09-14 14:00")
    assert local(row.due_at) == "2026-09-14 14:30"


def test_without_an_owner_the_department_has_it(entry_rule, note, people):
    note("09-14 09:00", owner=None)
    assert (only().responsible, only().department) == (None, people["alice"].department)


def test_who_may_be_a_department_or_a_function(own_rules, note, people):
    warehouse = Department.objects.get(code="warehouse")
    Rule("test.a", "x", on=Note, label="a", limit="1 wd", met_by="x", who="department")
    Rule("test.b", "x", on=Note, label="b", limit="1 wd", met_by="x", who=lambda note: warehouse)
    Rule("test.c", "x", on=Note, label="c", limit="1 wd", met_by="x", who=lambda note: people["bob"])
    note("09-14 09:00")
    found = {row.rule: (row.responsible, row.department) for row in Deadline.objects.all()}
    assert found == {
        "test.a": (None, people["alice"].department),
        "test.b": (None, warehouse),
        "test.c": (people["bob"], people["bob"].department),
    }


def test_who_may_be_found_over_a_relation_and_the_check_fetches_it_with_the_records(own_rules, note, people):
    boss_of_receiver = Rule("test.a", "x", on=Note, label="a", limit="1 wd", met_by="x", who="received_by.manager")
    note("09-14 09:00")
    assert only().responsible == people["boss"]
    assert boss_of_receiver.related == {"received_by"}
    for number in range(5):
        note("09-14 09:00", text=str(number))
    with CaptureQueriesContext(connection) as queries:
        assert check() == {}
    assert not [query for query in queries if 'WHERE "accounts_user"."id" =' in query["sql"]]


def test_a_condition_beside_the_state_is_asked(own_rules, note):
    Rule("test.phone", "x", on=Note, label="Call", when=lambda note: note.source == "call", limit="2 wh", met_by="x")
    found = note("09-14 09:00", source="fair")
    assert not Deadline.objects.exists()
    turned(found, "09-14 10:00", source="call")
    assert local(only().due_at) == "2026-09-14 12:00"


def test_since_counts_from_the_date_of_the_record(own_rules, note):
    Rule("test.since", "ZT 2.2", on=Note, label="Enter", during={S.OPEN}, since="received_at", limit="2 wd", met_by="x")
    found = note("09-16 09:00", received_at=at("09-11 16:00"))
    assert local(only().due_at) == "2026-09-15 16:00"
    turned(found, "09-16 10:00", received_at=at("09-15 10:00"))
    assert (local(only().started_at), local(only().due_at)) == ("2026-09-15 10:00", "2026-09-17 10:00")


def test_a_repeated_rule_opens_anew_from_the_last_time(own_rules, note):
    Rule("test.progress", "JD 2.4", on=Note, label="Report", since="received_at", limit="3 wd", met_by="test.report")
    found = note("09-14 09:00")
    turned(found, "09-16 15:00", "test.report", received_at=at("09-16 15:00"))
    rows = Deadline.objects.order_by("pk")
    assert [(row.outcome, local(row.due_at)) for row in rows] == [
        ("met", "2026-09-17 09:00"),
        ("", "2026-09-20 15:00"),  # Sunday 20 September is worked
    ]


def test_a_rule_that_follows_a_date_follows_it(own_rules, note):
    Rule("test.date", "x", on=Note, label="Do", due="received_at", met_by="x", warn="1 wd")
    found = note("09-14 09:00", received_at=at("09-24 10:00"))
    assert (local(only().due_at), local(only().warn_at)) == ("2026-09-24 10:00", "2026-09-23 10:00")
    Deadline.objects.update(step=Deadline.DUE_TOLD, breached_at=at("09-24 10:00"))
    turned(found, "09-24 11:00", received_at=at("09-28 10:00"))
    row = only()
    assert (local(row.due_at), row.step, row.breached_at) == ("2026-09-28 10:00", Deadline.NOTHING_TOLD, None)
    assert local(row.started_at) == "2026-09-14 09:00"


def test_a_date_means_its_end_and_no_date_means_no_deadline(own_rules, note):
    Rule("test.day", "x", on=Note, label="Do", due=lambda note: date(2026, 9, 24) if note.text else None, met_by="x")
    found = note("09-14 09:00")
    assert not Deadline.objects.exists()
    turned(found, "09-14 09:00", text="x")
    assert local(only().due_at) == "2026-09-24 23:59"
    turned(found, "09-14 09:00", text="")
    assert only().outcome == "cancelled"


def test_a_limit_before_a_date_counts_back_from_it(own_rules, note):
    Rule("test.before", "ZT 3.3", on=Note, label="Tell", due="received_at", limit="1 wd", met_by="x")
    note("09-24 09:00", received_at=at("10-08 10:00"))
    assert local(only().due_at) == "2026-09-30 10:00"
    assert [span["note"] for span in only().spans] == ["before"]


def test_a_rule_of_a_period_is_due_at_its_end_and_then_for_the_next(own_rules, note):
    Rule("test.visit", "ZT 4.2", on=Note, label="Visit", every="quarter", met_by="test.visit")
    found = note("07-10 09:00")
    assert (local(only().started_at), local(only().due_at)) == ("2026-07-01 00:00", "2026-09-30 23:59")
    turned(found, "09-01 09:00", "test.visit")
    row = Deadline.objects.open().get()
    assert (local(row.started_at), local(row.due_at)) == ("2026-10-01 00:00", "2026-12-31 23:59")
    turned(found, "09-15 09:00", "test.visit")  # a second visit in the same quarter serves nothing more
    assert Deadline.objects.open().get() == row


def test_what_begins_late_in_a_period_is_first_asked_for_in_the_next(own_rules, note):
    Rule("test.visit", "ZT 4.2", on=Note, label="Visit", every="quarter", met_by="test.visit")
    note("09-20 09:00")
    assert local(only().due_at) == "2026-12-31 23:59"


def test_a_report_after_each_period_is_owed_for_each(own_rules, note):
    Rule("test.month", "KC", on=Note, label="Report", every="month", counts_from="end", limit="3 wd", met_by="t.report")
    found = note("09-20 09:00")
    # The 1st to the 7th are off: work begins on Thursday the 8th, three working days later is Monday (Saturday worked).
    assert (local(only().started_at), local(only().due_at)) == ("2026-10-01 00:00", "2026-10-12 08:30")
    turned(found, "12-01 09:00", "t.report")
    assert local(Deadline.objects.open().get().started_at) == "2026-11-01 00:00"


def test_a_rule_about_the_company_is_opened_by_the_check_and_met_by_the_verb(own_rules, people, calendar, note):
    Rule("test.risk", "ZT 6.2", label="Assess", every="half-year", met_by="test.assess", who=lambda _: people["chief"])
    with clock.at(at("02-02 09:00")):
        assert check(mend=True) == {("test.risk", "missing"): 1}
        assert check() == {}
    assert (only().subject_type, only().responsible, local(only().due_at)) == (
        None,
        people["chief"],
        "2026-06-30 23:59",
    )
    with clock.at(at("05-20 09:00")):
        turn(people["alice"], verb="test.assess")
    assert local(Deadline.objects.open().get().due_at) == "2026-12-31 23:59"


def test_time_stands_still_while_paused(own_rules, note):
    Rule(
        "test.pause",
        "x",
        on=Note,
        label="Do",
        during={S.OPEN},
        pauses={S.ENTERED},
        limit="4 wh",
        met_by="x",
        warn="1 wh",
    )
    found = note("09-30 16:00")
    turned(found, "09-30 17:00", status=S.ENTERED)
    row = only()
    assert (row.state, row.next_at) == ("paused", None)
    turned(found, "10-09 09:00", status=S.OPEN)
    row = only()
    assert (row.paused_at, local(row.due_at), local(row.warn_at)) == (None, "2026-10-09 12:00", "2026-10-09 11:00")
    assert [(span["note"], span.get("minutes")) for span in row.spans] == [
        ("work", 60),
        ("paused", 510),
        ("work", 180),
    ]
    assert row.pauses[0]["minutes"] == 510  # 30 minutes on 30 September, all of the 8th, 30 minutes on the 9th


def test_a_rule_switched_off_opens_nothing_and_running_ones_go_on(entry_rule, note):
    first = note("09-14 09:00")
    RuleVersion.objects.create(rule="test.entry", valid_from=date(2026, 9, 15), enabled=False)
    note("09-15 09:00")
    assert only().subject == first
    turned(first, "09-15 10:00")
    assert only().closed_at is None


def test_a_value_counts_for_what_starts_on_or_after_its_date(entry_rule, note):
    version = RuleVersion.objects.create(
        rule="test.entry", valid_from=date(2026, 9, 15), amount=Decimal(1), unit="wd", warn_amount=1, warn_unit="wh"
    )
    before, after = note("09-14 16:00"), note("09-15 16:00")
    rows = {row.subject_pk: row for row in Deadline.objects.all()}
    assert local(rows[before.pk].due_at) == "2026-09-15 11:00"
    assert rows[before.pk].rule_version is None
    assert (local(rows[after.pk].due_at), local(rows[after.pk].warn_at)) == ("2026-09-16 16:00", "2026-09-16 15:00")
    assert (rows[after.pk].rule_version, rows[after.pk].amount, rows[after.pk].unit) == (version, 1, "wd")


def test_a_tier_has_its_own_value(own_rules, note, monkeypatch):
    Rule("test.tier", "KH 4.1", on=Note, label="Do", limit="4 wh", met_by="x")
    RuleVersion.objects.create(rule="test.tier", tier="vip", valid_from=date(2026, 1, 1), amount=1, unit="wh")
    monkeypatch.setattr(Note, "tier", property(lambda note: note.text), raising=False)
    note("09-14 09:00", text="vip")
    note("09-14 09:00", text="regular")
    assert [local(row.due_at) for row in Deadline.objects.order_by("pk")] == ["2026-09-14 10:00", "2026-09-14 14:30"]


def test_many_are_turned_with_one_look(entry_rule, people, calendar, django_assert_num_queries):
    with clock.at(at("09-14 09:00")):
        notes = [Note.objects.create(name=str(n), owner=people["alice"], received_by=people["bob"]) for n in range(30)]
        turn_many(notes[:1])
        with django_assert_num_queries(3):
            done = turn_many(notes)
    assert (len(done.opened), Deadline.objects.open().count()) == (29, 30)


def test_the_check_finds_and_mends_what_somebody_changed_behind_its_back(entry_rule, note, people):
    missing, surplus, given, lost = (note("09-14 09:00") for _ in range(4))
    Deadline.objects.filter(subject_pk=missing.pk).delete()
    Note.objects.filter(pk=surplus.pk).update(status=S.DISMISSED)
    Note.objects.filter(pk=given.pk).update(owner=people["bob"])
    Note.objects.filter(pk=lost.pk).delete()
    with clock.at(at("09-14 10:00")):
        expected = {("test.entry", what): 1 for what in ("missing", "surplus", "reassigned", "orphaned")}
        assert check() == expected
        assert Deadline.objects.open().count() == 3
        assert check(mend=True) == expected
        assert check() == {}
    assert {row.subject_pk: row.responsible for row in Deadline.objects.open()} == {
        missing.pk: people["alice"],
        given.pk: people["bob"],
    }


def test_a_department_may_have_its_own_hours(entry_rule, note, people):
    from crm.deadlines.models import WorkCalendar, WorkInterval

    warehouse = WorkCalendar.objects.create(name="仓库", department=people["charlie"].department)
    for weekday in range(7):
        WorkInterval.objects.create(calendar=warehouse, weekday=weekday, start="06:00", end="22:00")
    note("09-18 16:10", owner=people["charlie"])
    note("09-18 16:10", owner=people["alice"])
    late_shift, office = Deadline.objects.order_by("pk")
    assert (local(late_shift.due_at), late_shift.calendar) == ("2026-09-18 20:10", warehouse)
    assert local(office.due_at) == "2026-09-20 11:10"


def test_the_scope_of_deadlines_is_oneself_ones_people_and_those_one_stands_in_for(entry_rule, note, people):
    from crm.accounts.models import Absence

    note("09-14 09:00")
    seen = {name: Deadline.objects.visible_to(user).exists() for name, user in people.items()}
    assert seen == {"alice": True, "bob": False, "boss": True, "chief": True, "charlie": False}
    Absence.objects.create(
        user=people["alice"], deputy=people["charlie"], first_day=date(2026, 9, 14), last_day=date(2026, 9, 15)
    )
    with clock.at(at("09-14 10:00")):
        assert Deadline.objects.visible_to(User.objects.get(username="charlie")).exists()
    with clock.at(at("09-16 10:00")):
        assert not Deadline.objects.visible_to(User.objects.get(username="charlie")).exists()
    assert Deadline.objects.visible_to(people["boss"]).select_for_update().count() == 1


def test_the_most_urgent_of_each_record_comes_in_one_query(own_rules, note, django_assert_num_queries):
    Rule("test.slow", "x", on=Note, label="Slow", limit="5 wd", met_by="x")
    Rule("test.fast", "x", on=Note, label="Fast", limit="2 wh", met_by="x")
    notes = [note("09-14 09:00") for _ in range(3)]
    with django_assert_num_queries(1):
        found = Deadline.objects.most_urgent(Note, [each.pk for each in notes])
    assert {pk: row.rule for pk, row in found.items()} == {each.pk: "test.fast" for each in notes}


def test_what_is_left_is_said_in_working_time(entry_rule, note):
    note("09-24 16:10")
    row = only()
    for moment, state, text in [
        ("09-24 16:10", "running", "4 h"),
        ("09-26 12:00", "running", "2 h 40 min"),
        ("09-28 10:40", "soon", "30 min"),
        ("09-28 11:10", "soon", "0 min"),
        ("09-28 11:40", "late", "30 min over"),
        ("10-12 11:10", "late", "6 wd over"),
    ]:
        with clock.at(at(moment)):
            assert (row.state, row.remaining_text) == (state, text)


def test_late_is_the_state_of_what_is_open_beyond_its_time(entry_rule, note):
    note("09-14 09:00")
    assert not Deadline.objects.late_at(at("09-14 14:30")).exists()
    assert Deadline.objects.late_at(at("09-14 14:30") + timedelta(seconds=1)).exists()


def test_the_most_urgent_is_not_asked_of_some_deadlines_only(own_rules, note):
    with pytest.raises(TypeError):
        Deadline.objects.filter(rule="test.fast").most_urgent(Note, [1])
