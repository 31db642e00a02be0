"""The page of a return notice."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.returns.models import ReturnNotice
from crm.web.areas import join_area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn

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

    def subtitle(self, obj: ReturnNotice) -> Any:
        """Whose, of which order, and who is to write what was only drafted."""
        if obj.written_by_id is not None or obj.status in (ReturnNotice.Status.DONE, ReturnNotice.Status.CANCELLED):
            return obj.detail
        return f"{obj.detail} · {_('To be written by %(owner)s') % {'owner': obj.owner}}"

    def next_verb(self, obj: ReturnNotice) -> str:
        """The notice is written, then signed; only what is urgent is ordered by telephone instead."""
        if obj.written_by_id is None:
            return "returns.change_return"
        return "returns.sign_return" if obj.signed_at is None else ""

    def record(self, obj: ReturnNotice, request: SignedIn) -> dict[str, Any]:
        """The page, with the handling report beside the notice: both go to the slip desk."""
        record = super().record(obj, request)
        if Complaint.objects.visible_to(request.user).filter(pk=obj.complaint_id).exists():
            url = reverse("complaint-report", args=[obj.complaint_id])
            record["print_links"].append({"label": _("Complaint handling report"), "url": url})
        return record
