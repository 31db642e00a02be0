"""What is wrong with an invoice is put right: a number, a missing file, or all of it (KC 5.1.11.7)."""

from typing import Any

from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.links.making import end_links
from crm.outbox import queue
from crm.records.attachments import attach
from crm.records.models import Attachment
from crm.refusals import only_the_system
from orders.payments.actions import cancel_invoice
from orders.payments.models import Invoice
from pickup.settlement import forms
from pickup.settlement.actions.invoicing import FILE, LINK_PURPOSE, reconcile_again
from pickup.settlement.models import InvoiceMemo

M = InvoiceMemo.Status
TAKEN_BACK = "invoice_taken_back"  # the kind of a file that was the invoice's until its number was taken back


@action(
    InvoiceMemo,
    label=gettext_lazy("Take the invoice number back"),
    source={M.ISSUED},
    target=M.PASSED,
    form=ReasonForm,
)
def correct_issue(memo: InvoiceMemo, *, by: User, reason: str) -> None:
    """Take wrongly entered numbers back before the invoice is posted; the right ones are entered anew (KC 5.1.11.7).

    The numbers stay in the memo's history; the file stays with it, and is not sent to the customer.
    """
    for each in memo.issued.all():
        each.delete()
    Attachment.objects.about(memo).filter(kind=FILE).update(kind=TAKEN_BACK)
    memo.issued_by = memo.issued_on = None


@action(
    InvoiceMemo,
    label=gettext_lazy("Add the invoice as a file"),
    source={M.ISSUED, M.POSTED},
    form=forms.FileForm,
)
def add_invoice_file(memo: InvoiceMemo, *, by: User, file: Any) -> None:
    """Add the file of an invoice that was entered without one; it goes to the customer by mail (KC 5.1.11.7)."""
    attach(memo, file, by=by, kind=FILE)


@action(InvoiceMemo, label=gettext_lazy("Void the memo"), source={M.POSTED}, target=M.VOIDED, unless=only_the_system)
def void_memo(memo: InvoiceMemo, *, by: User, reason: str) -> None:
    """Follow a voided invoice: its memo counts no more, and its statement is agreed on again (KC 5.1.11.7).

    A memo is over the whole of its statement: of several invoices on it the others are voided with the first.
    """
    memo.reason, memo.status = reason, M.VOIDED
    memo.save()  # the invoices that are cancelled with it must find it so
    end_links(memo, LINK_PURPOSE)
    numbers = [each.number for each in memo.issued.all()]
    issued = Invoice.objects.filter(order=memo.order_id, number__in=numbers)
    for invoice in issued.exclude(status=Invoice.Status.CANCELLED):
        cancel_invoice(invoice, by=by, reason=reason)
    reconcile_again(memo, reason)
    queue.notify(
        memo.filled_by,
        "settlement.voided",
        about=memo,
        context={
            "number": memo.number,
            "invoice": ", ".join(numbers),
            "customer": memo.order.customer.name,
            "reason": reason,
        },
        key=f"memo-voided-{memo.pk}",
    )
