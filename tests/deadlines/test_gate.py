"""Through the gate, with the product's own verbs and rules: a verb and its deadlines stand together or not at all."""

import pytest

from crm import clock
from crm.accounts.models import User
from crm.deadlines.check import check
from crm.deadlines.models import Deadline
from crm.records.models import ActionLog
from crm.refusals import WrongState
from customers.actions import dismiss_note, note_information
from customers.models import Note
from tests.deadlines.calendars import at, local

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(calendar) -> User:
    return User.objects.create_superuser("keeper", name="管理员")


def test_the_verb_that_makes_a_record_opens_its_deadline(keeper, people):
    with clock.at(at("09-24 16:10")):
        note = note_information(by=keeper, owner=people["alice"], name="重庆灯饰厂", received_at=at("09-24 16:00"))
    row = Deadline.objects.get()
    assert (row.rule, row.subject, row.responsible) == ("customer.entry", note, people["alice"])
    assert local(row.due_at) == "2026-09-29 16:00"  # the 25th is off, the 26th and 27th a weekend


def test_the_verb_that_meets_it_is_named_by_its_row_in_the_log(keeper, people):
    with clock.at(at("09-24 16:10")):
        note = note_information(by=keeper, owner=people["alice"], name="重庆灯饰厂")
    with clock.at(at("09-28 09:00")):
        dismiss_note(note, by=keeper, reason="not a customer")
    row = Deadline.objects.get()
    assert (row.state, local(row.closed_at)) == ("met", "2026-09-28 09:00")
    assert row.met_by == ActionLog.objects.get(verb="customers.dismiss_note").pk


def test_a_refused_verb_leaves_the_deadlines_alone(keeper, people):
    with clock.at(at("09-24 16:10")):
        note = note_information(by=keeper, owner=people["alice"], name="重庆灯饰厂")
        dismiss_note(note, by=keeper, reason="twice")
    before = list(Deadline.objects.values())
    with clock.at(at("09-28 09:00")), pytest.raises(WrongState):
        dismiss_note(note, by=keeper, reason="again")
    assert list(Deadline.objects.values()) == before


def test_what_verbs_leave_behind_agrees_with_the_nightly_check(keeper, people):
    with clock.at(at("09-24 16:10")):
        check(mend=True)  # what the company owes as a whole, such as its next order meeting
        note_information(by=keeper, owner=people["alice"], name="one")
        note_information(by=keeper, owner=None, name="two")
        dismiss_note(Note.objects.get(name="two"), by=keeper, reason="no")
        assert check() == {}
