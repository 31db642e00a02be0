"""Reporting an absence and coming back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm import clock
from crm.accounts.actions import end_absence, report_absence
from crm.accounts.deputies import stand_in
from crm.accounts.models import Absence
from crm.records.models import ActionLog
from crm.refusals import Forbidden, Refused
from tests.accounts.conftest import again

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
DAYS = {"first_day": date(2026, 9, 22), "last_day": date(2026, 9, 25)}


@pytest.fixture(autouse=True)
def now():
    with clock.at(NOW):
        yield


def test_one_reports_ones_own_absence(alice, bob):
    absence = report_absence(by=alice, deputy=bob, reason="leave", **DAYS)
    assert (absence.user, absence.deputy, absence.reason) == (alice, bob, "leave")
    assert (absence.first_day, absence.last_day) == (DAYS["first_day"], DAYS["last_day"])
    assert stand_in(alice, NOW + timedelta(days=1)) == bob
    row = ActionLog.objects.get(verb="accounts.report_absence")
    assert (row.actor, row.result_pk) == (alice, absence.pk)


def test_the_same_request_twice_is_one_absence(alice, bob):
    first = report_absence(by=alice, key="k1", deputy=bob, **DAYS)
    assert report_absence(by=alice, key="k1", deputy=bob, **DAYS) == first
    assert Absence.objects.count() == 1


def test_a_manager_reports_his_peoples_absence(alice, bob, diana):
    assert report_absence(by=diana, user=alice, deputy=bob, **DAYS).user == alice


def test_who_manages_absences_reports_anybodys(charlie, person):
    assert report_absence(by=person("hanna", "hr"), user=charlie, **DAYS).user == charlie


def test_nobody_reports_a_colleagues_absence(alice, bob):
    with pytest.raises(Forbidden):
        report_absence(by=bob, user=alice, **DAYS)
    assert Absence.objects.count() == 0


def test_days_that_overlap_are_refused(alice):
    report_absence(by=alice, **DAYS)
    with pytest.raises(Refused) as refusal:
        report_absence(by=alice, first_day=date(2026, 9, 25), last_day=date(2026, 9, 30))
    assert refusal.value.code == "absence_overlaps"
    assert Absence.objects.count() == 1
    report_absence(by=alice, first_day=date(2026, 9, 26), last_day=date(2026, 9, 30))
    assert Absence.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "field", "code"),
    [
        ({"first_day": "2026-09-25", "last_day": "2026-09-22"}, "last_day", "order"),
        ({"first_day": "2026-09-01", "last_day": "2026-09-20"}, "last_day", "past"),
        ({"first_day": "2026-09-31", "last_day": "2026-10-01"}, "first_day", "invalid"),
        ({"last_day": "2026-10-01"}, "first_day", "required"),
    ],
)
def test_days_that_make_no_sense_are_said_at_their_field(alice, data, field, code):
    form = report_absence.bind(by=alice, data=data)
    assert form.problems()[field][0]["code"] == code


def test_nobody_is_his_own_deputy(alice, diana):
    days = {"first_day": "2026-09-22", "last_day": "2026-09-22"}
    assert "deputy" in report_absence.bind(by=alice, data={**days, "deputy": alice.pk}).problems()
    data = {**days, "user": alice.pk, "deputy": alice.pk}
    assert "deputy" in report_absence.bind(by=diana, data=data).problems()


def test_the_form_offers_only_those_whom_one_may_report(alice, bob, diana, charlie, person):
    def offered(user):
        return {each.username for each in report_absence.bind(by=again(user)).fields["user"].queryset}

    assert offered(alice) == {"alice"}
    assert offered(diana) == {"alice", "bob", "diana"}
    assert offered(person("hanna", "hr")) == {"alice", "bob", "diana", "charlie", "hanna"}


def test_one_comes_back_early(alice, bob):
    absence = report_absence(by=alice, first_day=date(2026, 9, 20), last_day=date(2026, 9, 30), deputy=bob)
    assert stand_in(alice) == bob
    end_absence(absence, by=alice)
    assert stand_in(alice) == alice
    assert absence.ended_at == NOW


def test_after_ending_it_the_days_can_be_reported_again(alice):
    end_absence(report_absence(by=alice, **DAYS), by=alice)
    assert report_absence(by=alice, **DAYS).ended_at is None


def test_the_deputy_sees_the_absence_and_cannot_end_it(alice, bob):
    absence = report_absence(by=alice, deputy=bob, **DAYS)
    with pytest.raises(Forbidden):
        end_absence(absence, by=bob)
    absence.refresh_from_db()
    assert absence.ended_at is None


def test_a_stranger_does_not_even_see_it(alice, charlie):
    absence = report_absence(by=alice, **DAYS)
    with pytest.raises(Absence.DoesNotExist):
        end_absence(absence, by=charlie)
    assert Absence.objects.get().ended_at is None


def test_an_absence_that_is_over_cannot_be_ended(alice):
    absence = report_absence(by=alice, **DAYS)
    with clock.at(NOW + timedelta(days=10)), pytest.raises(Refused) as refusal:
        end_absence(absence, by=alice)
    assert refusal.value.code == "absence_over"


def test_the_manager_ends_his_peoples_absence(alice, diana):
    absence = report_absence(by=alice, **DAYS)
    end_absence(absence, by=diana)
    assert Absence.objects.get().ended_at == NOW
