"""What follows for settlement when the invoice of a memo is cancelled (KC 5.1.11.7)."""

from crm.accounts.models import User
from orders.payments.actions.invoices import CANCELLED
from orders.payments.models import Invoice
from pickup.settlement.actions import void_memo
from pickup.settlement.models import InvoiceMemo


def void_memo_of(invoice: Invoice) -> None:
    """Void the memo on which a cancelled invoice was posted; one that came from elsewhere has none."""
    posted = InvoiceMemo.objects.filter(order=invoice.order_id, status=InvoiceMemo.Status.POSTED)
    memo = posted.filter(issued__number=invoice.number).first()
    if memo is not None:
        void_memo(memo, by=User.objects.system("settlement"), reason=invoice.reason)


def listen() -> None:
    """Be told of invoices that are cancelled."""
    CANCELLED.append(void_memo_of)
