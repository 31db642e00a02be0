"""The board of complaints: from the first word to the satisfied customer; what is closed stands in the list."""

from django.utils.translation import gettext_lazy as _

from complaints.lists import COMPLAINTS
from complaints.models import Complaint
from crm.web.boards import Board, BoardColumn

S = Complaint.Status

COMPLAINT_BOARD = Board(
    COMPLAINTS,
    [
        BoardColumn("received", S.RECEIVED.label, [S.RECEIVED]),
        BoardColumn("investigating", S.INVESTIGATING.label, [S.REGISTERED, S.INVESTIGATING]),
        BoardColumn("planning", _("Being planned"), [S.FOUND, S.DECIDING]),
        BoardColumn("carrying_out", _("Being carried out"), [S.CARRYING_OUT, S.CARRIED_OUT]),
        BoardColumn("telling", _("To be told and visited"), [S.REPORTED, S.TOLD]),
        BoardColumn("closing", _("To be closed"), [S.SATISFIED]),
    ],
    title="number",
    lines=["customer", "category", "severity", "owner"],
    order="received_at",
)
