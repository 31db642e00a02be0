"""What this app shows on the page of a statement, a memo, an order, a contract and a customer."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.records.entries import STEPS, entry
from crm.records.models import ActionLog, FieldHistory
from crm.records.timeline import register_timeline
from crm.web.panels import panel, step
from crm.words import money
from customers.models import Customer
from orders.contracts.models import Contract
from orders.models import Order
from pickup.settlement.actions import correct_issue
from pickup.settlement.models import InvoiceMemo, IssuedInvoice, Statement, StatementLine
from pickup.settlement.stating import is_stale
from pickup.settlement.three_way import three_way

RIGHT = "settlement.view_statement"
SHOWN = 20


@panel(Statement, "lines", _("Lines"), "settlement/panels/lines.html", order=10)
def lines(statement: Statement, user: User) -> dict[str, Any]:
    """Each line with what the customer said to it, and our answer."""
    rows = list(statement.lines.select_related("product", "unit", "replied_by").order_by("position"))
    return {
        "rows": [each.product for each in rows],
        "lines": rows,
        "count": len(rows),
        "stale": is_stale(statement),
        "said": any(each.answer for each in rows),
    }


@panel(Statement, "versions", _("Versions"), "settlement/panels/versions.html", side=True, order=15)
def versions(statement: Statement, user: User) -> dict[str, Any] | None:
    """The versions of the statement, the latest first; all of them stay."""
    root = statement.number if statement.revision == 1 else statement.number.rpartition("-")[0]
    family = Statement.objects.filter(order=statement.order_id).select_related("made_by").order_by("-revision")
    rows = [each for each in family if each.number == root or each.number.rpartition("-")[0] == root]
    return {"rows": rows, "count": len(rows)} if len(rows) > 1 else None


@panel(Statement, "memos", _("Invoice memos"), "settlement/panels/memos.html", side=True, order=20)
def memos(statement: Statement, user: User) -> dict[str, Any] | None:
    """What finance was asked to invoice of it."""
    rows = list(statement.memos.prefetch_related("issued"))
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(InvoiceMemo, "lines", _("Lines"), "settlement/panels/memo_lines.html", order=10)
def memo_lines(memo: InvoiceMemo, user: User) -> dict[str, Any]:
    """What is to be invoiced, by product, with tax to the fen."""
    rows = list(memo.lines.select_related("product", "unit").order_by("position"))
    issued = list(memo.issued.all())
    return {"rows": [each.product for each in rows], "lines": rows, "issued": issued, "count": len(rows)}


def _taken_back(memo: Any, user: User, limit: int, before: datetime | None) -> list[dict[str, Any]]:
    """The numbers that were entered wrongly and taken back, as entries of the memo's timeline."""
    kind = ContentType.objects.get_for_model(InvoiceMemo)
    logs = ActionLog.objects.filter(subject_type=kind, subject_pk=memo.pk, verb=correct_issue.name)
    rows = FieldHistory.objects.filter(log__in=logs, table_name=IssuedInvoice._meta.db_table)
    rows = rows.filter(op=FieldHistory.Op.DELETE, **({"at__lt": before} if before else {})).select_related("by")
    return [
        entry(
            row.at,
            _("Invoice number taken back"),
            actor=row.by,
            icon="receipt-2",
            body=f"{row.before['number']} · {money(row.before['amount'])}",
        )
        for row in rows.order_by("-at", "-pk")[:limit]
        if row.before is not None
    ]


register_timeline(InvoiceMemo, _taken_back, STEPS)


def _of_order(order: Order, user: User) -> dict[str, Any] | None:
    if not user.has_perm(RIGHT) or order.status == Order.Status.DRAFT:
        return None
    found = three_way(order)
    if not (found.totals["handed"] or found.totals["invoiced"]):
        stated = StatementLine.objects.filter(line__order=order.pk).exists()
        if not stated:
            return None
    statements = list(Statement.objects.filter(order=order.pk).order_by("-pk")[:SHOWN])
    return {
        "order": order,
        "found": found,
        "rows": statements,
        "statements": statements,
        "action": step("settlement.make_statement", order, user),
    }


@panel(Order, "settlement", _("Settlement"), "settlement/panels/three_way.html", order=25)
def of_order(order: Order, user: User) -> dict[str, Any] | None:
    """What was ordered, handed over, invoiced and paid, line by line, and the statements."""
    return _of_order(order, user)


@panel(Contract, "settlement", _("Settlement"), "settlement/panels/three_way.html", order=45)
def of_contract(contract: Contract, user: User) -> dict[str, Any] | None:
    """The same of the order that the contract is about."""
    return _of_order(contract.order, user)


@panel(Customer, "statements", _("Statements"), "settlement/panels/versions.html", side=True, order=17)
def of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """His statements that are not invoiced yet, the newest first."""
    if not user.has_perm(RIGHT):
        return None
    rows = Statement.objects.visible_to(user).filter(order__customer=customer).exclude(status__in=Statement.ENDED)
    found = list(rows.select_related("made_by")[:SHOWN])
    return {"rows": found, "count": len(found)} if found else None
