"""Two requests at once, with real connections and real locks."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.accounts.models import User
from crm.records.models import ActionLog
from customers.models import Customer

TOGETHER = 6


@pytest.fixture
def alice(transactional_db) -> User:
    return User.objects.create_user("alice", name="Alice", is_superuser=True)


def all_at_once(call):
    """What `call(n)` answers in each of the threads."""

    def run(number):
        try:
            return call(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as threads:
        return list(threads.map(run, range(TOGETHER)))


def test_one_key_at_once_makes_one_record_and_six_equal_answers(api):
    answers = all_at_once(lambda _number: api.post("customers.create_customer/", {"name": "A"}, key="k1"))
    assert [each.status_code for each in answers] == [201] * TOGETHER
    assert len({each.json()["pk"] for each in answers}) == 1
    assert Customer.objects.count() == ActionLog.objects.count() == 1


def test_of_six_who_saw_the_same_version_one_succeeds(api, customer):
    path = f"customers/{customer.pk}/"
    answers = all_at_once(lambda number: api.patch(path, {"remarks": f"{number}"}, version=0))
    assert sorted(each.status_code for each in answers) == [200] + [412] * (TOGETHER - 1)
    assert Customer.objects.get().version == 1


def test_of_six_who_suspend_one_succeeds(api, customer):
    path = f"customers/{customer.pk}/customers.suspend_supply/"
    answers = all_at_once(lambda number: api.post(path, {"reason": f"{number}"}))
    assert sorted(each.status_code for each in answers) == [200] + [409] * (TOGETHER - 1)
    assert ActionLog.objects.count() == 1


def test_edits_of_different_fields_at_once_all_stay(api, customer):
    names = ["region", "industry", "source", "business_area", "remarks", "short_name"]
    answers = all_at_once(lambda number: api.patch(f"customers/{customer.pk}/", {names[number]: "x"}))
    assert [each.status_code for each in answers] == [200] * TOGETHER
    fresh = Customer.objects.get()
    assert [getattr(fresh, name) for name in names] == ["x"] * TOGETHER
    assert fresh.version == TOGETHER
