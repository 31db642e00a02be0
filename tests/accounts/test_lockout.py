"""Who guesses passwords is refused for a while."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from crm import clock
from crm.accounts import lockout
from crm.accounts.models import SignInAttempt
from crm.records.models import ActionLog
from tests.accounts.conftest import PASSWORD

NOW = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def guess(name: str = "alice", password: str = "wrong", address: str = "203.0.113.7"):
    return Client(REMOTE_ADDR=address).post("/sign-in/", {"username": name, "password": password})


def test_the_sixth_failure_within_a_quarter_of_an_hour_is_not_even_looked_at(alice):
    with clock.at(NOW):
        assert [guess().status_code for _each in range(5)] == [422] * 5
        answer = guess(password=PASSWORD)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "15 min" in answer.content.decode()
    assert ActionLog.objects.filter(verb="accounts.sign_in").count() == 0


def test_the_remaining_time_is_said_and_then_the_door_is_open(alice):
    with clock.at(NOW):
        for _each in range(5):
            guess()
    with clock.at(NOW + timedelta(minutes=10)):
        assert "in 5 min" in guess(password=PASSWORD).content.decode()
    with clock.at(NOW + timedelta(minutes=15)):
        assert guess(password=PASSWORD).status_code == 302


def test_the_window_slides(alice):
    for minute in (0, 4, 8, 12, 16):
        with clock.at(NOW + timedelta(minutes=minute)):
            assert guess().status_code == 422
    with clock.at(NOW + timedelta(minutes=17)):
        assert guess().status_code == 422  # the first one is forgotten, four are left
        assert guess().status_code == 429


def test_success_forgets_the_failures(alice):
    with clock.at(NOW):
        for _each in range(4):
            guess()
        assert guess(password=PASSWORD).status_code == 302
        assert [guess().status_code for _each in range(5)] == [422] * 5


def test_user_name_and_mail_address_are_one_door(alice):
    with clock.at(NOW):
        for name in ("alice", "ALICE", "alice@example.com", "Alice@Example.com", " alice "):
            assert guess(name).status_code == 422
        assert guess("alice@example.com", PASSWORD).status_code == 429


def test_nobody_keeps_her_out_from_elsewhere(alice):
    with clock.at(NOW):
        for _each in range(6):
            guess()
        assert guess(password=PASSWORD).status_code == 429
        assert guess(password=PASSWORD, address="203.0.113.8").status_code == 302


def test_guesses_from_many_networks_close_the_name_to_all(alice):
    with clock.at(NOW):
        for number in range(50):
            assert guess(address=f"198.51.100.{number}").status_code == 422
        assert guess(password=PASSWORD, address="203.0.113.8").status_code == 429
    with clock.at(NOW + timedelta(minutes=15)):
        assert guess(password=PASSWORD, address="203.0.113.8").status_code == 302


def test_her_own_signing_in_gives_the_guessers_no_more_guesses(alice):
    with clock.at(NOW):
        for number in range(49):
            assert guess(address=f"198.51.100.{number}").status_code == 422
        assert guess(password=PASSWORD, address="203.0.113.8").status_code == 302
        assert guess(address="198.51.100.200").status_code == 422
        assert guess(address="198.51.100.201").status_code == 429


def test_a_new_password_by_a_link_opens_the_door_again(alice):
    with clock.at(NOW):
        for _each in range(5):
            guess()
        for number in range(45):
            guess(address=f"198.51.100.{number}")
        assert guess(password=PASSWORD).status_code == 429
        lockout.forgive("Alice", "203.0.113.7")
        assert guess(password=PASSWORD).status_code == 302


def test_mails_to_set_a_password_are_five_whoever_asks():
    with clock.at(NOW):
        for number in range(5):
            lockout.begin("alice", f"198.51.100.{number}", "forgot")
        with pytest.raises(lockout.Locked):
            lockout.begin("alice", "203.0.113.7", "forgot")


def test_others_are_not_locked_out_with_her(alice, bob):
    with clock.at(NOW):
        for _each in range(6):
            guess()
        assert guess("bob", PASSWORD).status_code == 302


def test_one_address_has_twenty_failures_over_all_names(alice):
    with clock.at(NOW):
        assert {guess(f"name{number}").status_code for number in range(20)} == {422}
        assert guess("alice", PASSWORD).status_code == 429
        assert guess("alice", PASSWORD, address="203.0.113.8").status_code == 302


def test_an_address_that_is_locked_locks_no_names(alice):
    with clock.at(NOW):
        for number in range(20):
            guess(f"name{number}")
        for _each in range(6):
            assert guess("alice").status_code == 429
        assert guess("alice", PASSWORD, address="203.0.113.8").status_code == 302


def test_right_passwords_do_not_count_for_the_address(alice):
    with clock.at(NOW):
        for _each in range(25):
            assert guess("alice", PASSWORD).status_code == 302


def test_ipv6_is_counted_by_the_half_that_one_household_has():
    with clock.at(NOW):
        for number in range(20):
            lockout.begin(f"name{number}", f"2001:db8:1:2::{number:x}")
        with pytest.raises(lockout.Locked):
            lockout.begin("other", "2001:db8:1:2:ffff::1")
        lockout.begin("other", "2001:db8:1:3::1")


def test_an_unknown_name_is_locked_like_a_known_one():
    with clock.at(NOW):
        statuses = [guess("nobody").status_code for _each in range(6)]
    assert statuses == [422] * 5 + [429]


def test_neither_name_nor_address_is_kept_readable(alice):
    guess("alice@example.com")
    kept = " ".join(SignInAttempt.objects.values_list("key", flat=True))
    assert "alice" not in kept
    assert "203.0.113.7" not in kept


def test_what_was_typed_is_in_no_log(alice):
    guess("alice", "my-secret-word")
    guess("my-secret-word")
    known, unknown = ActionLog.objects.filter(verb="accounts.sign_in_failed").order_by("pk")
    assert (known.actor.username, known.subject_pk, known.inputs) == ("web", alice.pk, {})
    assert (unknown.actor.username, unknown.subject_pk, unknown.inputs) == ("web", None, {})
    assert known.address == "203.0.113.7"


def test_rows_that_count_no_more_are_removed(alice):
    with clock.at(NOW):
        guess()
        assert lockout.remove_old() == 0
    with clock.at(NOW + timedelta(minutes=16)):
        assert lockout.remove_old() == 3  # of the name from there, of the name, of the network
    assert SignInAttempt.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_the_same_moment_five_are_looked_at():
    results, start = [], threading.Barrier(12)

    def attempt() -> None:
        try:
            start.wait()
            try:
                lockout.begin("alice", "203.0.113.7")
                results.append("tried")
            except lockout.Locked:
                results.append("locked")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _each in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["locked"] * 7 + ["tried"] * 5
