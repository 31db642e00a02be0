"""The pages of invoices, receipts and dunning."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.reports.charts import REPORTS, chart
from crm.web.areas import area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from orders.payments.models import Dunning, Invoice, Receipt

AGED = ("receivables-by-customer", "receivables-by-owner", "receivables-by-department")

area(
    "settlement",
    _("Settlement"),
    icon="receipt-2",
    order=55,
    listings=["invoices", "receipts", "dunnings", "writeoffs"],
)


class InvoiceView(RecordView):
    """One invoice: what it is over, when it is due, and what of it is paid."""

    model = Invoice
    related = ("order__owner", "customer__owner", "entered_by")
    facts = (
        (_("Invoice"), ("customer", "order", "kind", "amount", "tax", "paid", "reference", "reason")),
        (_("When"), ("issued_on", "due_on", "posted_on", "entered_at", "entered_by")),
    )


class ReceiptView(RecordView):
    """One receipt: who paid what for what, and what it was matched to."""

    model = Receipt
    related = ("account", "customer", "entered_by")
    facts = (
        (_("Money"), ("received_on", "amount", "matched", "refunded", "method", "account", "balance")),
        (_("Payer"), ("customer", "payer_name", "payer_account", "payer_bank", "remark", "serial")),
        (_("Entered"), ("entered_by", "entered_at", "reason")),
    )


class DunningView(RecordView):
    """What is done about one customer's overdue invoices."""

    model = Dunning
    related = ("customer", "owner", "department", "step")
    facts = (
        (_("Dunning"), ("customer", "step", "proposed_at", "broken")),
        (_("Promise"), ("promised_on", "promised_amount", "promised_by")),
        (_("When"), ("opened_at", "ended_at", "owner", "department")),
    )


@login_required
@require_GET
def ageing(request: SignedIn) -> HttpResponse:
    """What is owed by age, of each customer, owner and department that the reader sees; drawn and as tables."""
    if not request.user.has_perm("payments.view_invoice"):
        raise PermissionDenied
    charts = [chart(REPORTS[key], request.user) for key in AGED]
    return render(request, "payments/ageing.html", {"charts": charts})
