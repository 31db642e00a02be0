"""Facts at hand: the pickup that the complaint is about comes first, others as far as the reader may see them (K2)."""

from django.utils.translation import override

from complaints.panels import facts_at_hand
from pickup.models import Record
from tests.complaints.conftest import Room
from tests.world import scan


def test_the_complaints_own_pickup_is_shown_first_and_strange_ones_to_nobody(room: Room) -> None:
    complaint = room.received()
    own = Record.objects.get(pickup=complaint.pickup)
    other = room.handed_over()
    type(other).objects.filter(pk=other.pk).update(order=complaint.order)
    shown = facts_at_hand(complaint, room.world.root)
    assert shown is not None and shown["records"][0]["record"].pickup_id == complaint.pickup_id
    assert len(shown["records"]) == 2
    assert not Record.objects.visible_to(room.heads["quality"]).exists()
    shown = facts_at_hand(complaint, room.heads["quality"])
    assert shown is not None and [each["record"] for each in shown["records"]] == [own]


def test_a_photo_without_words_is_called_so_in_the_readers_language(room: Room) -> None:
    piece = room.received(photo=scan("door.pdf")).evidences.get()
    assert piece.what == ""
    with override("en"):
        assert piece.shows == str(piece) == "Photo handed in with the complaint"
