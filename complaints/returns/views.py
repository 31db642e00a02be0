"""The page of a return notice."""

from django.utils.translation import gettext_lazy as _

from complaints.returns.models import ReturnNotice
from crm.web.areas import join_area
from crm.web.recordpage import RecordView

join_area("complaints", "returns")


class ReturnView(RecordView):
    """One return notice: its goods, who signed, and what came back."""

    model = ReturnNotice
    related = (
        "complaint__customer",
        "complaint__owner",
        "order",
        "record",
        "delivery",
        "warehouse",
        "written_by",
        "signed_by",
        "phoned_by",
    )
    prints = ((_("Return notice"), "return-print"),)
    facts = (
        (_("Return of goods"), ("complaint", "order", "record", "delivery", "warehouse", "why", "mend", "reason")),
        (_("Written and signed"), ("written_by", "written_at", "signed_by", "signed_at")),
        (_("Telephone call"), ("phoned_by", "phoned_at", "phoned_to", "urgent")),
    )
