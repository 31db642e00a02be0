"""The sweep: who is told what, when, once; what a breach does; and what a late or double tick changes: nothing."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts.models import Absence, User
from crm.deadlines import sweep as sweep_
from crm.deadlines.models import Deadline, RuleVersion
from crm.deadlines.rules import RULES, Rule
from crm.deadlines.sweep import last_tick, sweep
from crm.deadlines.turn import turn, turn_many
from crm.outbox.models import Message
from crm.records.models import ActionLog
from crm.refusals import Refused
from customers.models import Note
from tests.deadlines.calendars import at, local
from tests.deadlines.conftest import only

pytestmark = pytest.mark.django_db


def tick(moment: str) -> list[tuple[str, str]]:
    """Sweep at a moment; answers who was told what by it."""
    before = set(Message.objects.values_list("pk", flat=True))
    with clock.at(at(moment)):
        sweep()
    told = Message.objects.exclude(pk__in=before).order_by("pk")
    return [(row.recipient.username, row.template.removeprefix("deadlines.")) for row in told]


def test_the_responsible_person_is_reminded_once_and_told_once_and_then_the_line_above(entry_rule, note):
    note("09-14 09:00")  # due 14:30, warns 13:30 (a quarter of four hours before)
    assert tick("09-14 13:29") == []
    assert tick("09-14 13:30") == [("alice", "warn")]
    assert tick("09-14 13:31") == []
    assert tick("09-14 14:29") == []
    assert tick("09-14 14:30") == [("alice", "due"), ("boss", "late")]
    assert tick("09-14 14:31") == []
    assert tick("09-15 14:29") == []
    assert tick("09-15 14:30") == [("chief", "late")]
    assert only().next_at is None
    assert tick("09-30 14:30") == []


def test_what_is_met_is_not_spoken_of(entry_rule, note):
    found = note("09-14 09:00")
    tick("09-14 13:30")
    with clock.at(at("09-14 14:00")):
        found.status = Note.Status.ENTERED
        found.save()
        turn(found, "customers.enter_customer")
    assert tick("09-14 14:30") == []


def test_ticks_that_were_missed_are_made_up_by_the_next_one_without_the_reminder_that_is_too_late(entry_rule, note):
    note("09-14 09:00")
    assert tick("09-14 16:00") == [("alice", "due"), ("boss", "late")]
    assert only().step == Deadline.DUE_TOLD


def test_nobody_is_told_at_night_but_the_breach_is_noted_when_it_happens(own_rules, note):
    Rule("test.hours", "ZT 3.3", label="Answer", on=Note, limit="12 h", met_by="x")
    note("09-14 12:00")  # due at midnight
    assert local(only().next_at) == "2026-09-14 16:30"  # the quarter is 21:00, so an hour before they leave
    assert tick("09-14 16:30") == [("alice", "warn")]
    assert tick("09-15 00:00") == []
    row = only()
    assert (local(row.breached_at), local(row.next_at), row.step) == (
        "2026-09-15 00:00",
        "2026-09-15 08:30",
        Deadline.WARNED,
    )
    assert tick("09-15 08:30") == [("alice", "due"), ("boss", "late")]


def test_a_reminder_over_the_holidays_comes_before_them_if_it_would_else_be_too_late(own_rules, note):
    Rule("test.hours", "x", label="Answer", on=Note, limit="48 h", met_by="x")
    note("09-30 09:00")  # due 2 October 09:00, on a holiday
    assert local(only().next_at) == "2026-09-30 16:30"


def test_the_deputy_is_told_while_the_responsible_person_is_away(entry_rule, note, people):
    Absence.objects.create(
        user=people["alice"], deputy=people["bob"], first_day=date(2026, 9, 14), last_day=date(2026, 9, 14)
    )
    note("09-14 09:00")
    assert tick("09-14 13:30") == [("bob", "warn")]
    assert only().responsible == people["alice"]


def test_who_stands_in_for_two_is_told_once(entry_rule, note, people):
    for away in ("alice", "boss"):
        Absence.objects.create(
            user=people[away], deputy=people["bob"], first_day=date(2026, 9, 14), last_day=date(2026, 9, 14)
        )
    note("09-14 09:00")
    assert tick("09-14 15:00") == [("bob", "due")]


def test_without_a_responsible_person_the_head_of_the_department_is_told(entry_rule, note):
    note("09-14 09:00", owner=None)
    assert tick("09-14 13:30") == [("boss", "warn")]
    assert tick("09-14 14:30") == [("boss", "due")]
    assert tick("09-15 14:30") == [("chief", "late")]


def test_a_department_without_a_head_hands_it_to_the_one_above(entry_rule, note, people):
    note("09-14 09:00", owner=None, department=people["charlie"].department)
    assert tick("09-14 14:30") == [("chief", "due")]


def test_what_belongs_to_nobody_is_told_to_the_head_of_the_company(entry_rule, note):
    note("09-14 09:00", owner=None, department=None)
    assert tick("09-14 14:30") == [("chief", "due")]


def test_a_circle_of_managers_ends(entry_rule, note, people):
    people["chief"].manager = people["alice"]
    people["chief"].save()
    note("09-14 09:00")
    tick("09-14 14:30")
    assert tick("09-15 14:30") == [("chief", "late")]
    assert only().next_at is None


def test_roles_are_reminded_and_hear_of_breaches_and_escalation_can_be_off(entry_rule, note, people):
    desk, quality = Group.objects.create(name="t-desk"), Group.objects.create(name="t-quality")
    people["bob"].groups.add(desk)
    people["charlie"].groups.add(quality)
    version = RuleVersion.objects.create(rule="test.entry", valid_from=date(2026, 1, 1), escalate=False)
    version.remind_roles.add(desk)
    version.breach_roles.add(quality)
    note("09-14 09:00")
    assert tick("09-14 13:30") == [("alice", "warn"), ("bob", "warn")]
    assert tick("09-14 14:30") == [("alice", "due"), ("charlie", "late")]
    assert only().next_at is None


def test_many_at_once_are_one_notice_with_a_list(entry_rule, note):
    for number in range(7):
        note("09-14 09:00", text=str(number))
    assert tick("09-14 13:30") == [("alice", "many")]
    text = Message.objects.get().text("en")
    assert text["subject"] == "7 things are due soon"
    assert text["body"].count("Enter the note: 重庆灯饰厂") == 7
    assert set(Deadline.objects.values_list("step", flat=True)) == {Deadline.WARNED}


def test_what_a_notice_says_in_both_languages(entry_rule, note):
    note("09-14 09:00")
    tick("09-14 14:30")
    due, late = Message.objects.order_by("pk")
    assert due.text("en") == {
        "subject": "Late: Enter the note",
        "body": "重庆灯饰厂\nThis was due 2026-09-14 14:30 (Mon): Enter the note (ZT 2.2). Please do it now.",
        "html": "",
    }
    assert late.text("zh-hans")["subject"] == "李丽 逾期：Enter the note"
    assert due.path == Note.objects.get().get_absolute_url()


class Late:
    """A verb on notes that counts how often it was done."""

    occasion = "late"

    def __init__(self, monkeypatch, effect=None) -> None:
        self.calls: list[tuple[int, str]] = []
        self.effect = effect

        def verb(obj, *, by, key):
            assert by.username == "clock"
            self.calls.append((obj.pk, key))
            if self.effect:
                self.effect(obj)

        verb.name = "test.pass_on"
        monkeypatch.setitem(sweep_.ACTIONS, "test.pass_on", verb)
        named = {self.occasion: "test.pass_on"}
        Rule("test.accept", "JD 2.3", label="Accept", on=Note, limit="4 wh", met_by="x", **named)


class Soon(Late):
    """The same, for the time to remind."""

    occasion = "soon"


def test_a_breach_does_the_verb_that_the_rule_names_once_with_a_key(own_rules, note, monkeypatch):
    late = Late(monkeypatch)
    found = note("09-14 09:00")
    tick("09-14 14:29")
    assert late.calls == []
    assert tick("09-14 14:30") == [("alice", "due"), ("boss", "late")]
    assert late.calls == [(found.pk, f"late-{only().pk}-20260914T063000")]
    assert local(only().breached_at) == "2026-09-14 14:30"
    tick("09-14 14:31")
    assert len(late.calls) == 1


def test_a_breach_that_is_refused_is_done_with_and_people_are_told(own_rules, note, monkeypatch):
    def refuse(_note):
        raise Refused("not_now", "Not now.")

    late = Late(monkeypatch, refuse)
    note("09-14 09:00")
    assert tick("09-14 14:30") == [("alice", "due"), ("boss", "late")]
    tick("09-14 14:31")
    assert len(late.calls) == 1


def test_a_breach_whose_verb_fails_is_tried_again_and_people_are_told_meanwhile(own_rules, note, monkeypatch):
    def fail(_note):
        raise RuntimeError("the program has a fault")

    late = Late(monkeypatch, fail)
    note("09-14 09:00")
    assert tick("09-14 14:30") == [("alice", "due"), ("boss", "late")]
    late.effect = None
    assert tick("09-14 14:31") == []
    assert len(late.calls) == 2
    assert only().breached_at is not None


def test_a_breach_may_end_the_deadline(own_rules, note, monkeypatch):
    def pass_on(note):
        Deadline.objects.about(note).update(closed_at=clock.now(), outcome="cancelled", next_at=None)

    Late(monkeypatch, pass_on)
    note("09-14 09:00")
    assert tick("09-14 14:30") == []


def test_the_verb_for_the_time_to_remind_is_done_once_and_before_people_are_told(own_rules, note, monkeypatch):
    soon = Soon(monkeypatch)
    found = note("09-14 09:00")
    tick("09-14 13:29")
    assert soon.calls == []
    assert tick("09-14 13:30") == [("alice", "warn")]
    assert soon.calls == [(found.pk, f"soon-{only().pk}-20260914T063000")]
    tick("09-14 13:31")
    tick("09-14 14:30")
    assert len(soon.calls) == 1


def test_after_the_due_time_nothing_is_done_that_was_for_the_time_to_remind(own_rules, note, monkeypatch):
    soon = Soon(monkeypatch)
    note("09-14 09:00")
    assert tick("09-14 14:30") == [("alice", "due"), ("boss", "late")]
    assert soon.calls == []


def test_a_refused_verb_of_the_time_to_remind_is_done_with_and_people_are_told(own_rules, note, monkeypatch):
    def refuse(_note):
        raise Refused("not_now", "Not now.")

    soon = Soon(monkeypatch, refuse)
    note("09-14 09:00")
    assert tick("09-14 13:30") == [("alice", "warn")]
    tick("09-14 13:31")
    assert len(soon.calls) == 1


def test_a_failed_verb_of_the_time_to_remind_is_tried_again_until_the_time_is_over(own_rules, note, monkeypatch):
    def fail(_note):
        raise RuntimeError("the program has a fault")

    soon = Soon(monkeypatch, fail)
    note("09-14 09:00")
    assert tick("09-14 13:30") == []
    assert local(only().next_at) == "2026-09-14 13:40"
    assert tick("09-14 13:39") == []
    assert len(soon.calls) == 1
    soon.effect = None
    assert tick("09-14 13:40") == [("alice", "warn")]
    assert len(soon.calls) == 2


def test_a_verb_that_fails_to_the_end_does_not_hide_the_breach(own_rules, note, monkeypatch):
    def fail(_note):
        raise RuntimeError("the program has a fault")

    soon = Soon(monkeypatch, fail)
    note("09-14 09:00")
    assert tick("09-14 14:25") == []
    assert local(only().next_at) == "2026-09-14 14:30"
    assert tick("09-14 14:30") == [("alice", "due"), ("boss", "late")]
    assert len(soon.calls) == 1


def test_one_deadline_that_cannot_be_handled_does_not_stop_the_others(entry_rule, note, monkeypatch):
    broken, whole = note("09-14 09:00"), note("09-14 09:00")
    real = sweep_.Round.take

    def take(self, row):
        if row.subject_pk == broken.pk:
            raise RuntimeError("the program has a fault")
        real(self, row)

    monkeypatch.setattr(sweep_.Round, "take", take)
    assert tick("09-14 13:30") == [("alice", "warn")]
    rows = {row.subject_pk: row for row in Deadline.objects.all()}
    assert (rows[whole.pk].step, rows[broken.pk].step) == (Deadline.WARNED, Deadline.NOTHING_TOLD)
    assert local(rows[broken.pk].next_at) == "2026-09-14 13:40"


def test_the_deadline_of_a_record_that_is_gone_is_closed(entry_rule, note):
    Note.objects.filter(pk=note("09-14 09:00").pk).delete()
    assert tick("09-14 14:30") == []
    assert only().outcome == "cancelled"


def test_a_rule_that_is_gone_from_the_code_says_nothing(entry_rule, note):
    note("09-14 09:00")
    del RULES["test.entry"]
    assert tick("09-14 14:30") == []
    assert only().next_at is None


def test_a_deadline_that_was_moved_is_told_about_anew(own_rules, note):
    Rule("test.date", "x", label="Do", on=Note, due="received_at", met_by="x", warn="1 wh")
    found = note("09-14 09:00", received_at=at("09-15 10:00"))
    assert tick("09-15 09:00") == [("alice", "warn")]
    found.received_at = at("09-16 10:00")
    with clock.at(at("09-15 09:30")):
        found.save()
        turn(found)
    assert tick("09-15 10:30") == []
    assert tick("09-16 09:00") == [("alice", "warn")]


def test_the_sweep_notes_when_it_was_and_does_nothing_beside_another_one(entry_rule, note):
    assert last_tick() is None
    note("09-14 09:00")
    tick("09-14 13:30")
    assert last_tick() == at("09-14 13:30")


def test_a_sweep_with_nothing_due_costs_a_few_small_queries(entry_rule, note, django_assert_num_queries):
    note("09-14 09:00")
    tick("09-14 09:01")
    with clock.at(at("09-14 09:02")), django_assert_num_queries(6):  # lock, look in a savepoint, note
        sweep()


def test_the_cost_grows_with_what_is_due_and_not_with_what_is_open(entry_rule, note, people):
    due = note("09-14 09:00")
    tick("09-14 09:01")

    def cost(moment: str) -> int:
        Deadline.objects.filter(subject_pk=due.pk).update(step=0, next_at=at("09-14 13:30"))
        Message.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert tick(moment) == [("alice", "warn")]
        return len(queries)

    alone = cost("09-14 13:30")
    with clock.at(at("09-14 12:00")):
        others = [Note(name=str(n), owner=people["alice"], received_by=people["bob"]) for n in range(300)]
        turn_many(Note.objects.bulk_create(others))
    assert cost("09-14 13:31") == alone


def test_what_is_due_is_found_by_the_index_of_what_waits(entry_rule, people, calendar):
    with clock.at(at("09-14 09:00")):
        others = [Note(name=str(n), owner=people["alice"], received_by=people["bob"]) for n in range(3000)]
        turn_many(Note.objects.bulk_create(others))
    Deadline.objects.filter(subject_pk__in=[each.pk for each in others[:3]]).update(next_at=at("09-14 09:01"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE deadlines_deadline")
    due = Deadline.objects.open().filter(next_at__lte=at("09-14 09:02")).order_by("next_at")[:200]
    plan = due.explain()
    assert "deadlines_to_look_at" in plan and "Seq Scan" not in plan
    breached = Deadline.objects.open().filter(breached_at=None, paused_at=None, due_at__lte=at("09-14 09:02"))
    plan = breached.filter(rule__in=["test.entry"]).order_by("due_at").explain()
    assert "deadlines_to_breach" in plan and "Seq Scan" not in plan


def test_the_sweep_itself_writes_no_action_into_the_log(entry_rule, note):
    note("09-14 09:00")
    tick("09-14 14:30")
    assert not ActionLog.objects.exists()


def test_who_has_left_is_replaced_by_the_manager(entry_rule, note, people):
    User.objects.filter(pk=people["alice"].pk).update(is_active=False)
    note("09-14 09:00", owner=User.objects.get(username="alice"))
    assert tick("09-14 13:30") == [("boss", "warn")]


def test_a_batch_is_finished_by_the_next_round(entry_rule, note, monkeypatch):
    monkeypatch.setattr(sweep_, "BATCH", 2)
    for _number in range(5):
        note("09-14 09:00")
    with clock.at(at("09-14 13:30")):
        assert sweep() == 5
    assert Deadline.objects.filter(step=Deadline.WARNED, next_at=at("09-14 14:30")).count() == 5
    assert Message.objects.filter(queued_at__lt=at("09-14 13:30") + timedelta(seconds=1)).count() == 5
