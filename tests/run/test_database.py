"""The databases of the tests: complete from the start, and as good as new after real transactions."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_with_real_transactions_begins_with_a_fresh_database(transactional_db, turn):
    assert Permission.objects.exists()  # what is installed after migrating is there again
    assert not Group.objects.filter(name="left behind").exists()
    Group.objects.create(name="left behind")


def test_a_test_in_a_transaction_leaves_nothing(db):
    assert not Group.objects.filter(name="left behind").exists()
    assert connection.in_atomic_block


def test_every_process_of_the_tests_has_a_database_of_its_own(db, worker_id):
    assert connection.settings_dict["NAME"].endswith("main" if worker_id == "master" else worker_id)
