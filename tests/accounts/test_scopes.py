"""Which records one sees: own, department's, all, those of who is away, and where one is involved."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.test.utils import isolate_apps

from crm import clock
from crm.accounts import scopes
from crm.accounts.models import Absence, Department, Participant, RoleReach, User
from crm.accounts.scopes import ScopedQuerySet, involve, reach
from tests.accounts.conftest import again

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 21, 6, 30, tzinfo=UTC)


@pytest.fixture
def thing(db):
    """A kind of record with an owner, an assistant and a department; its table lives as long as the test."""
    with isolate_apps("crm.accounts"):

        class Thing(models.Model):
            owner = models.BigIntegerField(null=True)
            assistant = models.BigIntegerField(null=True)
            department = models.BigIntegerField(null=True)
            objects = ScopedQuerySet.as_manager()
            owned_by = ("owner", "assistant")
            owned_by_department = ("department",)

            class Meta:
                app_label = "accounts"

    with connection.schema_editor() as editor:
        editor.create_model(Thing)
    yield Thing
    ContentType.objects.clear_cache()


@pytest.fixture
def things(thing, alice, bob, charlie):
    """One thing of each, in the owner's department."""
    return {
        user.username: thing.objects.create(owner=user.pk, department=user.department_id)
        for user in (alice, bob, charlie)
    }


def let(role: str, model, width: str) -> None:
    kind = ContentType.objects.get_for_model(model)
    RoleReach.objects.update_or_create(role=Group.objects.get(name=role), model=kind, defaults={"reach": width})


def seen(user, model) -> set[str]:
    him = again(user)
    rows = model.objects.visible_to(him)
    for row in model.objects.all():  # one by one it is the same
        with transaction.atomic():
            assert scopes.seen(model.objects.all(), him, row.pk, lock=True) == (row if row in rows else None)
    owners = dict(User.objects.values_list("pk", "username"))
    return {owners[row.owner] for row in rows}


def test_without_any_reach_one_sees_nothing(things, thing, alice):
    assert seen(alice, thing) == set()


def test_reach_own_shows_what_one_owns_in_any_part(things, thing, alice, charlie):
    let("sales", thing, "own")
    assert seen(alice, thing) == {"alice"}
    things["charlie"].assistant = alice.pk
    things["charlie"].save()
    assert seen(alice, thing) == {"alice", "charlie"}


def test_reach_department_shows_the_teams(things, thing, alice, bob, charlie):
    let("sales", thing, "department")
    assert seen(alice, thing) == {"alice", "bob"}
    assert seen(bob, thing) == {"alice", "bob"}
    assert seen(charlie, thing) == set()


def test_reach_department_shows_what_one_owns_elsewhere_too(things, thing, alice, warehouse):
    let("sales", thing, "department")
    things["alice"].department = warehouse.pk
    things["alice"].save()
    assert seen(alice, thing) == {"alice", "bob"}


def test_a_department_holds_those_below_it_and_its_head_sees_them(things, thing, diana, sales, warehouse):
    let("sales_manager", thing, "department")
    assert seen(diana, thing) == {"alice", "bob"}
    warehouse.parent = sales
    warehouse.save()
    assert seen(diana, thing) == {"alice", "bob", "charlie"}


def test_the_head_of_another_department_sees_it(things, thing, diana, warehouse):
    let("sales_manager", thing, "department")
    warehouse.head = diana
    warehouse.save()
    assert seen(diana, thing) == {"alice", "bob", "charlie"}


def test_departments_in_a_circle_end(things, thing, diana, sales, warehouse):
    let("sales_manager", thing, "department")
    Department.objects.filter(pk=warehouse.pk).update(parent=sales)
    Department.objects.filter(pk=sales.pk).update(parent=warehouse)
    assert seen(diana, thing) == {"alice", "bob", "charlie"}


def test_somebody_without_a_department_sees_only_his_own(things, thing, person):
    let("sales", thing, "department")
    loner = person("loner", "sales")
    thing.objects.create(owner=loner.pk)
    assert seen(loner, thing) == {"loner"}


def test_reach_all_shows_everything(things, thing, charlie):
    let("warehouse", thing, "all")
    assert seen(charlie, thing) == {"alice", "bob", "charlie"}


