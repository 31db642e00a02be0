"""The invoice: asked for by a memo, checked, issued by finance, posted by the salesperson (KC 5.1.11.6-8)."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.links.mailing import mail_link
from crm.outbox import queue
from crm.records.attachments import attach
from crm.records.models import Attachment
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from crm.words import money
from customers.models import Contact
from orders.models import Order
from orders.payments.actions import book_invoice, note_posted
from orders.payments.actions.invoices import more_than_invoiced, not_to_be_invoiced
from orders.payments.models import Invoice
from pickup.settlement import forms
from pickup.settlement.actions.stating import unsettle_order
from pickup.settlement.memos import memo_rows
from pickup.settlement.models import InvoiceMemo, IssuedInvoice, MemoLine, Statement

S, M = Statement.Status, InvoiceMemo.Status
LINK_PURPOSE = "settlement.invoice"
LINK_LASTS = timedelta(days=60)
FILE = "invoice"  # the kind of an attachment that is the invoice


def _no_memo(statement: Statement, by: User) -> Refused | None:
    if not statement.total:
        return Refused("nothing_to_invoice", _("This statement comes to nothing; there is nothing to invoice."))
    if refused := not_to_be_invoiced(statement.order, statement.total):
        return refused
    memo = statement.memos.exclude(status__in=InvoiceMemo.ENDED).first()
    if memo is None:
        return None
    return Refused("memo_there", _("Invoice memo %(number)s is there already.") % {"number": memo})


@action(
    Statement,
    label=gettext_lazy("Fill in the invoice memo"),
    source={S.RECONCILED},
    form=forms.MemoForm,
    unless=_no_memo,
)
def fill_in_memo(statement: Statement, *, by: User, **facts: Any) -> InvoiceMemo:
    """Ask finance to invoice what was reconciled (开票备忘录): title, tax number, bank, kind, lines (KC 5.1.11.6).

    What comes to less than nothing, because invoiced goods came back, is credited by a red invoice (红字发票).
    """
    memo = InvoiceMemo.objects.create(
        number=next_number("IM"),
        order=statement.order,
        statement=statement,
        total=statement.total,
        tax=statement.tax,
        filled_by=by,
        **facts,
    )
    MemoLine.objects.bulk_create(
        MemoLine(memo=memo, position=number, **row) for number, row in enumerate(memo_rows(statement), start=1)
    )
    return memo


@action(InvoiceMemo, label=gettext_lazy("Pass the memo"), source={M.FILLED}, target=M.PASSED)
def pass_memo(memo: InvoiceMemo, *, by: User) -> None:
    """Find the memo right; the invoice is issued on it (KC 5.1.11.6)."""
    memo.checked_by, memo.checked_at = by, clock.now()


@action(
    InvoiceMemo,
    label=gettext_lazy("Refuse the memo"),
    source={M.FILLED, M.PASSED},
    target=M.REFUSED,
    form=ReasonForm,
)
def refuse_memo(memo: InvoiceMemo, *, by: User, reason: str) -> None:
    """Refuse the memo with the reason; the reconciliation with the customer begins again (KC 5.1.11.7)."""
    memo.checked_by, memo.checked_at, memo.reason = by, clock.now(), reason
    reconcile_again(memo, reason)
    queue.notify(
        memo.filled_by,
        "settlement.refused",
        about=memo,
        context={"number": memo.number, "customer": memo.order.customer.name, "reason": reason},
        key=f"memo-refused-{memo.pk}",
    )


def reconcile_again(memo: InvoiceMemo, reason: str) -> None:
    """Let what a memo asked to invoice be agreed on anew with the customer, and what its order costs with it."""
    system = User.objects.system("settlement")
    reopen_statement(Statement.objects.get(pk=memo.statement_id), by=system, reason=reason)
    order = Order.objects.get(pk=memo.order_id)
    if order.settled is not None:
        unsettle_order(order, by=system)


@action(
    Statement,
    label=gettext_lazy("Reconcile the statement again"),
    source=set(Statement.AGREED),
    target=S.REOPENED,
    unless=only_the_system,
)
def reopen_statement(statement: Statement, *, by: User, reason: str) -> None:
    """Follow a memo that was refused, or whose invoice was voided: it is agreed on again (KC 5.1.11.7)."""
    statement.reopened, statement.reconciled_at = reason, None


def _shares(memo: InvoiceMemo, lines: Iterable[dict[str, Any]]) -> list[IssuedInvoice]:
    """The invoices with what each is over; together they are the memo's total and tax. Raises Refused."""
    given = list(lines)
    if len(given) == 1:
        said = {name: value for name, value in given[0].items() if value is not None}
        given = [{"amount": memo.total, "tax": memo.tax, **said}]
    numbers = [each["number"] for each in given]
    taken = [each for each in numbers if numbers.count(each) > 1]
    taken += IssuedInvoice.objects.filter(number__in=numbers).values_list("number", flat=True)
    if taken:
        raise Refused("number_taken", _("There is an invoice %(number)s already.") % {"number": taken[0]})
    if any(each.get("amount") is None or each.get("tax") is None for each in given):
        raise Refused("no_amounts", _("With several invoices each needs its amount and its tax."))
    side = -1 if memo.is_credit else 1
    if any(each["amount"] * side <= 0 or each["tax"] * side < 0 for each in given):
        raise Refused(
            "other_side",
            _("The amounts of a red invoice are negative, those of any other invoice positive."),
            _("This memo is over %(total)s.") % {"total": money(memo.total)},
        )
    if refused := not_to_be_invoiced(memo.order, memo.total) or more_than_invoiced(memo.order, memo.total):
        raise refused
    sums = tuple(sum((each[name] for each in given), Decimal(0)) for name in ("amount", "tax"))
    if sums != (memo.total, memo.tax):
        raise Refused(
            "other_total",
            _("The invoices come to %(amount)s with %(tax)s tax; the memo is over %(total)s with %(whole)s tax.")
            % {
                "amount": money(sums[0]),
                "tax": money(sums[1]),
                "total": money(memo.total),
                "whole": money(memo.tax),
            },
        )
    for each in given:
        entered_before(memo, each["number"], each["amount"])
    return [IssuedInvoice(memo=memo, number=each["number"], amount=each["amount"], tax=each["tax"]) for each in given]


