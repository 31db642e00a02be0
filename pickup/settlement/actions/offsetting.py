"""What left and came back before it was invoiced is offset where its order was given up (KC 5.1.11.7)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.links.making import end_links
from crm.refusals import Refused, only_the_system
from crm.words import money
from orders.models import Order
from pickup.settlement.models import LINK_PURPOSE, InvoiceMemo, Statement, StatementQuerySet
from pickup.settlement.stating import ZERO, is_unstated

S = Statement.Status
NOT_INVOICED = set(S.values) - set(Statement.ENDED)


def _not_invoiced(statement: Statement) -> StatementQuerySet:
    return Statement.objects.filter(order=statement.order_id, status__in=NOT_INVOICED)


def _not_even(statement: Statement, by: User) -> Refused | None:
    if statement.order.status != Order.Status.CANCELLED:
        return Refused(
            "order_goes_on",
            _("Only statements of an order that was cancelled are offset."),
            _("Have what left invoiced, and what came back credited."),
        )
    if is_unstated(statement.order_id):
        return Refused(
            "not_stated",
            _("Goods came back that stand in no statement yet."),
            _("Make a statement of them, or a new version of the open one."),
        )
    together = sum(_not_invoiced(statement).values_list("total", flat=True), ZERO)
    if together:
        return Refused(
            "not_even",
            _("What is stated and not invoiced comes to %(amount)s.") % {"amount": money(together)},
            _("Have what was invoiced credited by the statement of what came back."),
        )
    memos = InvoiceMemo.objects.filter(statement__in=_not_invoiced(statement)).exclude(status__in=InvoiceMemo.ENDED)
    if memo := memos.first():
        return Refused(
            "memo_there",
            _("Invoice memo %(number)s is there already.") % {"number": memo},
            _("Let finance refuse it first."),
        )
    return None


@action(
    Statement,
    label=gettext_lazy("Offset against what came back"),
    source=NOT_INVOICED,
    target=S.OFFSET,
    unless=_not_even,
)
def offset_statement(statement: Statement, *, by: User) -> None:
    """Close all statements of a cancelled order that were not invoiced and come to nothing together (KC 5.1.11.7)."""
    system = User.objects.system("settlement")
    for other in _not_invoiced(statement).exclude(pk=statement.pk).order_by("pk"):
        note_offset(other, by=system)
    end_links(statement, LINK_PURPOSE)


@action(
    Statement,
    label=gettext_lazy("Note as offset"),
    source=NOT_INVOICED,
    target=S.OFFSET,
    unless=only_the_system,
)
def note_offset(statement: Statement, *, by: User) -> None:
    """Follow the statement against which this one is offset (KC 5.1.11.7)."""
    end_links(statement, LINK_PURPOSE)
