"""Letters of authority, records, warehouses and movements through REST: each sees his, identifiers are masked."""

from datetime import date
from typing import Any

from orders.models import Order
from pickup import actions as pickup
from pickup.models import Authority
from pickup.stock.models import Warehouse
from tests.api.conftest import Api
from tests.world import HANDED, ID_NUMBER, World

LETTER = {"person": "李四", "id_number": ID_NUMBER, "phone": "", "vehicle": "渝A12345", "goods": ""}
VALID = {"valid_from": date(2026, 11, 1), "valid_until": date(2026, 12, 31)}


def results(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_letters_of_authority_are_listed_and_revoked(world: World) -> None:
    letter = pickup.add_authority(world.customer, by=world.root, **LETTER, **VALID)
    told = world.notified()
    own = pickup.name_collector(told, by=world.root, **{**LETTER, "person": "赵六"}, **VALID)
    api = Api(world.root)
    rows = results(api.get("authorities/"))
    assert [(row["pk"], row["person"], row["pickup"]) for row in rows] == [
        (own.pk, "赵六", told.number),
        (letter.pk, "李四", None),
    ]
    assert ID_NUMBER not in str(rows) and "002X" in str(rows)
    assert [row["pk"] for row in results(api.get("authorities/", tab="standing"))] == [letter.pk]
    assert [row["pk"] for row in results(api.get("authorities/", holds_on="2027-01-01"))] == []
    detail = api.get(f"authorities/{letter.pk}/").json()
    assert (detail["customer"], detail["pickup"], detail["status"]) == (world.customer.pk, None, "valid")
    assert ID_NUMBER not in str(detail)
    assert [each["name"] for each in detail["actions"]] == ["pickup.revoke_authority"]
    done = api.post(f"authorities/{letter.pk}/pickup.revoke_authority/", {"reason": "离职"})
    assert (done.status_code, Authority.objects.get(pk=letter.pk).status) == (200, "revoked")


def test_a_stranger_to_the_customer_sees_no_letter(world: World) -> None:
    letter = pickup.add_authority(world.customer, by=world.root, **LETTER, **VALID)
    api = Api(world.charlie)
    assert results(api.get("authorities/")) == []
    assert api.get(f"authorities/{letter.pk}/").status_code == 404


def test_a_clerk_sees_his_own_warehouse_and_what_moved_there(world: World) -> None:
    Warehouse.objects.create(code="south", name="南岸自提点")
    record = pickup.hand_over(world.notified(), by=world.clerk, **HANDED)
    api = Api(world.clerk)
    assert [row["code"] for row in results(api.get("warehouses/"))] == ["yubei"]
    assert api.get(f"warehouses/{world.warehouse.pk}/").json()["address"] == world.warehouse.address
    assert {row["kind"] for row in results(api.get("movements/"))} == {"receipt", "handover"}
    assert [row["number"] for row in results(api.get("pickup-records/"))] == [record.number]
    [line] = api.get(f"pickup-records/{record.pk}/").json()["lines"]
    assert (line["line"], line["quantity"]) == (Order.objects.get().lines.get().pk, "10.000")
    assert len(results(Api(world.root).get("warehouses/", q="南岸"))) == 1


def test_both_lists_have_their_pages(world: World, client: Any) -> None:
    pickup.add_authority(world.customer, by=world.root, **LETTER, **VALID)
    client.force_login(world.root)
    for path, text in (("/pickups/authorities/", "李四"), ("/stock/warehouses/", world.warehouse.address)):
        page = client.get(path)
        assert page.status_code == 200 and text in page.content.decode()