def test_the_widest_of_ones_roles_holds(things, thing, alice):
    let("sales", thing, "own")
    let("order_desk", thing, "all")
    assert reach(alice, thing) == "own"
    alice.groups.add(Group.objects.get(name="order_desk"))
    assert reach(again(alice), thing) == "all"


def test_everyones_reach_counts(things, thing, charlie):
    let("everyone", thing, "own")
    assert seen(charlie, thing) == {"charlie"}


def test_superusers_and_system_users_see_everything(things, thing, root):
    assert seen(root, thing) == {"alice", "bob", "charlie"}
    assert seen(User.objects.system("clock"), thing) == {"alice", "bob", "charlie"}


def test_who_has_left_sees_nothing(things, thing, root):
    let("sales", thing, "all")
    User.objects.filter(pk=root.pk).update(is_active=False)
    assert seen(root, thing) == set()


def test_who_is_involved_sees_the_record_until_it_ends(things, thing, charlie):
    with clock.at(NOW):
        involve(things["alice"], user=charlie, why="team", until=NOW + timedelta(hours=1))
        assert seen(charlie, thing) == {"alice"}
    with clock.at(NOW + timedelta(hours=1)):
        assert seen(charlie, thing) == set()


def test_a_department_that_is_involved_sees_the_record(things, thing, charlie, warehouse):
    involve(things["bob"], department=warehouse, why="asked for help")
    assert seen(charlie, thing) == {"bob"}


def test_being_involved_twice_is_one_row_with_the_later_reason(things, charlie):
    involve(things["alice"], user=charlie, why="team")
    involve(things["alice"], user=charlie, why="approves")
    assert [row.why for row in Participant.objects.filter(user=charlie)] == ["approves"]


def away(user, deputy, **fields) -> Absence:
    day = NOW.date()
    return Absence.objects.create(user=user, deputy=deputy, first_day=day, last_day=day, **fields)


def test_a_deputy_sees_what_the_absent_owns_on_these_days_only(things, thing, alice, bob):
    let("sales", thing, "own")
    away(alice, bob)
    with clock.at(NOW):
        assert seen(bob, thing) == {"alice", "bob"}
    with clock.at(NOW + timedelta(days=1)):
        assert seen(bob, thing) == {"bob"}
    with clock.at(NOW - timedelta(days=1)):
        assert seen(bob, thing) == {"bob"}


def test_a_deputys_deputy_sees_it_too_and_circles_end(things, thing, alice, bob, person):
    let("sales", thing, "own")
    third = person("third", "sales")
    away(alice, bob)
    away(bob, third)
    away(third, alice)
    with clock.at(NOW):
        assert seen(third, thing) == {"alice", "bob"}
        assert seen(alice, thing) == {"alice", "bob"}


def test_an_absence_that_was_ended_shows_nothing_any_more(things, thing, alice, bob):
    let("sales", thing, "own")
    away(alice, bob, ended_at=NOW - timedelta(minutes=1))
    with clock.at(NOW):
        assert seen(bob, thing) == {"bob"}


def test_a_deputy_sees_where_the_absent_is_involved(things, thing, alice, bob):
    away(alice, bob)
    involve(things["charlie"], user=alice, why="team")
    with clock.at(NOW):
        assert seen(bob, thing) == {"charlie"}


def test_what_one_sees_can_be_locked(things, thing, alice, bob):
    let("sales", thing, "department")
    involve(things["charlie"], user=alice, why="team")
    with transaction.atomic():
        rows = thing.objects.visible_to(again(alice)).select_for_update(of=("self",), no_key=True)
        assert {row.owner for row in rows} == {each.owner for each in things.values()}


def test_a_list_costs_one_query_for_rights_and_one_for_its_rows(things, thing, alice, django_assert_num_queries):
    let("sales", thing, "department")
    user = again(alice)
    ContentType.objects.get_for_model(thing)
    with django_assert_num_queries(2):
        list(thing.objects.visible_to(user))
        assert user.has_perm("accounts.report_absence")


def test_colleagues_see_each_other_but_not_who_left_nor_the_systems_own(alice, bob, charlie, admin):
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    names = set(User.objects.visible_to(again(alice)).values_list("username", flat=True))
    assert names == {"alice", "bob", "diana", "adam"}
    names = set(User.objects.visible_to(again(admin)).values_list("username", flat=True))
    assert {"charlie", "clock"} <= names
