"""Who stands in: the deputy, his deputy, else the manager, else the head of the department."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm import clock
from crm.accounts.deputies import acting_for, is_absent, stand_in, stand_ins
from crm.accounts.models import Absence, Department, User

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
TODAY = date(2026, 9, 21)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield


def away(user: User, deputy: User | None = None, **fields) -> Absence:
    return Absence.objects.create(user=user, deputy=deputy, **{"first_day": TODAY, "last_day": TODAY, **fields})


def test_who_is_there_does_his_own_work(alice, bob):
    away(bob, alice)
    assert not is_absent(alice)
    assert stand_in(alice) == alice


def test_the_deputy_stands_in(alice, bob):
    away(alice, bob)
    assert is_absent(alice)
    assert stand_in(alice) == bob


def test_an_absence_counts_from_its_first_midnight_to_its_last_where_the_company_is(alice, bob):
    away(alice, bob)
    first = datetime(2026, 9, 20, 16, 0, tzinfo=UTC)
    assert stand_in(alice, first - timedelta(seconds=1)) == alice
    assert stand_in(alice, first) == bob
    assert stand_in(alice, first + timedelta(hours=24) - timedelta(seconds=1)) == bob
    assert stand_in(alice, first + timedelta(hours=24)) == alice


def test_an_absence_ended_early_counts_until_then(alice, bob):
    away(alice, bob, ended_at=NOON)
    assert stand_in(alice, NOON - timedelta(seconds=1)) == bob
    assert stand_in(alice, NOON) == alice


def test_an_absent_deputy_hands_on_to_his_own(alice, bob, charlie):
    away(alice, bob)
    away(bob, charlie)
    assert stand_in(alice) == charlie


def test_without_a_deputy_it_is_the_manager(alice, diana):
    away(alice)
    assert stand_in(alice) == diana


def test_an_absent_deputy_without_deputy_hands_on_to_his_manager(alice, charlie, diana, person):
    charlie.manager = person("chief")
    charlie.save()
    away(alice, charlie)
    away(charlie)
    assert stand_in(alice).username == "chief"


def test_deputies_in_a_circle_end_with_the_manager(alice, bob, diana):
    away(alice, bob)
    away(bob, alice)
    assert stand_in(alice) == diana
    assert stand_in(bob) == diana


def test_without_a_manager_it_is_the_head_of_the_department_or_of_one_above(alice, diana, sales, person):
    User.objects.filter(pk=alice.pk).update(manager=None)
    alice.refresh_from_db()
    away(alice)
    assert stand_in(alice) == diana
    chief = person("chief")
    sales.parent = Department.objects.create(code="company", name="公司", head=chief)
    sales.save()
    away(diana)
    assert stand_in(alice) == chief


def test_where_everybody_is_away_it_stays_with_him(alice, diana):
    away(alice)
    away(diana)
    assert stand_in(alice) == alice


def test_who_has_left_stands_in_for_nobody_and_leaves_his_work_to_his_manager(alice, bob, diana):
    away(alice, bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert stand_in(alice) == diana
    bob.refresh_from_db()
    assert is_absent(bob)
    assert stand_in(bob) == diana


def test_of_two_absences_the_one_reported_last_names_the_deputy(alice, bob, charlie):
    away(alice, bob)
    away(alice, charlie)
    assert stand_in(alice) == charlie


def test_departments_and_managers_in_circles_end(alice, diana, sales, warehouse):
    Department.objects.filter(pk=sales.pk).update(parent=warehouse)
    Department.objects.filter(pk=warehouse.pk).update(parent=sales, head=diana)
    User.objects.filter(pk=diana.pk).update(manager=alice)
    away(alice)
    away(diana)
    assert stand_in(alice) == alice


def test_many_at_once_cost_four_queries(alice, bob, charlie, diana, django_assert_num_queries):
    away(alice, charlie)
    away(bob)
    with django_assert_num_queries(4):
        found = stand_ins([alice, bob, charlie])
    assert found == {alice.pk: charlie, bob.pk: diana, charlie.pk: charlie}


def test_who_is_there_costs_one_query(alice, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert stand_in(alice) == alice


def test_one_acts_for_all_those_who_are_away_and_whose_work_comes_to_one(alice, bob, charlie, diana):
    away(alice, bob)
    away(bob, charlie)
    assert {user.username for user in acting_for(charlie)} == {"alice", "bob"}
    assert acting_for(bob) == []  # he is away himself
    assert acting_for(diana) == []


def test_nobody_acts_for_anybody_where_everybody_is_there(alice, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert acting_for(alice) == []
