"""Queries whose text is made once answer what Django answers, and rows are added as Django adds them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext, isolate_apps

from crm.accounts.models import Absence, Department, User
from crm.records.models import RequestKey
from crm.statements import MARK, Statement, chosen, insert, insert_keyed, one
from customers.models import Contact

pytestmark = pytest.mark.django_db


def test_records_are_read_as_django_reads_them_with_their_identifiers() -> None:
    bob = User.objects.create_user("bob", name="Bob", email="bob@example.com", phone="13800138000")
    User.objects.create_user("eve", name="Eve")
    statement = Statement(lambda pk: User.objects.filter(pk=pk, is_active=True))
    for _each in range(2):
        (found,) = statement(bob.pk)
        assert (found, found.name, found.email, found.phone) == (bob, "Bob", "bob@example.com", bob.phone)
        assert not found._state.adding
    assert statement(0) == []


def test_each_key_goes_to_its_own_place() -> None:
    sales = Department.objects.create(code="sales", name="S")
    bob = User.objects.create_user("bob", name="Bob", department=sales)
    statement = Statement(lambda pk, of: User.objects.filter(department=of, pk=pk).values_list("username", "name"))
    assert statement(bob.pk, sales.pk) == [("bob", "Bob")]
    assert statement(sales.pk + bob.pk + 1, sales.pk) == []
    assert statement(bob.pk, sales.pk + 1) == []


@pytest.mark.parametrize(
    "rows",
    [
        lambda pk: User.objects.filter(pk__gt=1),
        lambda pk: User.objects.filter(pk=str(pk) + "0"),
    ],
    ids=["left out", "changed"],
)
def test_a_key_that_would_be_lost_is_a_mistake(rows: Callable[[int], models.QuerySet]) -> None:
    with pytest.raises(TypeError, match="987654321 is a key of this statement, and not among its values"):
        Statement(rows)(1)


def test_the_text_is_made_once() -> None:
    made = []

    def rows(pk: int) -> object:
        made.append(pk)
        return Contact.objects.filter(customer=pk, active=True)[:1]

    statement = Statement(rows)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as asked:
        assert statement(1) == statement(2) == []
    assert len(made) == 1
    first, second = (query["sql"] for query in asked)
    assert first != second
    assert first.replace("(1", "(2") == second


def test_rows_are_added_with_the_databases_keys_or_their_own() -> None:
    rows = [RequestKey(scope="user:1", key=key, fingerprint="f", log_id=1) for key in ("a", "b")]
    assert insert(rows) == 2
    assert insert([RequestKey(pk=77_000, scope="user:1", key="c", fingerprint="f", log_id=1)]) == 1
    assert list(RequestKey.objects.order_by("key").values_list("key", "log_id")) == [("a", 1), ("b", 1), ("c", 1)]
    assert RequestKey.objects.get(key="c").pk == 77_000
    assert insert([]) == 0


def test_of_rows_that_are_there_already_only_the_others_are_added() -> None:
    first = RequestKey(scope="user:1", key="a", fingerprint="first", log_id=1)
    second = RequestKey(scope="user:1", key="a", fingerprint="second", log_id=2)
    other = RequestKey(scope="user:1", key="b", fingerprint="second", log_id=2)
    assert insert([first], or_nothing=True) == 1
    assert insert([second, other], or_nothing=True) == 1
    assert dict(RequestKey.objects.values_list("key", "fingerprint")) == {"a": "first", "b": "second"}


def test_rows_get_the_keys_that_the_database_made_for_them() -> None:
    rows = [RequestKey(scope="user:1", key=key, fingerprint="f", log_id=1) for key in ("a", "b")]
    assert insert_keyed(rows)
    assert [RequestKey.objects.get(pk=row.pk).key for row in rows] == ["a", "b"]
    assert not any(row._state.adding for row in rows)
    twin = RequestKey(scope="user:1", key="a", fingerprint="twin", log_id=2)
    assert not insert_keyed([twin], or_nothing=True)
    assert twin.pk is None
    assert insert_keyed([])
    with pytest.raises(TypeError, match="some may be there"):
        insert_keyed(rows, or_nothing=True)


def test_a_list_of_keys_is_one_value() -> None:
    people = [User.objects.create_user(name, name=name) for name in ("ann", "bob", "eve")]
    statement = Statement(lambda pks: User.objects.filter(pk__any_of=pks).order_by("pk"))
    assert statement([people[2].pk, people[0].pk]) == [people[0], people[2]]
    assert statement([people[1].pk]) == [people[1]]
    assert statement([]) == []


def test_a_day_changes_too_where_its_mark_says_so() -> None:
    first, last = date(2026, 1, 5), date(2026, 1, 9)
    away = Absence.objects.create(user=User.objects.create_user("bob", name="Bob"), first_day=first, last_day=last)
    statement = Statement(
        lambda user, day: Absence.objects.filter(user=user, first_day__lte=day, last_day__gte=date(2026, 1, 1)),
        marks=(MARK, date(1970, 1, 1)),
    )
    assert statement(away.user_id, first) == [away]
    assert statement(away.user_id, date(2026, 1, 4)) == []


def test_records_come_with_those_that_they_lead_to() -> None:
    sales = Department.objects.create(code="sales", name="S")
    bob = User.objects.create_user("bob", name="Bob", department=sales)
    eve = User.objects.create_user("eve", name="Eve")
    statement = Statement(lambda pks: User.objects.select_related("department").filter(pk__any_of=pks))
    with CaptureQueriesContext(connection) as asked:
        found = {user.username: user.department for user in statement([bob.pk, eve.pk])}
    assert (found, len(asked)) == ({"bob": sales, "eve": None}, 1)


def test_of_all_rows_and_of_some_those_with_the_keys_are_found() -> None:
    sales = Department.objects.create(code="sales", name="S")
    bob = User.objects.create_user("bob", name="Bob", department=sales)
    eve = User.objects.create_user("eve", name="Eve")
    everybody, mine = User.objects.all(), User.objects.filter(department=sales)
    for rows in (
        everybody,
        everybody.select_related("department"),
        everybody.defer("name"),
        everybody.order_by("name"),
    ):
        assert chosen(rows, [bob.pk, eve.pk, 10**17]) == {bob.pk: bob, eve.pk: eve}
        assert (one(rows, eve.pk), one(rows, 10**17), one(rows, None)) == (eve, None, None)
    for rows in (mine, mine.select_related("department"), everybody.none() | mine):
        assert chosen(rows, [bob.pk, eve.pk]) == {bob.pk: bob}
        assert (one(rows, bob.pk), one(rows, eve.pk)) == (bob, None)
    assert chosen(everybody.none(), [bob.pk]) == {}
    assert one(everybody.none(), bob.pk) is None


def test_a_key_that_no_column_holds_finds_nothing_and_reads_nothing() -> None:
    bob = User.objects.create_user("bob", name="Bob")
    rows = User.objects.all()
    assert chosen(rows, [bob.pk, 2**63, 10**40]) == {bob.pk: bob}
    assert one(rows, 10**40) is None


@isolate_apps("crm.records")
def test_columns_that_are_no_plain_values_are_left_to_django() -> None:
    class Odd(models.DecimalField):
        def get_placeholder(self, value: object, compiler: object, connection: object) -> str:
            return "round(%s)"

    class Thing(models.Model):
        size = Odd(max_digits=5, decimal_places=2)

        class Meta:
            app_label = "records"

    with pytest.raises(TypeError, match="columns that are not plain values: size"):
        insert([Thing(size=1)])
