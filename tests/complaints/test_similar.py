"""Which complaints are shown as similar: a batch is one of a product."""

from complaints import actions
from complaints.models import Complaint
from complaints.panels import similar
from tests.complaints.conftest import Room

HOTLINE = {"channel": "hotline", "category": "quality", "content": "划伤", "batch": "B1"}


def test_the_same_batch_number_of_another_product_is_another_batch(room: Room) -> None:
    complaint = room.received()
    same = actions.receive_complaint(room.world.customer, by=room.world.root, product=complaint.product, **HOTLINE)
    other = actions.receive_complaint(
        room.world.customer, by=room.world.root, product=room.world.new_product("P-9"), **HOTLINE
    )
    found = similar(Complaint.objects.get(pk=complaint.pk), room.world.root)
    assert found is not None
    groups = {str(each["label"]): each["rows"] for each in found["groups"]}
    assert groups["Same batch"] == groups["Same product"] == [same]
    assert groups["Same customer"] == [other, same]
