"""Lists, pages, versions side by side, prints and REST of changes; and who does not see them."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.actions import ACTIONS
from crm.exchange.tables import TABLES
from crm.records.models import Attachment
from crm.reports.charts import REPORTS
from orders import actions as orders
from orders.changes import actions as changes
from orders.changes.models import Acknowledgement, Change
from orders.contracts import actions as contracts
from orders.models import Order, OrderVersion
from pickup import actions as pickup
from tests.api.conftest import Api
from tests.changes.conftest import MORE, NEW_DAY, House
from tests.world import nothing_moves


def client_of(user: Any, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def asked_for(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    return len(queries)


def test_lists_show_what_is_one_s_own_to_see(house: House) -> None:
    change = house.drafted()
    extension = house.delay(change.order)
    request = house.request(change.order)
    paths = {"/changes/": change, "/changes/extensions/": extension, "/changes/requests/": request}
    for path, paper in paths.items():
        assert paper.number in client_of(house.seller).get(path).content.decode()
        assert paper.number not in client_of(house.world.charlie).get(path).content.decode()
        assert client_of(house.world.stranger).get(path).status_code == 403


def test_a_stranger_finds_nothing_at_any_door(house: House) -> None:
    change = house.confirmed()
    extension = house.staying(change.order)
    changes.record_agreement(extension, by=house.seller, new_on=NEW_DAY, paper=_scan())
    request = house.request(Order.objects.get())
    papers = [Attachment.objects.about(each).get() for each in (change, extension)]
    client, api = client_of(house.world.charlie), Api(house.world.charlie)
    with nothing_moves():
        for paper in (change, extension, request):
            assert client.get(paper.get_absolute_url()).status_code == 404
        for name, paper in (("change-print", change), ("extension-print", extension)):
            assert client.get(reverse(name, args=[paper.pk])).status_code == 404
        assert client.get(reverse("order-versions", args=[change.order_id])).status_code == 404
        for paper in papers:
            assert client.get(reverse("attachment", args=[paper.pk])).status_code == 404
    for key, paper in (("changes", change), ("extensions", extension), ("customer-requests", request)):
        assert api.get(f"{key}/{paper.pk}/").status_code == 404
    assert api.post(f"changes/{change.pk}/changes.withdraw_change/", {"reason": "x"}).status_code == 404
    assert client_of(house.seller).get(reverse("attachment", args=[papers[0].pk])).status_code == 200


def _scan() -> Any:
    from tests.world import scan

    return scan()


def test_pages_ask_as_often_for_many_as_for_one(house: House) -> None:
    departments = [house.company.maker.department]
    first = house.applied(departments=departments)
    house.delay(Order.objects.get())
    house.request(Order.objects.get())
    client = client_of(house.company.support)
    paths = ["/changes/", "/changes/extensions/", "/changes/requests/", f"/changes/{first.pk}/"]
    paths += [f"/orders/{first.order_id}/", f"/changes/orders/{first.order_id}/versions/"]
    for path in paths:
        client.get(path)
    before = {path: asked_for(client, path) for path in paths}
    hauling, money = house.company.carrier.department, house.company.cashier.department
    for number in range(3):
        more = [{"position": 1, "quantity": Decimal(13 + number)}]
        house.applied(Order.objects.get(pk=first.order_id), lines=more, departments=[*departments, hauling, money])
        house.request(Order.objects.get(pk=first.order_id))
        house.delay(house.order())
    after = {path: asked_for(client, path) for path in paths}
    assert after == before
    order = f"/orders/{first.order_id}/"
    assert max(number for path, number in before.items() if path != order) < 40


def test_the_order_shows_its_changes_and_who_has_not_acknowledged_them(house: House) -> None:
    making, hauling = house.company.maker.department, house.company.carrier.department
    change = house.applied(departments=[making, hauling])
    changes.acknowledge_change(Acknowledgement.objects.get(department=hauling), by=house.company.carrier)
    page = client_of(house.seller).get(change.order.get_absolute_url()).content.decode()
    assert change.number in page and "Not acknowledged yet: 生产部" in page
    assert f"/changes/orders/{change.order_id}/versions/" in page
    own = client_of(house.company.maker).get(change.get_absolute_url()).content.decode()
    row = Acknowledgement.objects.get(department=making)
    assert f"/do/changes.acknowledge_change/{row.pk}/" in own  # his department's button
    assert (
        f"/do/changes.acknowledge_change/{row.pk}/"
        not in client_of(house.seller).get(change.get_absolute_url()).content.decode()
    )


def test_any_two_versions_stand_side_by_side(house: House) -> None:
    first = house.applied(lines=MORE)
    second = house.applied(Order.objects.get(), lines=[], wanted_on=NEW_DAY)
    order = Order.objects.get()
    page = client_of(house.seller).get(f"/changes/orders/{order.pk}/versions/").content.decode()
    assert f"2 · Order change · {first.number}" in page and f"3 · Order change · {second.number}" in page
    assert "<del>2026-12-03 (Thu)</del>" in page and "<ins>2026-12-10 (Thu)</ins>" in page
    assert "<del>" not in page.split("<tbody>")[1].split("</tr>")[0]  # the line is the same in both
    page = client_of(house.seller).get(f"/changes/orders/{order.pk}/versions/?left=1&right=3").content.decode()
    assert "10 pc × ¥128.00 = ¥1,280.00" in page and "12 pc × ¥128.00 = ¥1,536.00" in page
    assert "<del>¥1,280.00</del>" in page and "<ins>¥1,536.00</ins>" in page
    page = client_of(house.seller).get(f"/changes/orders/{order.pk}/versions/?left=2&right=2").content.decode()
    assert "These two versions say the same." in page
    for odd in ("left=99&right=x", "left=-1", "left=%00"):
        assert client_of(house.seller).get(f"/changes/orders/{order.pk}/versions/?{odd}").status_code == 200


def test_a_change_under_way_is_a_version_that_departments_see(house: House) -> None:
    other = house.world.new_product("P002")
    new = {"product": other, "quantity": Decimal(3), "price": Decimal("99.99")}
    change = house.drafted(lines=[*MORE, new], departments=[house.company.maker.department])
    page = client_of(house.company.maker).get(f"/changes/orders/{change.order_id}/versions/").content.decode()
    assert f"2 · under way · {change.number}" in page
    assert "<ins>¥1,835.97</ins>" in page and "3 pc × ¥99.99 = ¥299.97" in page
    assert OrderVersion.objects.count() == 1


def test_an_order_that_nobody_confirmed_has_no_version(house: House) -> None:
    order = house.company.order()
    page = client_of(house.seller).get(f"/changes/orders/{order.pk}/versions/").content.decode()
    assert "has not confirmed this order yet" in page


def test_what_the_warehouse_agrees_on_is_a_version_too(house: House) -> None:
    order = house.world.short()
    pickup.agree_later(order, by=house.world.root, wanted_on=NEW_DAY, agreed="电话")
    order = pickup.check_stock(Order.objects.get(), by=house.world.root, warehouse=house.world.warehouse)
    other = house.world.new_product("P002")
    pickup.substitute(order, by=house.world.root, line=order.lines.get(), product=other, agreed="电话")
    rows = OrderVersion.objects.order_by("number")
    assert [row.cause for row in rows] == ["confirmed", "later", "substitute"]
    assert [row.content["wanted_on"] for row in rows] == ["2026-12-03", "2026-12-10", "2026-12-10"]
    assert rows[2].content["lines"][0]["product"] == other.pk


def test_an_order_from_before_keeps_its_first_version_before_it_changes(house: House) -> None:
    order = house.order()
    OrderVersion.objects.all().delete()
    house.applied(order)
    rows = OrderVersion.objects.order_by("number")
    assert [(row.cause, row.content["total"], row.by) for row in rows] == [
        ("confirmed", "1280", house.seller),
        ("change", "1536", rows[1].by),
    ]
    assert rows[0].at == order.confirmed_at


def test_an_order_that_is_changed_before_it_is_confirmed_begins_as_it_was_ordered(house: House) -> None:
    contract = house.company.in_force()
    given = {"why": "增量", "agreed": "微信", "effective_on": NEW_DAY, "lines": MORE}
    supplement = contracts.draft_supplement(contract, by=house.seller, **given)
    ACTIONS["contracts.ask_apply_supplement"](supplement, by=house.seller)
    house.company.sign(house.company.boss)
    rows = OrderVersion.objects.order_by("number")
    assert [(row.cause, row.content["total"]) for row in rows] == [("ordered", "1280"), ("supplement", "1536")]
    page = client_of(house.seller).get(f"/changes/orders/{contract.order_id}/versions/").content.decode()
    assert "1 · As ordered, not confirmed yet" in page
    assert "Confirmed by the customer" not in page
    house.drafted(Order.objects.get(), lines=[], wanted_on=NEW_DAY)
    OrderVersion.objects.all().delete()
    page = client_of(house.seller).get(f"/changes/orders/{contract.order_id}/versions/").content.decode()
    assert "1 · As ordered, not confirmed yet" in page


def test_both_forms_print(house: House) -> None:
    change = house.applied(departments=[house.company.maker.department], wanted_on=NEW_DAY)
    page = client_of(house.seller, "zh-hans").get(f"/changes/{change.pk}/print/").content.decode()
    for words in (
        "OC2026-000001",
        "配电箱",
        "1,536.00",
        "客户二期增量",
        "2026-12-10",
        house.company.boss.name,
        "生产部",
    ):
        assert words in page
    extension, _path = house.asking(Order.objects.get(), new_on=NEW_DAY.replace(day=16))
    page = client_of(house.seller, "zh-hans").get(f"/changes/extensions/{extension.pk}/print/").content.decode()
    for words in ("EX2026-000001", "铜排供应商停产检修", "加班装配", "2026-12-16", "2026-12-10"):
        assert words in page


def test_the_same_goes_by_rest(house: House) -> None:
    order = house.order()
    api = Api(house.seller)
    body = {"wish": "customer", "why": "增量", "lines": [{"position": 1, "quantity": "12"}], "wanted_on": "2026-12-10"}
    made = api.post(f"orders/{order.pk}/changes.draft_change/", body)
    assert made.status_code == 201, made.content
    found = api.get(f"changes/{Change.objects.get().pk}/").json()
    assert (found["kind"], found["total_before"], found["total"]) == ("goods", "1280.00", "1536.00")
    assert (found["lines"][0]["quantity_before"], found["lines"][0]["quantity"]) == ("10.000", "12.000")
    listed = api.get("changes/").json()["results"]
    assert [row["number"] for row in listed] == ["OC2026-000001"]
    sent = api.post(f"changes/{Change.objects.get().pk}/changes.send_change/", {})
    assert sent.status_code == 200
    assert api.post(f"changes/{Change.objects.get().pk}/changes.apply_change/", {}).status_code == 409
    assert api.post(f"changes/{Change.objects.get().pk}/changes.agree_to_change/", {}).status_code == 403


def test_papers_are_found_by_their_number(house: House) -> None:
    change = house.drafted()
    page = client_of(house.seller).get(f"/search/?q={change.number}").content.decode()
    assert change.get_absolute_url() in page


def test_the_figure_counts_changes_by_month_and_cause(house: House) -> None:
    house.applied()
    house.drafted(house.order(), wish="authority")
    dropped = house.drafted(house.order(), wish="ours")
    changes.withdraw_change(dropped, by=house.seller, reason="x")
    house.delay(Order.objects.first(), cause="force")
    figure = REPORTS["changes-by-month"].figure(house.seller)
    last = figure.rows[-1]
    assert [each.number for each in last.values] == [1, 0, 1, 1]
    assert [each.number for each in last.more] == [0, 1, 0, 0]
    assert sum(each.number for row in figure.rows[:-1] for each in row.values) == 0
    for value in [*last.values, *last.more]:
        if value.url:
            page = client_of(house.seller).get(value.url).content.decode()
            assert "OC2026-" in page or "EX2026-" in page
    assert REPORTS["changes-by-month"].figure(house.world.charlie).rows[-1].values[0].number == 0
    assert TABLES["report-changes-by-month"].allowed(house.seller)


def test_a_customer_s_page_shows_changes_of_his_orders(house: House) -> None:
    change = house.drafted()
    page = client_of(house.world.root).get(f"/customers/{change.order.customer_id}/").content.decode()
    assert change.number in page


@pytest.mark.parametrize("verb", ["changes.draft_change", "changes.report_delay", "changes.note_request"])
def test_the_dialogs_open(house: House, verb: str) -> None:
    order = house.order()
    page = client_of(house.seller).get(f"/do/{verb}/{order.pk}/")
    assert page.status_code == 200
    if verb == "changes.draft_change":
        assert 'name="lines-0-quantity"' in page.content.decode()


def test_a_dialog_that_is_sent_back_unchanged_says_so(house: House) -> None:
    order = house.order()
    client = client_of(house.seller)
    given = {"wish": "customer", "why": "x", "wanted_on": "2026-12-03", "lines-0-position": "1"}
    given |= {"lines-0-quantity": "10", "lines-0-product": str(house.world.product.pk)}
    with nothing_moves():
        answer = client.post(f"/do/changes.draft_change/{order.pk}/", given)
    assert answer.status_code == 409 and "Nothing differs" in answer.content.decode()
    assert Change.objects.count() == 0
    assert orders.cancel_order.refusal(order, house.seller) is None
