"""Leaving and coming back."""

import threading

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from crm.accounts.actions import deactivate_user, reactivate_user
from crm.accounts.models import User
from crm.accounts.sync import sync
from crm.refusals import Forbidden, Refused
from tests.accounts.conftest import PASSWORD, again, signed_in

pytestmark = pytest.mark.django_db


def refusal_of(verb, user, by) -> str:
    with pytest.raises(Refused) as refusal:
        verb(user, by=by)
    return refusal.value.code


def test_who_leaves_is_out_at_once(alice, admin):
    client = signed_in(alice)
    deactivate_user(alice, by=admin, reason="moved away")
    assert not again(alice).is_active
    assert client.get("/profile/").status_code == 302
    answer = client.post("/sign-in/", {"username": "alice", "password": PASSWORD})
    assert answer.status_code == 422


def test_who_comes_back_signs_in_with_the_old_password(alice, admin):
    deactivate_user(alice, by=admin)
    reactivate_user(alice, by=admin)
    assert signed_in(alice).get("/profile/").status_code == 200


def test_nobody_else_may_do_that(alice, bob, admin):
    with pytest.raises(Forbidden):
        deactivate_user(alice, by=bob)
    assert again(alice).is_active
    deactivate_user(alice, by=admin)
    with pytest.raises(User.DoesNotExist):
        reactivate_user(alice, by=bob)
    assert not again(alice).is_active


def test_nobody_deactivates_himself(admin):
    assert refusal_of(deactivate_user, admin, admin) == "yourself"
    assert again(admin).is_active


def test_an_administrator_does_not_touch_a_superuser(admin, root):
    assert refusal_of(deactivate_user, root, admin) == "superuser"
    assert again(root).is_active


def test_nobody_touches_the_systems_own_users(root):
    user = User.objects.system("clock")
    assert refusal_of(deactivate_user, user, root) == "system_user"
    assert again(user).is_active


def test_what_is_done_already_is_refused(alice, admin):
    assert refusal_of(reactivate_user, alice, admin) == "user_active"
    deactivate_user(alice, by=admin)
    assert refusal_of(deactivate_user, alice, admin) == "user_inactive"


def test_a_superuser_deactivates_another_but_never_the_last(root, person):
    other = person("other", is_superuser=True)
    before_he_left = again(other)
    deactivate_user(other, by=root)
    assert not again(other).is_active
    assert refusal_of(deactivate_user, root, before_he_left) == "last_superuser"
    assert again(root).is_active


@pytest.mark.django_db(transaction=True)
def test_two_superusers_who_deactivate_each_other_do_not_both_succeed():
    one = User.objects.create_superuser("one", PASSWORD, name="One")
    two = User.objects.create_superuser("two", PASSWORD, name="Two")
    results, start = [], threading.Barrier(2)

    def leave(user: User, by: User) -> None:
        try:
            start.wait()
            deactivate_user(user, by=by)
            results.append("done")
        except Refused as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=leave, args=pair) for pair in ((again(one), again(two)), (again(two), again(one)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
    assert sorted(results) == ["done", "last_superuser"]


def test_roles_are_given_by_the_verbs_of_their_apps(alice):
    sync()
    assert Group.objects.get(name="administrator").permissions.filter(codename="deactivate_user").exists()
    assert not alice.has_perm("accounts.deactivate_user")
