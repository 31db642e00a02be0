"""A bulk action is taken back by the verb's opposite: through the gate, once, and only where nobody worked since."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from crm.accounts.models import Department, User
from crm.records.models import ActionLog
from crm.web import bulk_work
from crm.web.actions import do_to_many, take_back_many
from crm.web.models import BulkRun
from customers import actions as customers
from customers.models import Customer
from orders import actions as orders
from orders.inquiries import actions as inquiries
from orders.inquiries.models import Inquiry
from orders.models import Order
from tests.world import World, nothing_moves, refused


@pytest.fixture
def many_done(django_capture_on_commit_callbacks: Any) -> Callable[..., BulkRun]:
    """`many_done(user, verb, rows, **inputs)`: a bulk action that was done."""

    def do(by: User, verb: str, rows: list[Any], inputs: str = "") -> BulkRun:
        with django_capture_on_commit_callbacks(execute=True):
            run = do_to_many(by=by, verb=verb, rows=[each.pk for each in rows], inputs=inputs)
        run.refresh_from_db()
        assert not run.is_working
        return run

    return do


@pytest.fixture
def taken_back(django_capture_on_commit_callbacks: Any) -> Callable[..., BulkRun]:
    """`taken_back(run, user)`: what taking it back did."""

    def do(run: BulkRun, by: User, **options: Any) -> BulkRun:
        with django_capture_on_commit_callbacks(execute=True):
            back = take_back_many(BulkRun.objects.get(pk=run.pk), by=by, **options)
        return BulkRun.objects.get(pk=back.pk)

    return do


@pytest.fixture
def three(world: World) -> list[Customer]:
    """Customers of Alice, Alice, and Bob."""
    people = (world.alice, world.alice, world.bob)
    return [customers.assign_customer(world.new_customer(), by=world.root, owner=each) for each in people]


def owners(rows: list[Customer]) -> list[str]:
    found = Customer.objects.in_bulk([each.pk for each in rows])
    return [found[each.pk].owner.username for each in rows]


def outcomes(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.rows.order_by("pk").values_list("state", "code"))


def test_each_record_goes_back_to_the_owner_that_it_had(
    world: World, three: list[Customer], many_done: Callable[..., BulkRun], taken_back: Callable[..., BulkRun]
) -> None:
    run = many_done(world.root, "customers.assign_customer", three, f"owner={world.charlie.pk}&reason=x")
    assert owners(three) == ["charlie", "charlie", "charlie"]
    back = taken_back(run, world.root)
    assert owners(three) == ["alice", "alice", "bob"]
    assert {each.department for each in Customer.objects.filter(pk__in=[c.pk for c in three])} == {world.sales}
    assert outcomes(back) == [("done", "")] * 3
    logs = ActionLog.objects.filter(verb="customers.assign_customer", cause_id=back.log)
    assert sorted(logs.values_list("subject_pk", flat=True)) == sorted(each.pk for each in three)
    cause = ActionLog.objects.get(pk=back.log)
    assert (cause.verb, cause.subject_pk) == ("web.take_back_many", run.pk)


def test_after_a_deadlock_it_is_tried_again(
    world: World, three: list[Customer], many_done: Any, taken_back: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = many_done(world.root, "customers.assign_customer", three, f"owner={world.bob.pk}")
    codes, judge = ["40P01", "40P01"], bulk_work.not_as_before

    class Ended(Exception):
        pgcode = "40P01"

    def meet(*arguments: Any) -> Any:
        if codes:
            raise OperationalError(codes.pop()) from Ended()
        return judge(*arguments)

    monkeypatch.setattr(bulk_work, "not_as_before", meet)
    taken_back(run, world.root)
    assert (owners(three), codes) == (["alice", "alice", "bob"], [])


def test_what_was_changed_since_stays_and_says_by_whom(
    world: World,
    three: list[Customer],
    client_of: Callable[..., Client],
    many_done: Callable[..., BulkRun],
    taken_back: Callable[..., BulkRun],
) -> None:
    run = many_done(world.root, "customers.assign_customer", three, f"owner={world.charlie.pk}")
    customers.set_relation(Customer.objects.get(pk=three[1].pk), by=world.root, relation="active")
    html = client_of(world.root).get(f"/bulk/{run.pk}/take-back/").content.decode()
    assert "2 possible, 1 not" in html
    assert "Since then: Set the relation, by 根." in html and three[1].get_absolute_url() in html
    back = taken_back(run, world.root)
    assert outcomes(back) == [("done", ""), ("refused", "stale"), ("done", "")]
    assert owners(three) == ["alice", "charlie", "bob"]


def test_a_second_click_takes_nothing_back_twice(
    world: World, three: list[Customer], many_done: Callable[..., BulkRun], taken_back: Callable[..., BulkRun]
) -> None:
    run = many_done(world.root, "customers.assign_customer", three, f"owner={world.charlie.pk}")
    back = taken_back(run, world.root, key="k")
    assert taken_back(run, world.root, key="k").pk == back.pk
    run.refresh_from_db()
    with refused("taken_back"):
        take_back_many(run, by=world.root, key="another")
    with refused("is_taking_back"):
        take_back_many(back, by=world.root)
    assert BulkRun.objects.count() == 2
    assert ActionLog.objects.filter(verb="customers.assign_customer", cause_id=back.log).count() == 3


def test_through_the_page_it_is_previewed_done_and_reported(
    world: World,
    three: list[Customer],
    client_of: Callable[..., Client],
    many_done: Callable[..., BulkRun],
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = client_of(world.root)
    preview = client.get("/do-many/customers.assign_customer/", {"pk": [each.pk for each in three]})
    assert "It can be taken back, as long as nobody changes the records in between." in preview.content.decode()
    run = many_done(world.root, "customers.assign_customer", three, f"owner={world.charlie.pk}")
    path = f"/bulk/{run.pk}/take-back/"
    assert path in client.get(run.get_absolute_url()).content.decode()
    assert client.get(f"/do/web.take_back_many/{run.pk}/").headers["Location"] == path
    with nothing_moves():
        assert "3 possible, 0 not" in client.get(path).content.decode()
    for _click in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(path, {"_key": "k"})
        assert answer.status_code == 302
    back = BulkRun.objects.get(takes_back=run)
    assert answer.headers["Location"] == back.get_absolute_url()
    assert "3 done, 0 refused" in client.get(back.get_absolute_url()).content.decode()
    page = client.get(run.get_absolute_url()).content.decode()
    assert "This was taken back:" in page and path not in page
    assert owners(three) == ["alice", "alice", "bob"]


def test_a_verb_without_an_opposite_says_so_beforehand_and_offers_nothing(
    world: World, three: list[Customer], client_of: Callable[..., Client], many_done: Callable[..., BulkRun]
) -> None:
    client = client_of(world.root)
    html = client.get("/do-many/customers.verify_customer/", {"pk": [each.pk for each in three]}).content.decode()
    assert "This cannot be taken back as a whole." in html
    run = many_done(world.root, "customers.verify_customer", three)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "This cannot be taken back as a whole." in page and "take-back" not in page
    with refused("no_opposite"):
        take_back_many(run, by=world.root)


def test_who_may_not_do_the_opposite_takes_nothing_back(
    world: World, three: list[Customer], many_done: Callable[..., BulkRun], taken_back: Callable[..., BulkRun]
) -> None:
    manager = world.person("manager", "sales_manager")
    run = many_done(manager, "customers.assign_customer", three, f"owner={world.bob.pk}")
    assert outcomes(run) == [("done", ""), ("done", ""), ("refused", "same_owner")]
    manager.groups.clear()
    back = taken_back(run, User.objects.get(pk=manager.pk))
    assert {state for state, _code in outcomes(back)} == {"refused"}
    assert owners(three) == ["bob", "bob", "bob"]


def test_an_owner_who_left_gets_nothing_back(
    world: World, three: list[Customer], many_done: Callable[..., BulkRun], taken_back: Callable[..., BulkRun]
) -> None:
    run = many_done(world.root, "customers.assign_customer", three, f"owner={world.charlie.pk}")
    User.objects.filter(username="bob").update(is_active=False)
    back = taken_back(run, world.root)
    assert outcomes(back) == [("done", ""), ("done", ""), ("refused", "invalid")]
    assert owners(three) == ["alice", "alice", "charlie"]


def test_what_would_not_be_as_before_stays_as_it_is(
    world: World, three: list[Customer], many_done: Callable[..., BulkRun], taken_back: Callable[..., BulkRun]
) -> None:
    run = many_done(world.root, "customers.assign_customer", three, f"owner={world.charlie.pk}")
    north = Department.objects.create(code="north", name="北区")
    User.objects.filter(username="bob").update(department=north)
    back = taken_back(run, world.root)
    assert outcomes(back)[2] == ("refused", "not_as_before")
    assert owners(three) == ["alice", "alice", "charlie"]
    assert Customer.objects.get(pk=three[2].pk).department == world.charlie.department


def test_an_edit_of_many_gets_its_former_values_back(
    world: World, three: list[Customer], many_done: Callable[..., BulkRun], taken_back: Callable[..., BulkRun]
) -> None:
    customers.change_customer(three[0], by=world.root, region="贵阳", business_area="灯具")
    before = list(Customer.objects.order_by("pk").values("name", "region", "business_area", "industry", "licence_tail"))
    run = many_done(
        world.root, "customers.change_customer", three, "region=%E6%88%90%E9%83%BD&business_area=%E7%94%B5%E7%BC%86"
    )
    assert set(Customer.objects.values_list("region", "business_area")) == {("成都", "电缆")}
    assert outcomes(taken_back(run, world.root)) == [("done", "")] * 3
    after = list(Customer.objects.order_by("pk").values("name", "region", "business_area", "industry", "licence_tail"))
    assert after == before
    assert after[0]["region"] == "贵阳"


def test_an_order_goes_back_to_its_former_owner_but_not_to_before_there_was_one(
    world: World,
    client_of: Callable[..., Client],
    many_done: Callable[..., BulkRun],
    taken_back: Callable[..., BulkRun],
) -> None:
    had, fresh = world.allocated(), world.reviewed()
    pks = {"pk": [had.pk, fresh.pk]}
    html = client_of(world.root).get("/do-many/orders.allocate_order/", pks).content.decode()
    assert "1 of 2 can be taken back afterwards" in html
    run = many_done(world.root, "orders.allocate_order", [had, fresh], f"owner={world.alice.pk}&reason=x")
    assert set(Order.objects.values_list("owner__username", "status")) == {("alice", "allocated")}
    assert outcomes(taken_back(run, world.root)) == [("done", ""), ("refused", "no_way_back")]
    assert [Order.objects.get(pk=each.pk).owner for each in (had, fresh)] == [world.root, world.alice]


def test_an_order_that_its_new_owner_accepted_stays_with_him(
    world: World, many_done: Callable[..., BulkRun], taken_back: Callable[..., BulkRun]
) -> None:
    order = world.allocated()
    run = many_done(world.root, "orders.allocate_order", [order], f"owner={world.alice.pk}&reason=x")
    orders.accept_order(Order.objects.get(pk=order.pk), by=world.alice)
    assert outcomes(taken_back(run, world.root)) == [("refused", "stale")]
    order.refresh_from_db()
    assert (order.owner, order.status) == (world.alice, "accepted")


def test_an_inquiry_that_was_taken_goes_back_to_whom_it_was_passed_to(
    world: World, many_done: Callable[..., BulkRun], taken_back: Callable[..., BulkRun]
) -> None:
    passed, fresh = world.new_inquiry(), world.new_inquiry()
    inquiries.pass_on_inquiry(passed, by=world.root, owner=world.alice)
    run = many_done(world.root, "inquiries.take_inquiry", [passed, fresh])
    assert set(Inquiry.objects.values_list("owner__username", flat=True)) == {"root"}
    assert outcomes(taken_back(run, world.root)) == [("done", ""), ("refused", "no_way_back")]
    passed.refresh_from_db()
    assert (passed.owner, passed.department, passed.status) == (world.alice, world.sales, "passed")


def test_while_it_is_being_done_nothing_is_taken_back(world: World, three: list[Customer]) -> None:
    run = do_to_many(
        by=world.root,
        verb="customers.assign_customer",
        rows=[each.pk for each in three],
        inputs=f"owner={world.charlie.pk}",
    )
    with refused("working"):
        take_back_many(run, by=world.root)
