"""Rows that are written by a text which is made once become what Django would have made of them."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts.models import Department, User
from crm.deadlines.calendars import BasisStamp
from crm.deadlines.models import RuleVersion
from crm.records.models import RequestKey
from crm.records.search import search
from crm.statements import MARK, Change, hold, related, take_over, update
from customers.models import Contact, Customer
from orders.models import Order
from tests.world import World

pytestmark = pytest.mark.django_db


def kept(row: models.Model) -> dict[str, object]:
    """All columns as they stand in the database."""
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def found(question: str) -> list[Customer]:
    return list(search(Customer.objects.all(), question))


def test_all_columns_are_written_as_save_writes_them(world: World) -> None:
    order, contact = world.new_order(), Contact.objects.create(customer=world.customer, name="王芳")
    order.remarks, order.wanted_on, order.owner = "bitte 50 %", date(2027, 1, 5), world.alice
    contact.mobile, contact.email = "139 0013 9000", "Li@Example.com"
    for row in (order, contact):
        update(row)
        written = kept(row)
        row.save()
        assert written == kept(row)
    assert Contact.objects.filter(mobile="13900139000").get() == contact
    assert (contact.mobile, Order.objects.get(pk=order.pk).owner) == ("+8613900139000", world.alice)


def test_only_what_is_named_is_written() -> None:
    bob = User.objects.create_user("bob", name="Bob", title="Buyer")
    bob.name, bob.title = "Robert", "Chef"
    bob.department = Department.objects.create(code="sales", name="S")
    update(bob, ["name", "department"])
    bob.refresh_from_db()
    assert (bob.name, bob.title, bob.department.code) == ("Robert", "Buyer", "sales")


def test_what_was_not_read_stays_as_it_is() -> None:
    pk = User.objects.create_user("bob", name="Bob", title="Buyer").pk
    bob = User.objects.defer("title").get(pk=pk)
    User.objects.filter(pk=pk).update(title="Chef")
    bob.name = "Robert"
    update(bob)
    assert User.objects.values_list("name", "title").get(pk=pk) == ("Robert", "Chef")


def test_a_record_is_found_by_its_new_name_and_still_by_an_old_one(world: World) -> None:
    customer = world.customer
    customer.region = "成都"
    update(customer)
    assert found("晨光") == [customer]
    customer.name = "成都新光"
    update(customer)
    assert (found("新光"), found("晨光")) == ([customer], [])
    customer.name = "渝中电器"
    update(customer, ["name"])
    assert (found("电器"), found("新光")) == ([customer], [])


def test_a_save_that_does_more_is_asked_itself() -> None:
    version = RuleVersion.objects.first() or RuleVersion.objects.create(rule="order.review", valid_from=clock.today())
    before = BasisStamp.objects.values_list("stamp", flat=True).get()
    update(version)
    assert BasisStamp.objects.values_list("stamp", flat=True).get() != before


def test_a_row_that_is_gone_is_saved_as_django_saves_it() -> None:
    key = RequestKey.objects.create(scope="user:1", key="a", fingerprint="f", log_id=1)
    RequestKey.objects.all().delete()
    update(key)
    assert RequestKey.objects.get().key == "a"


def test_where_a_foreign_key_leads_is_read_once(world: World, django_assert_num_queries: Any) -> None:
    order = Order.objects.get(pk=world.new_order().pk)
    with django_assert_num_queries(1):
        assert related(order, "customer") == world.customer == order.customer
    assert related(order, "inquiry") is order.inquiry is None
    with pytest.raises(Customer.DoesNotExist):
        related(Order(customer_id=0), "customer")


def test_the_text_is_made_once_for_the_same_columns() -> None:
    rows = [RequestKey.objects.create(scope="user:1", key=key, fingerprint="f", log_id=1) for key in "ab"]
    with CaptureQueriesContext(connection) as asked:
        for row in rows:
            update(row, ["fingerprint"])
    assert len({each["sql"].partition("WHERE")[0] for each in asked}) == 1


def test_a_change_counts_the_rows_that_it_changed() -> None:
    for key in ("a", "b", "c"):
        RequestKey.objects.create(scope="user:1", key=key, fingerprint="f", log_id=1)
    seal = Change(
        lambda scope, log_id, _fingerprint: RequestKey.objects.filter(scope=scope, log_id=log_id).exclude(key="c"),
        marks=("a scope", MARK, "a fingerprint"),
        fingerprint="a fingerprint",
        log_id=models.F("log_id") + 1,
    )
    assert seal("user:1", 1, "new") == 2
    assert seal("user:1", 1, "newer") == 0
    assert dict(RequestKey.objects.values_list("key", "fingerprint")) == {"a": "new", "b": "new", "c": "f"}
    assert list(RequestKey.objects.order_by("key").values_list("log_id", flat=True)) == [2, 2, 1]


def test_a_change_that_would_lose_a_key_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="987654321 is a key"):
        Change(lambda _pk: RequestKey.objects.all(), key="a")(1)


def test_a_row_is_held_until_the_end_of_the_transaction(world: World) -> None:
    order = world.new_order()
    with transaction.atomic():
        hold(Order, order.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE relation = 'orders_order'::regclass AND mode = 'RowShareLock'")
            assert cursor.fetchone()
    with pytest.raises(Order.DoesNotExist):
        hold(Order, 0)


def test_taking_over_is_what_refreshing_does(world: World) -> None:
    order = world.new_order()
    mine, theirs = Order.objects.get(pk=order.pk), Order.objects.get(pk=order.pk)
    assert mine.customer.name and list(mine.lines.all())
    mine.remarks = "not saved"
    Order.objects.filter(pk=order.pk).update(owner=world.bob, project="新楼")
    mine.__dict__["_prefetched_objects_cache"] = {"lines": []}
    take_over(mine, Order.objects.get(pk=order.pk))
    theirs.refresh_from_db()
    names = [field.attname for field in Order._meta.concrete_fields]
    assert [getattr(mine, name) for name in names] == [getattr(theirs, name) for name in names]
    assert mine.owner == world.bob and not mine._state.fields_cache.keys() - {"owner"}
    assert len(mine.lines.all()) == 1
