"""Rights are kept in the process, and a change of them counts at the next request all the same."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts import rights
from crm.accounts.models import Absence, RightsStamp, RoleReach, User
from crm.accounts.roles import EVERYONE
from crm.accounts.scopes import reach
from crm.accounts.stamps import install
from crm.api.tokens import READ, issue
from customers.models import Customer
from tests.accounts.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def none_kept() -> Iterator[None]:
    """Begin and end with nothing kept from elsewhere."""
    rights._kept.clear()
    yield
    rights._kept.clear()


@pytest.fixture
def eve(person: Callable[..., User]) -> User:
    """She has no role, so that she may not see customers."""
    return person("eve")


def view(model: Any) -> Permission:
    return Permission.objects.get(
        content_type=ContentType.objects.get_for_model(model), codename=f"view_{model._meta.model_name}"
    )


def sees(client: Client) -> bool:
    return client.get("/customers/").status_code == 200


def asks_for_rights(client: Client, path: str, **headers: Any) -> bool:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, **headers).status_code == 200
    return any("auth_group_permissions" in each["sql"] for each in queries)


def test_a_second_request_does_not_read_the_rights_again(alice: User) -> None:
    client = signed_in(alice)
    assert asks_for_rights(client, "/profile/")
    assert not asks_for_rights(client, "/profile/")


def test_a_second_call_with_a_token_does_not_read_them_either(alice: User) -> None:
    _token, secret = issue(alice, "erp", [READ], days=1)
    header = {"headers": {"Authorization": f"Bearer {secret}"}}
    assert asks_for_rights(Client(), "/api/v1/customers/", **header)
    assert not asks_for_rights(Client(), "/api/v1/customers/", **header)


def test_session_user_and_stamp_come_with_one_query(alice: User) -> None:
    client = signed_in(alice)
    client.get("/pick/customers.customer/")  # rights are kept, and the statement is
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/pick/customers.customer/").json() == {"results": []}
    assert len(queries) == 2 and queries[0]["sql"].startswith("EXECUTE kept_")


def test_a_role_that_is_given_counts_at_the_next_request_and_one_that_is_taken_too(eve: User) -> None:
    client = signed_in(eve)
    role = Group.objects.create(name="lookers")
    role.permissions.add(view(Customer))
    assert not sees(client)
    eve.groups.add(role)
    assert sees(client)
    eve.groups.remove(role)
    assert not sees(client)


def test_a_permission_of_a_role_counts_at_the_next_request(eve: User) -> None:
    client = signed_in(eve)
    role = Group.objects.create(name="lookers")
    eve.groups.add(role)
    assert not sees(client)
    role.permissions.add(view(Customer))
    assert sees(client)
    role.permissions.clear()
    assert not sees(client)
    role.permissions.add(view(Customer))
    assert sees(client)
    role.delete()
    assert not sees(client)


def test_a_permission_of_ones_own_counts_at_the_next_request(eve: User) -> None:
    client = signed_in(eve)
    assert not sees(client)
    eve.user_permissions.add(view(Customer))
    assert sees(client)
    eve.user_permissions.clear()
    assert not sees(client)


def test_the_role_of_everybody_counts_at_the_next_request(eve: User) -> None:
    client = signed_in(eve)
    assert not sees(client)
    everyone = Group.objects.get(name=EVERYONE)
    everyone.permissions.add(view(Customer))
    assert sees(client)
    Group.objects.filter(pk=everyone.pk).update(name="those of old")
    assert not sees(client)


def test_a_reach_counts_at_the_next_request(eve: User) -> None:
    role = Group.objects.create(name="lookers")
    role.permissions.add(view(Customer))
    eve.groups.add(role)
    Customer.objects.create(name="重庆晨光文具有限公司")
    client = signed_in(eve)
    assert "晨光" not in client.get("/customers/").content.decode()
    row = RoleReach.objects.create(role=role, model=ContentType.objects.get_for_model(Customer), reach="all")
    assert "晨光" in client.get("/customers/").content.decode()
    RoleReach.objects.filter(pk=row.pk).update(reach="own")
    assert "晨光" not in client.get("/customers/").content.decode()


def test_what_a_deputy_sees_begins_and_ends_with_the_absence(alice: User, bob: User) -> None:
    Customer.objects.create(name="重庆晨光文具有限公司", owner=alice)
    RoleReach.objects.filter(role__name="sales", model=ContentType.objects.get_for_model(Customer)).update(reach="own")
    client = signed_in(bob)
    assert "晨光" not in client.get("/customers/").content.decode()
    today = clock.today()
    absence = Absence.objects.create(user=alice, deputy=bob, first_day=today, last_day=today + timedelta(days=3))
    assert "晨光" in client.get("/customers/").content.decode()
    absence.delete()
    assert "晨光" not in client.get("/customers/").content.decode()


def test_a_superuser_who_is_none_any_more_may_nothing_more(eve: User) -> None:
    User.objects.filter(pk=eve.pk).update(is_superuser=True)
    client = signed_in(eve)
    assert sees(client)
    User.objects.filter(pk=eve.pk).update(is_superuser=False)
    assert not sees(client)


def test_who_has_left_is_out_at_once_and_so_is_an_ended_session(alice: User) -> None:
    client = signed_in(alice)
    assert client.get("/profile/").status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get("/profile/").status_code == 302
    User.objects.filter(pk=alice.pk).update(is_active=True)
    again = signed_in(alice)
    assert again.get("/profile/").status_code == 200
    alice.sessions.all().delete()
    assert again.get("/profile/").status_code == 302


def test_a_new_password_ends_a_session_that_was_begun_under_the_old_one(alice: User) -> None:
    client = signed_in(alice)
    assert client.get("/profile/").status_code == 200
    alice.set_password("river-mountain-24")
    alice.save()
    assert client.get("/profile/").status_code == 302


def test_rights_read_in_a_transaction_that_fails_are_not_kept(eve: User) -> None:
    client = signed_in(eve)
    assert not sees(client)
    try:
        with transaction.atomic():
            eve.user_permissions.add(view(Customer))
            assert sees(client)
            raise KeyError
    except KeyError:
        pass
    assert not sees(client)


def test_without_a_stamp_nothing_is_kept(alice: User) -> None:
    RightsStamp.objects.all().delete()
    client = signed_in(alice)
    assert asks_for_rights(client, "/profile/")
    assert asks_for_rights(client, "/profile/")


def test_installing_again_leaves_the_stamp_as_it_is(django_assert_num_queries: Any) -> None:
    before = RightsStamp.objects.get().stamp
    with django_assert_num_queries(4):
        install()
    assert RightsStamp.objects.get().stamp == before


def test_forgetting_reads_the_rights_anew(alice: User) -> None:
    assert reach(alice, Customer) is not None
    alice.groups.clear()
    rights.forget(alice)
    assert reach(alice, Customer) is None
