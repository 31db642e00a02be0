"""The page of an agreement on a compensation."""

from django.utils.translation import gettext_lazy as _

from complaints.compensation.models import Agreement
from crm.web.areas import join_area
from crm.web.recordpage import RecordView

join_area("complaints", "agreements")


class AgreementView(RecordView):
    """One agreement: what it says, who signed and sealed it, and what it made of the order's price."""

    model = Agreement
    related = (
        "complaint__customer",
        "complaint__owner",
        "order",
        "contract",
        "plan__written_by",
        "signed_by",
        "sealed_by",
    )
    prints = ((_("Supplementary agreement"), "agreement-print"),)
    facts = (
        (_("Agreement"), ("complaint", "order", "contract", "amount")),
        (_("Our side"), ("drafted_at", "signed_by", "signed_at", "sealed_by", "sealed_at")),
        (_("The customer's side"), ("sent_at", "copy_at", "his_name", "his_day", "in_force_at")),
    )
