"""What follows when an invoice is voided or something taken off; and when a contract does not count as executed."""

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.refusals import Refused
from orders.actions.allowances import GRANTED
from orders.contracts.actions.execution import NOT_EXECUTED
from orders.contracts.models import Contract
from orders.payments.actions.invoices import CANCELLED
from orders.payments.models import Invoice
from pickup.settlement.actions import void_memo
from pickup.settlement.actions.allowing import state_what_was_taken_off
from pickup.settlement.models import InvoiceMemo, Statement


def void_memo_of(invoice: Invoice) -> None:
    """Void the memo on which a voided invoice was posted; one that came from elsewhere has none."""
    posted = InvoiceMemo.objects.filter(order=invoice.order_id, status=InvoiceMemo.Status.POSTED)
    memo = posted.filter(issued__number=invoice.number).first()
    if memo is not None:
        void_memo(memo, by=User.objects.system("settlement"), reason=invoice.reason)


def held_by_statement(contract: Contract) -> Refused | None:
    """Why a contract is not executed: its goods are being reconciled again, after a refused memo or invoice."""
    rows = Statement.objects.filter(order=contract.order_id).open().exclude(reopened="")
    statement = rows.only("number").first()
    if statement is None:
        return None
    return Refused(
        "reconciled_again", _("Statement %(number)s is being reconciled again.") % {"number": statement.number}
    )


def listen() -> None:
    """Be told of voided invoices and of what is taken off, and asked whether a contract is executed."""
    GRANTED.append(state_what_was_taken_off)
    CANCELLED.append(void_memo_of)
    NOT_EXECUTED.append(held_by_statement)
