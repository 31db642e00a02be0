"""What was taken off by agreement after the goods were stated: a statement of its own, which the customer has signed.

Where goods are still to be stated, or a statement is open, it stands in that one instead (KC 5.1.11.5, 5.2.3.3).
"""

from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.records.numbers import next_number
from crm.refusals import only_the_system
from orders.models import Allowance, Order
from orders.payments.spreading import invoiced
from pickup.settlement.actions.stating import settle_if_done
from pickup.settlement.models import Statement, StatementLine
from pickup.settlement.stating import allowed, write

S = Statement.Status


@action(Order, label=gettext_lazy("State what was taken off"), unless=only_the_system)
def state_allowance(order: Order, *, by: User, allowance: Allowance) -> Statement:
    """Make a statement over what was taken off, agreed on as the customer's signature says; it is invoiced next.

    Below nothing it asks for a red invoice (红字发票), as goods that come back do (KC 5.1.11.6).
    """
    statement = Statement(
        number=next_number("ST"),
        order=order,
        status=S.RECONCILED,
        made_by=by,
        why=allowance.reason,
        answered_by=allowance.agreed_by,
        answered_at=clock.now(),
        signed_on=allowance.agreed_on,
        reconciled_at=clock.now(),
    )
    return write(statement, allowed([allowance]))


def state_what_was_taken_off(allowance: Allowance) -> None:
    """Have the customer's invoices follow at once where goods were agreed on or invoiced, and nothing is open."""
    rows = StatementLine.objects.filter(line__order=allowance.order_id, counts=True)
    if rows.filter(statement__status__in=Statement.OPEN).exists():
        return  # it stands in the next version of that one
    order = Order.objects.get(pk=allowance.order_id)
    if invoiced(order) > 0 or rows.filter(statement__status__in=Statement.AGREED).exists():
        state_allowance(order, by=User.objects.system("settlement"), allowance=allowance)
        settle_if_done(order.pk)
