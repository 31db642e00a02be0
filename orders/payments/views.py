"""The pages of invoices, receipts and dunning."""

from django.utils.translation import gettext_lazy as _

from crm.web.areas import area
from crm.web.recordpage import RecordView
from orders.payments.models import Dunning, Invoice, Receipt

area(
    "settlement",
    _("Settlement"),
    icon="report-money",
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
