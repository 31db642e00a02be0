"""One verb for many rows: a preview, each row in its own transaction, the refused ones named, nothing twice."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.api.tokens import issue
from crm.listing import COUNTED
from crm.records.models import ActionLog
from crm.refusals import Refused
from crm.web import bulk_work
from crm.web.actions import do_to_many
from crm.web.bulk_wake import AT_ONCE
from crm.web.models import BulkRow, BulkRun
from crm.web.tasks import forget, sweep, work_on_bulk
from customers import actions as customers
from customers.models import Customer
from orders.models import Order
from tests.world import World, nothing_moves

ALLOCATE = "/do-many/orders.allocate_order/"
ASSIGN = "/do-many/customers.assign_customer/"


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """What waits for the end of the transaction is done, although a test never commits."""

    @contextmanager
    def run() -> Iterator[None]:
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return run


@pytest.fixture
def post(after_commit: Callable[[], Any]) -> Callable[..., str]:
    """Send a preview's form as the page does, and answer the report."""

    def send(client: Client, path: str, pks: list[int], **data: Any) -> str:
        rows = ",".join(map(str, pks))
        with after_commit():
            answer = client.post(path, {"rows": rows, "_key": "k1", **data}, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.content.decode()
        run = BulkRun.objects.latest("pk")
        return client.get(f"/bulk/{run.pk}/progress/").content.decode()

    return send


@pytest.fixture
def people(world: World) -> list[Customer]:
    """Three customers."""
    return [world.new_customer() for _each in range(3)]


def test_a_preview_says_which_rows_are_possible_and_changes_nothing(
    world: World, client_of: Callable[..., Client]
) -> None:
    ready, other = world.reviewed(), world.new_order()
    with nothing_moves():
        page = client_of(world.root).get(ALLOCATE, {"pk": [ready.pk, other.pk]})
    html = page.content.decode()
    assert "1 possible, 1 not" in html
    assert f'name="rows" value="{ready.pk}"' in html
    assert "Not possible while it is “In review”." in html
    assert f'href="{other.get_absolute_url()}"' in html


def test_what_is_possible_is_done_and_what_is_not_is_named(
    world: World, client_of: Callable[..., Client], post: Callable[..., str]
) -> None:
    ready, other = world.reviewed(), world.new_order()
    client = client_of(world.root)
    report = post(client, ALLOCATE, [ready.pk, other.pk])
    assert "1 done, 1 refused" in report
    assert "Not possible while it is “In review”." in report and other.get_absolute_url() in report
    assert dict(Order.objects.values_list("pk", "status")) == {ready.pk: "allocated", other.pk: "submitted"}


def test_a_second_click_does_nothing_twice(
    world: World, client_of: Callable[..., Client], post: Callable[..., str]
) -> None:
    ready, client = world.reviewed(), client_of(world.root)
    for _each in range(2):
        assert "1 done, 0 refused" in post(client, ALLOCATE, [ready.pk])
    assert BulkRun.objects.count() == 1
    assert ActionLog.objects.filter(verb="orders.allocate_order").count() == 1


def test_the_same_key_for_other_rows_is_asked_again_with_another(
    world: World, client_of: Callable[..., Client], post: Callable[..., str]
) -> None:
    one, two, client = world.reviewed(), world.reviewed(), client_of(world.root)
    post(client, ALLOCATE, [one.pk])
    answer = client.post(ALLOCATE, {"rows": str(two.pk), "_key": "k1"})
    assert answer.status_code == 422
    assert "already used" in answer.content.decode()
    assert re.search(r'name="_key" value="(?!k1")[0-9a-f-]{36}"', answer.content.decode())
    two.refresh_from_db()
    assert (two.status, BulkRun.objects.count()) == ("reviewed", 1)


def test_each_rows_entry_in_the_log_carries_the_common_cause(
    world: World, client_of: Callable[..., Client], post: Callable[..., str]
) -> None:
    rows = [world.reviewed(), world.reviewed()]
    post(client_of(world.root), ALLOCATE, [each.pk for each in rows])
    run = BulkRun.objects.get()
    cause = ActionLog.objects.get(pk=run.log)
    assert (cause.verb, cause.result_pk, cause.actor) == ("web.do_to_many", run.pk, world.root)
    logged = ActionLog.objects.filter(verb="orders.allocate_order")
    assert {(each.subject_pk, each.cause_id) for each in logged} == {(each.pk, cause.pk) for each in rows}
    assert set(run.rows.values_list("log", flat=True)) == set(logged.values_list("pk", flat=True))


def test_bad_input_is_asked_for_again_and_nothing_is_done(world: World, client_of: Callable[..., Client]) -> None:
    ready = world.reviewed()
    with nothing_moves():
        page = client_of(world.root).post(ALLOCATE, {"rows": str(ready.pk), "owner": "99999"})
    assert page.status_code == 422
    assert BulkRun.objects.count() == 0


def test_rows_that_one_does_not_see_are_left_out_and_never_done(
    world: World, client_of: Callable[..., Client], post: Callable[..., str]
) -> None:
    theirs = world.customer
    mine = customers.assign_customer(world.new_customer(), by=world.root, owner=world.charlie)
    charlie = world.person("west-boss", "sales_manager", department=world.charlie.department)
    page = client_of(charlie).get(ASSIGN, {"pk": [theirs.pk, mine.pk]}).content.decode()
    assert mine.name in page and theirs.name not in page
    assert "1 possible, 1 not" in page
    report = post(client_of(charlie), ASSIGN, [theirs.pk, mine.pk], owner=charlie.pk)
    assert "1 done, 1 refused" in report and theirs.name not in report
    assert "It is no longer there, or not for you to see." in report
    theirs.refresh_from_db()
    assert theirs.owner == world.root


def test_who_has_not_the_right_is_told_so_and_nothing_is_done(world: World, client_of: Callable[..., Client]) -> None:
    ready, client = world.reviewed(), client_of(world.reader)
    assert client.get(ALLOCATE, {"pk": [ready.pk]}).status_code == 403
    with nothing_moves():
        assert client.post(ALLOCATE, {"rows": str(ready.pk)}).status_code == 403
    with nothing_moves(), pytest.raises(Refused) as refused:
        do_to_many(by=world.reader, verb="orders.allocate_order", rows=[ready.pk])
    assert (refused.value.code, BulkRun.objects.count()) == ("forbidden", 0)


def test_only_what_a_list_offers_is_done_to_many(world: World, client_of: Callable[..., Client]) -> None:
    order = world.new_order()
    client = client_of(world.root)
    with nothing_moves():
        for path in ("/do-many/orders.cancel_order/", "/do-many/orders.melt/"):
            assert client.post(path, {"rows": str(order.pk), "reason": "x"}).status_code == 404
    form = do_to_many.bind(by=world.root, data={"verb": "orders.cancel_order", "rows": str(order.pk)})
    assert form.errors.as_data()["verb"][0].code == "unknown"


def test_odd_keys_break_nothing(world: World, client_of: Callable[..., Client]) -> None:
    client = client_of(world.root)
    for pk in ("abc", "", "-1", "²", "99999999999999999999999999"):
        assert client.get(ALLOCATE, {"pk": [pk]}).status_code == 200
        with nothing_moves():
            assert client.post(ALLOCATE, {"rows": pk}).status_code == 422
    assert BulkRun.objects.count() == 0


def test_all_that_match_the_filter_are_taken_in_the_order_of_the_list(
    world: World, many: Callable[[int], list[Order]], client_of: Callable[..., Client]
) -> None:
    rows = many(120)
    Order.objects.filter(pk__in=[each.pk for each in rows[:70]]).update(status="reviewed")
    query = {"all": "1", "listing": "orders", "query": "status=reviewed&order=-total", "pk": [rows[0].pk]}
    html = client_of(world.root).get(ALLOCATE, query).content.decode()
    assert "70 possible, 0 not" in html
    wanted = Order.objects.filter(status="reviewed").order_by("-total", "-pk").values_list("pk", flat=True)
    assert f'name="rows" value="{",".join(map(str, wanted))}"' in html


def test_more_than_the_limit_is_refused_and_not_cut_off(
    world: World, many: Callable[[int], list[Order]], client_of: Callable[..., Client]
) -> None:
    many(COUNTED + 1)
    query = {"all": "1", "listing": "orders", "query": "status=submitted"}
    html = client_of(world.root).get(ALLOCATE, query).content.decode()
    assert "More than 1,000 records match." in html and "Narrow the filter" in html
    assert 'name="rows" value=""' in html
    pks = ",".join(str(pk) for pk in Order.objects.values_list("pk", flat=True))
    form = do_to_many.bind(by=world.root, data={"verb": "orders.allocate_order", "rows": pks})
    assert form.errors.as_data()["rows"][0].code == "too_many"


def test_a_list_that_does_not_offer_it_or_is_not_for_him_gives_no_rows(
    world: World, client_of: Callable[..., Client]
) -> None:
    assert client_of(world.root).get(ALLOCATE, {"all": "1", "listing": "customers"}).status_code == 404
    assert client_of(world.root).get(ALLOCATE, {"all": "1", "listing": "nowhere"}).status_code == 404
    html = client_of(world.root).get(ALLOCATE, {"all": "1", "listing": "orders", "query": "status=x"})
    assert (html.status_code, "0 possible" in html.content.decode()) == (200, False)


def test_a_preview_costs_the_same_for_five_and_for_fifty_rows(
    world: World, many: Callable[[int], list[Order]], client_of: Callable[..., Client]
) -> None:
    pks = [each.pk for each in many(50)]
    Order.objects.update(status="allocated")
    client, counts = client_of(world.root), []
    for number in (50, 5, 50):
        with CaptureQueriesContext(connection) as caught:
            html = client.get("/do-many/orders.accept_order/", {"pk": pks[:number]}).content.decode()
        assert f"{number} possible, 0 not" in html
        counts.append(len(caught))
    assert counts[1] == counts[2] <= 6  # the first one warms what is kept


def test_a_long_one_is_done_by_the_worker_and_shows_how_far_it_is(
    world: World,
    many: Callable[[int], list[Order]],
    client_of: Callable[..., Client],
    after_commit: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    woken: list[int] = []
    monkeypatch.setattr("crm.web.bulk_wake.wake", woken.append)
    pks = [each.pk for each in many(AT_ONCE + 1)]
    Order.objects.update(status="allocated")
    client = client_of(world.root)
    with after_commit():
        page = client.post(
            "/do-many/orders.accept_order/",
            {"rows": ",".join(map(str, pks)), "_key": "k1"},
            headers={"HX-Request": "true"},
        )
    run = BulkRun.objects.get()
    assert woken == [run.pk] and run.is_working
    assert f'hx-get="/bulk/{run.pk}/progress/"' in page.content.decode()
    assert "0 of 51" in client.get(f"/bulk/{run.pk}/progress/").content.decode()
    work_on_bulk(run.pk)
    html = client.get(f"/bulk/{run.pk}/progress/").content.decode()
    assert "51 done, 0 refused" in html and "hx-trigger" not in html
    assert set(Order.objects.values_list("status", flat=True)) == {"accepted"}
    assert set(ActionLog.objects.filter(verb="orders.accept_order").values_list("door", flat=True)) == {"task"}


def test_what_a_killed_worker_left_is_done_by_the_next_and_nothing_twice(
    world: World, post: Callable[..., str], after_commit: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [world.reviewed(), world.reviewed(), world.reviewed()]
    settle, seen = bulk_work._settle, []

    def killed_after_the_second(run: BulkRun, row: BulkRow) -> None:
        if len(seen) == 1:
            bulk_work._do(run, bulk_work.ACTIONS[run.verb], row, f"bulk-{run.pk}-{row.subject_pk}")
            raise KeyboardInterrupt  # done, and died before it was written down
        seen.append(row)
        settle(run, row)

    monkeypatch.setattr(bulk_work, "_settle", killed_after_the_second)
    with pytest.raises(KeyboardInterrupt), after_commit():
        do_to_many(by=world.root, verb="orders.allocate_order", rows=[each.pk for each in rows])
    run = BulkRun.objects.get()
    assert (run.is_working, run.done, list(run.rows.values_list("state", flat=True))) == (
        True,
        1,
        ["done", "waiting", "waiting"],
    )
    monkeypatch.setattr(bulk_work, "_settle", settle)
    monkeypatch.setattr("crm.web.tasks.wake", work_on_bulk)
    sweep()
    run.refresh_from_db()
    assert (run.is_working, run.done, set(run.rows.values_list("state", flat=True))) == (False, 3, {"done"})
    assert ActionLog.objects.filter(verb="orders.allocate_order").count() == 3


def test_what_never_comes_to_its_end_is_given_up(world: World) -> None:
    order = world.reviewed()
    run = do_to_many(by=world.root, verb="orders.allocate_order", rows=[order.pk])
    BulkRun.objects.update(attempts=bulk_work.ATTEMPTS)
    with nothing_moves():
        bulk_work.work(run.pk)
    row = run.rows.get()
    assert (row.state, row.code) == ("refused", "given_up")
    assert not BulkRun.objects.get().is_working


def test_nobody_sees_the_report_of_another(
    world: World, client_of: Callable[..., Client], post: Callable[..., str]
) -> None:
    post(client_of(world.root), ALLOCATE, [world.reviewed().pk])
    run = BulkRun.objects.get()
    for path in (run.get_absolute_url(), f"/bulk/{run.pk}/progress/", f"/bulk/{run.pk}/take-back/"):
        assert client_of(world.alice).get(path).status_code == 404
        assert client_of(world.root).get(path).status_code == 200
    assert run.get_absolute_url() in client_of(world.root).get("/bulk/").content.decode()
    assert run.get_absolute_url() not in client_of(world.alice).get("/bulk/").content.decode()


def test_through_rest_it_is_the_same_and_within_the_tokens_scope(world: World, after_commit: Callable[[], Any]) -> None:
    order = world.reviewed()
    sent = {"verb": "orders.allocate_order", "rows": str(order.pk)}
    for scopes, status in ((("orders",), 403), (("web.do_to_many",), 201)):
        _token, secret = issue(world.root, "test", scopes, days=None)
        client = Client(headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "k"})
        with after_commit():
            answer = client.post("/api/v1/web.do_to_many/", sent, content_type="application/json")
        assert answer.status_code == status, answer.content
        order.refresh_from_db()
        assert order.status == ("reviewed" if status == 403 else "allocated")


def test_the_back_office_shows_runs_without_what_was_typed(
    world: World, client_of: Callable[..., Client], post: Callable[..., str]
) -> None:
    client = client_of(world.root)
    post(client, ALLOCATE, [world.reviewed().pk], owner=world.root.pk, reason="天王盖地虎")
    run = BulkRun.objects.get()
    assert run.rows.get().state == "done"
    assert client.get("/admin/web/bulkrun/").status_code == 200
    html = client.get(f"/admin/web/bulkrun/{run.pk}/change/").content.decode()
    assert "orders.allocate_order" in html and "天王盖地虎" not in html


def test_an_edit_of_many_sets_what_was_filled_in_and_leaves_the_rest(
    world: World, people: list[Customer], client_of: Callable[..., Client], post: Callable[..., str]
) -> None:
    path, client = "/do-many/customers.change_customer/", client_of(world.root)
    html = client.get(path, {"pk": [each.pk for each in people]}).content.decode()
    assert 'name="region"' in html and "stays as it is" in html
    assert 'name="licence"' not in html and 'name="bank_account"' not in html and 'name="name"' not in html
    with nothing_moves():
        empty = client.post(path, {"rows": str(people[0].pk), "region": " "})
    assert (empty.status_code, "Fill in what is to change." in empty.content.decode()) == (422, True)
    names = {each.pk: each.name for each in people}
    assert "3 done, 0 refused" in post(client, path, list(names), region="成都", industry="照明", name="x")
    assert {(each.pk, each.name, each.region, each.industry) for each in Customer.objects.filter(pk__in=names)} == {
        (pk, name, "成都", "照明") for pk, name in names.items()
    }


def test_reports_are_kept_for_ninety_days(world: World, after_commit: Callable[[], Any]) -> None:
    order = world.reviewed()
    with after_commit():
        run = do_to_many(by=world.root, verb="orders.allocate_order", rows=[order.pk])
    forget()
    assert BulkRun.objects.count() == 1
    BulkRun.objects.filter(pk=run.pk).update(at="2026-08-01T00:00+08:00")
    forget()
    assert (BulkRun.objects.count(), BulkRow.objects.count()) == (0, 0)
    assert ActionLog.objects.filter(verb="orders.allocate_order").count() == 1
