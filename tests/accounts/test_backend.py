"""Who gets in, and which permissions he has."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser, Group, Permission

from crm.accounts.models import User
from crm.accounts.roles import defaults
from tests.accounts.conftest import PASSWORD, again

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["alice", "ALICE", " Alice ", "alice@example.com", "Alice@Example.COM"])
def test_one_signs_in_by_user_name_or_mail_address_in_any_case(alice, typed):
    assert authenticate(None, username=typed, password=PASSWORD) == alice


@pytest.mark.parametrize("typed", ["", "nobody", "nobody@example.com", "alice@", "a\0lice", "%", "alice' OR 1=1"])
def test_nobody_else_gets_in(alice, typed):
    assert authenticate(None, username=typed, password=PASSWORD) is None


def test_a_wrong_password_is_refused(alice):
    assert authenticate(None, username="alice", password=PASSWORD + "x") is None


def test_who_has_left_is_refused(alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert authenticate(None, username="alice", password=PASSWORD) is None


def test_a_system_user_is_refused_even_with_a_password():
    user = User.objects.system("clock")
    user.set_password(PASSWORD)
    user.save()
    assert authenticate(None, username="clock", password=PASSWORD) is None


def test_a_mail_address_of_two_people_opens_for_neither(alice, bob):
    bob.email = alice.email
    bob.save()
    assert authenticate(None, username=alice.email, password=PASSWORD) is None
    assert authenticate(None, username="alice", password=PASSWORD) == alice


def test_a_user_name_goes_before_somebody_elses_mail_address(alice, person):
    other = person("alice@example.com")
    assert authenticate(None, username="alice@example.com", password=PASSWORD) == other


def test_no_user_name_exists_twice_in_another_case(alice):
    with pytest.raises(Exception, match="user_name_once_in_any_case"):
        User.objects.create_user("Alice", PASSWORD, name="Alice")


def test_permissions_come_from_ones_own_and_from_all_roles(person):
    user = person("eve", "hr", "administrator")
    user.user_permissions.add(Permission.objects.get(codename="add_absence"))
    user = again(user)
    assert user.has_perm("accounts.change_absence")  # of hr
    assert user.has_perm("accounts.invite_user")  # of the administrators
    assert user.has_perm("accounts.add_absence")  # her own
    assert user.has_perm("accounts.report_absence")  # everyone's
    assert not user.has_perm("accounts.delete_user")


def test_permissions_are_read_in_one_query_however_often_they_are_asked_for(alice, django_assert_num_queries):
    alice = again(alice)
    with django_assert_num_queries(1):
        assert alice.has_perm("accounts.report_absence")
        assert not alice.has_perm("accounts.invite_user")
        assert alice.has_module_perms("accounts")
        assert not alice.has_module_perms("sessions")
        assert "accounts.end_absence" in alice.get_all_permissions()


def test_everyones_role_counts_without_being_in_it(person):
    nobody = person("nora")
    assert nobody.has_perm("accounts.report_absence")
    Group.objects.get(name="everyone").permissions.clear()
    assert not again(nobody).has_perm("accounts.report_absence")


def test_a_system_user_has_only_what_is_given_to_it_by_name():
    user = User.objects.system("web")
    assert user.get_all_permissions() == defaults().system_grants.get("web", set())
    assert not user.has_perm("accounts.report_absence")


def test_a_superuser_may_do_everything(root):
    assert root.has_perm("accounts.invite_user")
    assert root.has_module_perms("accounts")
    assert "accounts.invite_user" in root.get_all_permissions()


def test_who_has_left_or_is_nobody_may_do_nothing(alice, root):
    for user in (alice, root):
        user.is_active = False
        assert not user.has_perm("accounts.report_absence")
        assert user.get_all_permissions() == set()
        assert not user.has_module_perms("accounts")
    assert not AnonymousUser().has_perm("accounts.report_absence")


def test_there_are_no_permissions_on_single_records(alice):
    assert not alice.has_perm("accounts.report_absence", alice)
