"""The lists of statements and invoice memos, for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.listing import Column, Listing, View
from pickup.settlement.filters import MemoFilter, StatementFilter
from pickup.settlement.models import InvoiceMemo, Statement

S, M = Statement.Status, InvoiceMemo.Status
NOTHING = Q(status=S.RECONCILED, total=0)  # agreed on, and there is nothing to invoice


def _stale(user: User) -> Q:
    """Open ones that do not say all that left; few are open, and only they are asked."""
    return Q(pk__in=Statement.objects.open().with_staleness().filter(stale=True).order_by().values("pk"))


STATEMENTS = Listing(
    "statements",
    Statement,
    _("Statements"),
    [
        Column("number", _("Number"), kind="code"),
        Column("customer", _("Customer"), source="order__customer__name"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("total", _("Total with tax"), kind="money", sortable=True),
        Column("owner", _("Owner"), source="order__owner__name", kind="name"),
        Column("made_at", _("Made"), kind="datetime", sortable=True),
        Column("sent_at", _("Sent"), kind="datetime", shown=False),
        Column("answered_at", _("Answered"), kind="datetime", shown=False),
        Column("answered_by", _("Signed by"), shown=False),
        Column("reconciled_at", _("Reconciled"), kind="datetime", shown=False),
        Column("tax", _("Tax in it"), kind="money", shown=False),
        Column("revision", _("Version"), kind="number", shown=False),
        Column("order_id", _("Order's key"), shown=False),
        Column("customer_id", _("Customer's key"), source="order__customer_id", shown=False),
    ],
    StatementFilter,
    tabs=[
        View("open", _("To be reconciled"), lambda user: Q(status__in=Statement.OPEN)),
        View("mine", _("Mine"), lambda user: Q(order__owner=user) & ~Q(status__in=Statement.ENDED) & ~NOTHING),
        View("disputed", _("Disputed"), lambda user: Q(status__in=[S.DISPUTED, S.REOPENED])),
        View("stale", _("Changed since"), _stale),
        View("memo", _("To be invoiced"), lambda user: Q(status=S.RECONCILED) & ~NOTHING),
    ],
    pages=[(_("Collected and not reconciled"), "unreconciled", "settlement.view_statement")],
    empty=_("No statements yet. One is made on an order of which goods were shipped."),
)

MEMOS = Listing(
    "memos",
    InvoiceMemo,
    _("Invoice memos"),
    [
        Column("number", _("Number"), kind="code"),
        Column("customer", _("Customer"), source="order__customer__name"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("statement", _("Statement of account"), source="statement__number", kind="code"),
        Column("status", _("State"), kind="status"),
        Column("kind", _("Kind"), kind="choice"),
        Column("title", _("Invoice title"), shown=False),
        Column("total", _("Total with tax"), kind="money"),
        Column("tax", _("Tax in it"), kind="money", shown=False),
        Column("filled_by", _("Filled in by"), source="filled_by__name", kind="name"),
        Column("filled_at", _("Filled in"), kind="datetime", sortable=True),
        Column("issued_on", _("Issued on"), kind="date"),
        Column("posted_at", _("Posted"), kind="datetime"),
        Column("tracking", _("Tracking number"), shown=False),
        Column("order_id", _("Order's key"), shown=False),
        Column("statement_id", _("Statement's key"), shown=False),
        Column("customer_id", _("Customer's key"), source="order__customer_id", shown=False),
    ],
    MemoFilter,
    tabs=[
        View("check", _("To be checked by finance"), lambda user: Q(status=M.FILLED), asks="settlement.pass_memo"),
        View("issue", _("To be invoiced"), lambda user: Q(status=M.PASSED), asks="settlement.issue_invoice"),
        View(
            "post",
            _("To be posted"),
            lambda user: Q(status=M.ISSUED),
            asks="settlement.post_invoice",
        ),
    ],
    bulk=["settlement.pass_memo"],
    empty=_("No invoice memos yet. One is filled in on a statement that the customer has confirmed."),
)
