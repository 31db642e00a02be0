"""What was wrong with an invoice is put right: the memo is voided with a cancelled one (KC 5.1.11.7)."""

from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.links.making import end_links
from crm.outbox import queue
from crm.refusals import only_the_system
from orders.payments.actions import cancel_invoice
from orders.payments.models import Invoice
from orders.payments.spreading import COUNTING
from pickup.settlement.actions.invoicing import LINK_PURPOSE, reconcile_again
from pickup.settlement.models import InvoiceMemo

M = InvoiceMemo.Status


@action(InvoiceMemo, label=gettext_lazy("Void the memo"), source={M.POSTED}, target=M.VOIDED, unless=only_the_system)
def void_memo(memo: InvoiceMemo, *, by: User, reason: str) -> None:
    """Follow a cancelled invoice: its memo counts no more, and its statement is agreed on again (KC 5.1.11.7).

    A memo is over the whole of its statement: of several invoices on it the others are cancelled with the first.
    """
    memo.reason, memo.status = reason, M.VOIDED
    memo.save()  # the invoices that are cancelled with it must find it so
    end_links(memo, LINK_PURPOSE)
    numbers = [each.number for each in memo.issued.all()]
    for invoice in Invoice.objects.filter(order=memo.order_id, number__in=numbers, status__in=COUNTING):
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
