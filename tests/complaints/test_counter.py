"""From a difference at the counter to a complaint: what was recorded at the handover is in it already."""

import base64
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from complaints import actions
from complaints.handover import noted_at
from complaints.models import Category, Complaint
from crm.records.models import Attachment
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.stock.actions import receive_goods
from tests.complaints.conftest import Room
from tests.world import SIGNATURE, nothing_moves

STAY = {"HX-Request": "true", "HX-Current-URL": "http://testserver/pickups/counter/"}
PNG = base64.b64decode(SIGNATURE.partition(",")[2])


def picture(name: str = "划痕.png") -> ContentFile:
    return ContentFile(PNG, name=name)


@pytest.fixture
def counter(room: Room) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(room.world.clerk)
    return client


def hand_over(room: Room, found: Pickup, **facts: Any) -> Pickup:
    pickup.hand_over(found, by=room.world.clerk, identity="id_seen", **facts)
    return room.fresh(found)


def test_a_handover_with_an_objection_leads_to_a_complaint_in_two_taps(room: Room, counter: Client) -> None:
    found = room.world.notified()
    line = found.order.lines.get()
    sent = {
        "identity": "id_seen",
        "customer_signature": SIGNATURE,
        "clerk_signature": SIGNATURE,
        "lines-0-line": line.pk,
        "lines-0-quantity": "9",
        "lines-0-difference": "一台破损",
        "objection": "柜门划伤",
        "photo": picture(),
        "_stay": "1",
    }
    assert counter.post(f"/do/pickup.hand_over/{found.pk}/", sent, headers=STAY).headers["HX-Refresh"] == "true"
    page = counter.get("/pickups/counter/").text
    verdict = page[page.index('id="verdict"') : page.index('class="nothing"')]
    link = re.search(r'href="(/do/complaints\.complain_at_counter/\d+/\?next=/pickups/counter/)"', verdict)
    assert link  # the first tap
    dialog = counter.get(link[1]).text
    assert "9 / 10 (一台破损)" in dialog and "柜门划伤" in dialog
    assert re.search(r'<option value="shortage" selected', dialog)
    assert re.search(rf'<option value="{line.product_id}" selected', dialog)
    assert "1 photo of the handover goes along." in dialog
    given = {"category": "shortage", "content": "9 / 10 (一台破损)", "product": line.product_id, "_key": "k1"}
    answer = counter.post(f"/do/complaints.complain_at_counter/{found.pk}/", given)  # the second
    complaint = Complaint.objects.get()
    assert answer.headers["Location"] == complaint.get_absolute_url()
    assert (complaint.order, complaint.pickup, complaint.batch) == (found.order, found, "B1")
    assert (complaint.product, complaint.quantity) == (line.product, Decimal(1))  # what was missing
    taken = Attachment.objects.get(kind="photo")
    piece = complaint.evidences.get()
    assert piece.file is not None and piece.file.sha256 == taken.sha256
    assert (piece.source, piece.taken_at, piece.taken_by) == ("site", taken.at, room.world.clerk.display_name)
    assert complaint.number in counter.get(found.get_absolute_url()).text
    assert complaint.number in counter.get("/complaints/").text
    opened = Client()
    opened.force_login(complaint.owner)
    assert opened.get(piece.file.get_absolute_url()).status_code == 200


def test_who_opens_the_complaint_may_judge_the_photos_of_the_handover_and_who_took_them_not(room: Room) -> None:
    found = hand_over(room, room.world.notified(), objection="柜门划伤", photo=picture())
    Order.objects.filter(pk=found.order_id).update(owner=room.world.alice)
    opened = actions.complain_at_counter(room.fresh(found), by=room.world.alice, category="appearance", content="划伤")
    piece = opened.evidences.get()
    refusal = actions.judge_evidence.refusal(piece, room.world.alice)
    assert (opened.owner, piece.added_by, refusal) == (room.world.alice, room.world.clerk, None)


def test_a_handover_without_anything_to_note_offers_nothing(room: Room, counter: Client) -> None:
    hand_over(room, room.world.notified())
    assert "complain_at_counter" not in counter.get("/pickups/counter/").text


def test_whoever_comes_back_to_the_counter_is_heard_by_his_code(room: Room, counter: Client) -> None:
    told = room.world.notified()
    code = told.code
    assert "complain_at_counter" not in counter.post("/pickups/counter/look-up/", {"code": code}, headers=STAY).text
    hand_over(room, told)
    assert "complain_at_counter" in counter.post("/pickups/counter/look-up/", {"code": code}, headers=STAY).text


def test_who_may_open_no_complaint_is_offered_none(room: Room) -> None:
    keeper = room.world.person("keeper", "counter")
    allowed = keeper.groups.get().permissions
    allowed.remove(allowed.get(codename="complain_at_counter"))
    room.world.warehouse.clerks.add(keeper)
    found = room.world.notified()
    pickup.hand_over(found, by=keeper, identity="id_seen", objection="柜门划伤")
    client = Client()
    client.force_login(keeper)
    page = client.get("/pickups/counter/").text
    assert found.records.get().number in page and "complain_at_counter" not in page


@pytest.mark.parametrize(("quantity", "category"), [(9, Category.SHORTAGE), (10, "")])
def test_a_shortage_is_proposed_only_where_less_left_than_was_due(room: Room, quantity: int, category: str) -> None:
    found = room.world.notified()
    line = {"line": found.order.lines.get(), "quantity": Decimal(quantity), "difference": "划伤"}
    assert noted_at(hand_over(room, found, lines=[line])).category == category


def test_an_objection_alone_proposes_neither_category_nor_product(room: Room, counter: Client) -> None:
    found = hand_over(room, room.world.notified(), objection="等了两小时")
    noted = noted_at(found)
    assert (noted.content, noted.category, noted.product) == ("等了两小时", "", None)
    with nothing_moves():
        sent = {"category": "", "content": "等了两小时"}
        assert counter.post(f"/do/complaints.complain_at_counter/{found.pk}/", sent).status_code == 422


def test_of_several_products_the_one_that_differs_is_proposed(room: Room) -> None:
    world = room.world
    other, goods = world.new_product("P-2"), {"unit": world.piece, "factor": Decimal(1), "quantity": Decimal(10)}
    stock = [{"product": other, "quantity": Decimal(10), "batch": "B2"}]
    receive_goods(by=world.root, warehouse=world.warehouse, lines=stock)
    told = world.notified(lines=[{"product": each, **goods} for each in (world.product, other)])
    second = told.order.lines.get(product=other)
    line = {"line": second, "quantity": Decimal(9), "difference": "少一台"}
    assert noted_at(hand_over(room, told, lines=[line])).product == other


def test_what_a_handover_said_that_was_taken_back_counts_no_more(room: Room) -> None:
    found = room.handed_over()
    pickup.reverse_handover(found, by=room.world.clerk, reason="扫错")
    assert noted_at(room.fresh(found)).content == ""
