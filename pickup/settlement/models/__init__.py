"""Statements of what was handed over with their lines, and invoice memos with theirs."""

from pickup.settlement.models.memo import InvoiceMemo, IssuedInvoice, MemoLine
from pickup.settlement.models.statement import LINK_PURPOSE, Statement, StatementLine, StatementQuerySet

__all__ = [
    "LINK_PURPOSE",
    "InvoiceMemo",
    "IssuedInvoice",
    "MemoLine",
    "Statement",
    "StatementLine",
    "StatementQuerySet",
]