def entered_before(memo: InvoiceMemo, number: str, amount: Decimal) -> Invoice | None:
    """The memo's invoice of this number where finance has entered it already, as by an import from the ERP.

    Raises Refused where what was entered under the number is another invoice.
    """
    found = Invoice.objects.filter(number=number).first()
    if found is None:
        return None
    if found.order_id != memo.order_id:
        why = _("it is about another order.")
    elif found.status == Invoice.Status.CANCELLED:
        why = _("it was voided.")
    elif found.amount != amount:
        why = _("it is over %(there)s, and here over %(here)s.") % {"there": money(found.amount), "here": money(amount)}
    else:
        return found
    raise Refused(
        "other_invoice",
        _("Invoice %(number)s was entered before, and is not the same: %(why)s") % {"number": number, "why": why},
        _("Finance corrects the number on the memo, or voids what was entered wrongly."),
    )


@action(
    InvoiceMemo,
    label=gettext_lazy("Note the issued invoice"),
    source={M.PASSED},
    target=M.ISSUED,
    form=forms.IssueForm,
)
def issue_invoice(
    memo: InvoiceMemo, *, by: User, lines: list[dict[str, Any]], issued_on: date, file: Any = None
) -> None:
    """Note the invoice that finance issued on the memo: its number or numbers, day and file (KC 5.1.11.7)."""
    for row in _shares(memo, lines):
        row.save()
    if file:
        attach(memo, file, by=by, kind=FILE)
    memo.issued_by, memo.issued_on = by, issued_on
    queue.notify(
        memo.filled_by,
        "settlement.issued",
        about=memo,
        context={
            "number": ", ".join(each["number"] for each in lines),
            "customer": memo.order.customer.name,
            "total": money(memo.total),
        },
        key=f"memo-issued-{memo.pk}-{memo.version}",
    )


@action(
    InvoiceMemo,
    label=gettext_lazy("Post the invoice"),
    source={M.ISSUED},
    target=M.POSTED,
    form=forms.PostForm,
)
def post_invoice(
    memo: InvoiceMemo,
    *,
    by: User,
    how: str,
    carrier: str = "",
    tracking: str = "",
    contact: Contact | None = None,
) -> None:
    """Send the invoice to the customer, by carrier or by mail; from now on he owes it (KC 5.1.11.8).

    A red one counts against the order's other invoices instead.
    What finance has entered of it meanwhile is known by its number, order and amount, and not booked twice.
    """
    memo.posted_how, memo.carrier, memo.tracking = how, carrier, tracking
    memo.posted_by, memo.posted_at = by, clock.now()
    numbers = [each.number for each in memo.issued.all()]
    if how == InvoiceMemo.How.MAIL:
        _mail(memo, numbers, by, contact or memo.statement.contact or memo.order.contact)
    system = User.objects.system("settlement")
    for each in memo.issued.all():
        entered = entered_before(memo, each.number, each.amount)
        if entered is not None:
            note_posted(entered, by=system, posted_on=clock.today(), reference=memo.number)
            continue
        book_invoice(
            Order.objects.get(pk=memo.order_id),
            by=system,
            number=each.number,
            kind=memo.kind,
            amount=each.amount,
            tax=each.tax,
            issued_on=memo.issued_on,
            posted_on=clock.today(),
            reference=memo.number,
            entered_by=by,
        )
    note_invoiced(Statement.objects.get(pk=memo.statement_id), by=system)


def _mail(memo: InvoiceMemo, numbers: list[str], by: User, contact: Contact | None) -> None:
    """Mail the address of the invoice's file. Raises Refused where there is no file or nobody to mail it to."""
    if not Attachment.objects.about(memo).filter(kind=FILE).exists():
        raise Refused("no_file", _("There is no file of the invoice."), _("Post it by carrier, or let finance add it."))
    mail_link(
        memo,
        LINK_PURPOSE,
        "settlement.invoice",
        contact,
        {"number": ", ".join(numbers), "order": memo.order.number, "total": money(memo.total)},
        by=by,
        valid_for=LINK_LASTS,
        remedy=_("Add one, or choose another contact."),
    )


@action(
    Statement,
    label=gettext_lazy("Note as invoiced"),
    source={S.RECONCILED},
    target=S.INVOICED,
    unless=only_the_system,
)
def note_invoiced(statement: Statement, *, by: User) -> None:
    """Follow the posting of the invoice (KC 5.1.11.8)."""
