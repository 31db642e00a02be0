"""The lists of invoices, receipts, matches, write-offs and dunning; for page, REST and export."""

from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, Q, When
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.listing import Column, Listing, View
from orders.payments.filters import DunningFilter, InvoiceFilter, MatchFilter, ReceiptFilter, WriteOffFilter
from orders.payments.models import Dunning, DunningStep, Invoice, Match, Receipt, WriteOff
from orders.payments.models.invoice import overdue_on

S, R, D = Invoice.Status, Receipt.Status, Dunning.Status
MONEY: Any = DecimalField(max_digits=14, decimal_places=2)


class InvoiceListing(Listing):
    """Invoices with what of each is open."""

    def rows(self, user: User) -> Any:
        left = Case(When(status=S.OPEN, then=F("amount") - F("paid")), default=Decimal("0.00"), output_field=MONEY)
        return super().rows(user).annotate(left=left)


class ReceiptListing(Listing):
    """Receipts with what of each is not used."""

    def rows(self, user: User) -> Any:
        return super().rows(user).annotate(rest=F("amount") - F("matched") - F("refunded"))


INVOICES = InvoiceListing(
    "invoices",
    Invoice,
    _("Invoices"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("customer", _("Customer"), source="customer__name"),
        Column("status", _("State"), kind="status"),
        Column("due_on", _("To be paid by"), kind="date", sortable=True),
        Column("amount", _("Amount with tax"), kind="money", sortable=True),
        Column("paid", _("Paid of it"), kind="money"),
        Column("left", _("Still open"), kind="money"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("owner", _("Owner"), source="customer__owner__name", kind="name"),
        Column("deadline", _("Due"), kind="deadline", shown=False),
        Column("kind", _("Kind of invoice"), kind="choice", shown=False),
        Column("tax", _("Tax in it"), kind="money", shown=False),
        Column("issued_on", _("Issued on"), kind="date", sortable=True, shown=False),
        Column("posted_on", _("Posted on"), kind="date", shown=False),
        Column("reference", _("Reference"), shown=False),
        Column("department", _("Department"), source="customer__department__name", kind="name", shown=False),
        Column("order_id", _("Order's key"), shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    InvoiceFilter,
    tabs=[
        View("open", _("To be paid"), lambda user: Q(status=S.OPEN)),
        View("overdue", _("Overdue"), lambda user: overdue_on(clock.today())),
        View("mine", _("Mine, overdue"), lambda user: overdue_on(clock.today()) & Q(customer__owner=user)),
        View("paid", _("Paid"), lambda user: Q(status=S.PAID)),
    ],
    creates=["payments.enter_invoice"],
    pages=[(_("Receivables by age"), "ageing", "payments.view_invoice")],
    empty=_("No invoices yet. They come from settlement, or are entered here as opening balances."),
)

RECEIPTS = ReceiptListing(
    "receipts",
    Receipt,
    _("Receipts"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("received_on", _("Received on"), kind="date", sortable=True),
        Column("payer_name", _("Payer")),
        Column("status", _("State"), kind="status"),
        Column("amount", _("Amount"), kind="money", sortable=True),
        Column("rest", _("Not used"), kind="money"),
        Column("customer", _("Customer"), source="customer__name"),
        Column("remark", _("Purpose")),
        Column("matched", _("Matched"), kind="money", shown=False),
        Column("refunded", _("Paid back"), kind="money", shown=False),
        Column("method", _("Method"), kind="choice", shown=False),
        Column("account", _("Own account"), source="account__name", shown=False),
        Column("payer_account", _("Payer's account"), source="payer_account_tail", kind="masked", shown=False),
        Column("serial", _("Bank's serial number"), shown=False),
        Column("entered_by", _("Entered by"), source="entered_by__name", kind="name", shown=False),
        Column("entered_at", _("Entered"), kind="datetime", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    ReceiptFilter,
    tabs=[
        View(
            "open",
            _("To be matched"),
            lambda user: Q(status__in=[R.OPEN, R.PARTLY]),
            asks="payments.match_receipt",
        ),
        View("credit", _("Credit of customers"), lambda user: Q(status=R.PARTLY)),
    ],
    creates=["payments.enter_receipt"],
    bulk=["payments.match_certain"],
    empty=_("No receipts yet. Import the bank's file, or enter one here."),
)

MATCHES = Listing(
    "matches",
    Match,
    _("Matches"),
    [
        Column("receipt", _("Receipt's number"), source="receipt__number", kind="code"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("amount", _("Amount"), kind="money"),
        Column("by", _("By"), source="by__name", kind="name"),
        Column("at", _("When"), kind="datetime"),
        Column("taken_back_at", _("Match taken back"), kind="datetime"),
        Column("receipt_id", _("Receipt's key"), shown=False),
        Column("order_id", _("Order's key"), shown=False),
    ],
    MatchFilter,
)

WRITE_OFFS = Listing(
    "writeoffs",
    WriteOff,
    _("Write-offs"),
    [
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("customer", _("Customer"), source="order__customer__name"),
        Column("amount", _("Amount"), kind="money"),
        Column("reason", _("Reason")),
        Column("by", _("Requested by"), source="by__name", kind="name"),
        Column("at", _("Written off"), kind="datetime"),
        Column("order_id", _("Order's key"), shown=False),
    ],
    WriteOffFilter,
    empty=_("Nothing was written off."),
)

DUNNINGS = Listing(
    "dunnings",
    Dunning,
    _("Dunning"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("customer", _("Customer"), source="customer__name"),
        Column("status", _("State"), kind="status"),
        Column("step", _("Next step"), source="step__name", kind="name"),
        Column("proposed_at", _("Proposed at"), kind="datetime", shown=False),
        Column("promised_on", _("Promised to pay on"), kind="date"),
        Column("broken", _("Promises broken"), kind="number", shown=False),
        Column("deadline", _("Due"), kind="deadline"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("opened_at", _("Begun"), kind="datetime", sortable=True, shown=False),
        Column("ended_at", _("Ended"), kind="datetime", shown=False),
        Column("department", _("Department"), source="department__name", kind="name", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    DunningFilter,
    tabs=[
        View("open", _("Being reminded"), lambda user: Q(status=D.OPEN)),
        View(
            "mine",
            _("My next steps"),
            lambda user: Q(status=D.OPEN, owner=user, step__who=DunningStep.Who.OWNER),
        ),
        View("finance", _("Finance's next steps"), lambda user: Q(status=D.OPEN, step__who=DunningStep.Who.FINANCE)),
        View("promised", _("Promised"), lambda user: Q(status=D.OPEN, promised_on__isnull=False)),
    ],
    empty=_("Nobody is being reminded. A case begins by itself when a customer's invoice is overdue."),
)
