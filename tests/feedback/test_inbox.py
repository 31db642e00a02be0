"""What came in by mail or through the public form, and is feedback (ZT 4.1)."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from complaints.feedback import actions
from complaints.feedback.models import Feedback
from complaints.inbox import actions as inbox
from complaints.inbox.models import Incoming
from crm import clock
from crm.accounts.models import User
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import Attachment
from customers.models import Customer
from tests.feedback.conftest import Room
from tests.world import MORNING, refused, scan

GIVEN = {"kind": "suggestion", "about": "packaging", "content": "建议外箱加印装箱清单"}


@pytest.fixture
def item(room: Room) -> Incoming:
    """A mail of somebody whom nobody knows, with a photo, of two hours ago."""
    words = {"name": "李强", "email": "li@example.com", "subject": "建议", "text": "建议外箱加印装箱清单"}
    with clock.at(MORNING - timedelta(hours=2)):
        return inbox.receive_incoming(
            by=User.objects.system("web"), channel="mail", message=inbox.Private(words), files=[scan("list.pdf")]
        )


def test_a_message_becomes_feedback_with_its_files_received_when_it_came(room: Room, item: Incoming) -> None:
    support = room.world.person("support", "sales_support")
    feedback = actions.make_feedback(item, by=support, customer=room.customer(), **GIVEN)
    item.refresh_from_db()
    assert (item.status, item.customer, item.done_by) == ("feedback", feedback.customer, support)
    assert (feedback.channel, feedback.received_at, feedback.owner) == ("mail", item.received_at, room.world.alice)
    assert [each.name for each in Attachment.objects.about(feedback)] == ["list.pdf"]
    assert not Deadline.objects.open().about(item).exists()
    met = Deadline.objects.about(item).get(rule="complaint.inbox")
    assert met.outcome == Deadline.Outcome.MET
    assert Deadline.objects.about(feedback).get(rule="feedback.result").started_at == item.received_at
    with refused("wrong_state"):
        actions.make_feedback(item, by=support, customer=room.customer(), **GIVEN)


def test_a_stranger_becomes_a_potential_customer_and_gets_the_number(room: Room, item: Incoming) -> None:
    feedback = actions.make_feedback(item, by=room.world.root, new_customer="渝中五金", **GIVEN)
    assert (feedback.customer.name, feedback.customer.status) == ("渝中五金", Customer.Status.POTENTIAL)
    assert feedback.contact is not None and feedback.contact.email == "li@example.com"
    assert Message.objects.filter(template="feedback.number").count() == 1


def test_the_form_asks_for_one_customer_and_for_what_is_his(room: Room, item: Incoming) -> None:
    form = actions.make_feedback.bind(by=room.world.root, obj=item, data=GIVEN)
    assert {name: [each["code"] for each in found] for name, found in form.problems().items()} == {
        "customer": ["required"]
    }
    assert "category" not in form.fields and form.initial["content"].startswith("建议")


def test_who_cannot_pass_it_on_does_not_look_after_it(room: Room) -> None:
    desk = room.world.person("desk", "reception")
    unowned = room.world.new_customer()
    Customer.objects.filter(pk=unowned.pk).update(owner=None)
    unowned = Customer.objects.get(pk=unowned.pk)
    assert actions.receive_feedback(unowned, by=desk, channel="hotline", content="电话不好打").owner == room.world.boss
    User.objects.filter(pk=room.world.alice.pk).update(is_active=False)
    customer = Customer.objects.get(pk=room.customer().pk)
    left = actions.receive_feedback(customer, by=desk, channel="hotline", content="电话不好打")
    assert (left.owner, Feedback.objects.count()) == (room.world.boss, 2)


def test_files_of_feedback_are_copied_whole_to_its_complaint(room: Room) -> None:
    upload = ContentFile(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", "door.pdf")
    feedback = room.received(files=[upload])
    with clock.at(clock.now() + timedelta(hours=3)):
        complaint = actions.turn_into_complaint(feedback, by=room.world.alice, category="packaging")
        assert (complaint.received_at, complaint.round_at) == (clock.now(), feedback.received_at)
    piece = complaint.evidences.get()
    assert piece.file is not None
    assert piece.file.sha256 == Attachment.objects.about(feedback).get().sha256
