"""Facts at hand: what the customer was told of his goods stands on the complaint's page, for whom it concerns."""

from typing import Any

from django.test import Client

from complaints import actions
from complaints.panels import sent
from crm.outbox.models import Message
from tests.complaints.conftest import Room


def subjects(found: dict[str, Any] | None) -> list[str]:
    return [each.template for each in found["rows"]] if found else []


def test_the_notice_of_the_pickup_stands_on_the_complaints_page_with_its_state(room: Room) -> None:
    complaint = room.received()
    assert "pickup.notice" in subjects(sent(complaint, room.world.root))
    message = Message.objects.filter(template="pickup.notice").latest("pk")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(room.world.root)
    page = client.get(complaint.get_absolute_url()).text
    panel = page[page.index("Messages about the goods") :]
    assert message.get_absolute_url() in panel and str(message.get_status_display()) in panel


def test_who_sees_not_the_customer_sees_none_of_his_messages(room: Room) -> None:
    complaint = room.registered()
    head = room.heads["quality"]
    assert not Message.objects.visible_to(head).filter(template="pickup.notice").exists()
    assert sent(complaint, head) is None
    client = Client()
    client.force_login(head)
    page = client.get(complaint.get_absolute_url())
    assert page.status_code == 200
    for notice in Message.objects.filter(template="pickup.notice"):
        assert notice.get_absolute_url() not in page.text


def test_a_complaint_without_an_order_has_none_and_notices_to_colleagues_are_none(room: Room) -> None:
    given = {"channel": "hotline", "category": "service", "content": "无人接听"}
    assert sent(actions.receive_complaint(room.world.customer, by=room.world.root, **given), room.world.root) is None
    found = sent(room.received(), room.world.root)
    assert found and {each.channel for each in found["rows"]} <= {"mail", "call"}


def test_how_many_messages_there_are_costs_nothing_more(room: Room, django_assert_num_queries: Any) -> None:
    complaint = room.received()
    room.world.root.has_perm("customers.view_customer")
    sent(complaint, room.world.root)
    with django_assert_num_queries(1):
        found = sent(complaint, room.world.root)
    assert found and found["count"] == len(found["rows"]) > 0
