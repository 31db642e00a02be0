"""Statements are made of what left, sent, made anew when the facts change, and settle the order (KC 5.1.11.5)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.mailing import mail_link
from crm.links.making import end_links
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from crm.words import money
from customers.models import Contact
from orders.actions import payments
from orders.exposure import HAD
from orders.models import Order
from pickup.settlement import forms
from pickup.settlement.models import LINK_PURPOSE, Statement, StatementLine
from pickup.settlement.stating import (
    carried,
    is_stale,
    is_unstated,
    rows_to_state,
    settled_amount,
    write,
)

S, OS = Statement.Status, Order.Status
# Where goods can have left; of an order that was given up they have come back.
HAD_GOODS = {OS.CONFIRMED, OS.SHORT, OS.READY, OS.COLLECTED, OS.SIGNED_OFF, OS.CLOSED, OS.CANCELLED}
LINK_LASTS = timedelta(days=30)


def _nothing_to_state(order: Order, by: User) -> Refused | None:
    found = Statement.objects.filter(order=order.pk).open().first()
    if found is not None:
        return Refused(
            "open_statement",
            _("Statement %(number)s is not reconciled yet.") % {"number": found},
            _("Make a new version of it where something is missing."),
        )
    if not is_unstated(order.pk):
        return Refused("nothing_to_state", _("Nothing was handed over that is not stated already."))
    return None


@action(
    Order,
    label=gettext_lazy("Make a statement"),
    source=HAD_GOODS,
    unless=_nothing_to_state,
)
def make_statement(order: Order, *, by: User) -> Statement:
    """Put together what left under the order and is not stated yet, with what it costs (KC 5.1.11.5)."""
    return write(Statement(number=next_number("ST"), order=order, made_by=by), rows_to_state(order.pk))


def next_version(statement: Statement, *, by: User, why: str, more: Iterable[dict[str, Any]] = ()) -> Statement:
    """The statement as it is from now on, beside the one that it takes the place of; what was answered stays.

    `more` are lines besides those that it has and that goods moved since. The former version is left for the verb to
    write as replaced; its links end.
    """
    end_links(statement, LINK_PURPOSE)
    root = statement.number if statement.revision == 1 else statement.number.rpartition("-")[0]
    rows = [*carried(statement), *rows_to_state(statement.order_id), *more]
    statement.lines.update(counts=False)
    new = Statement(
        number=f"{root}-{statement.revision + 1}",
        revision=statement.revision + 1,
        replaces=statement,
        order=statement.order,
        made_by=by,
        contact=statement.contact,
        why=why,
        reopened=statement.reopened,
    )
    return write(new, rows)


def _nothing_changed(statement: Statement, by: User) -> Refused | None:
    if is_stale(statement):
        return None
    return Refused("nothing_changed", _("Nothing left or came back since this statement was made."))


@action(
    Statement,
    label=gettext_lazy("Make a new version"),
    source=set(Statement.OPEN),
    target=S.REPLACED,
    form=forms.WhyForm,
    unless=_nothing_changed,
)
def revise_statement(statement: Statement, *, by: User, why: str = "") -> Statement:
    """Let the statement say what left and came back since, in a new version; the former one stays (KC 5.1.11.5)."""
    return next_version(statement, by=by, why=why)


def changed_since(statement: Statement, by: User) -> Refused | None:
    """Why a statement cannot be sent or answered any more: it does not say all that left."""
    if not is_stale(statement):
        return None
    if by.is_system:  # the customer, under his link
        return Refused(
            "changed_since",
            _("Goods were shipped or returned since this statement was made; we will send you a new version."),
        )
    return Refused(
        "changed_since",
        _("Goods were shipped or returned since this statement was made."),
        _("Make a new version."),
    )


def _not_to_be_sent(statement: Statement, by: User) -> Refused | None:
    if refused := changed_since(statement, by):
        return refused
    left = statement.lines.filter(answer=StatementLine.Answer.DIFFERS, reply="").order_by("position").first()
    if left is None:
        return None
    return Refused(
        "unanswered",
        _("Line %(line)s is disputed and was not answered.") % {"line": left.position},
        _("Adjust it or explain it first."),
    )


@action(
    Statement,
    label=gettext_lazy("Send to the customer"),
    source=set(Statement.OPEN),
    target=S.SENT,
    form=forms.SendForm,
    unless=_not_to_be_sent,
)
def send_statement(statement: Statement, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer a link under which he confirms the statement or disputes it line by line (KC 5.1.11.5)."""
    contact = contact or statement.contact or statement.order.contact
    mail_link(
        statement,
        LINK_PURPOSE,
        "settlement.confirm",
        contact,
        {
            "number": statement.number,
            "order": statement.order.number,
            "total": money(statement.total),
            "again": statement.lines.filter(answer=StatementLine.Answer.DIFFERS).exists(),
        },
        by=by,
        valid_for=LINK_LASTS,
        remedy=_("Add one, or choose another contact."),
    )
    statement.contact, statement.sent_at = contact, clock.now()


def _not_all_reconciled(order: Order, by: User) -> Refused | None:
    if order.settled is not None:
        return Refused("settled", _("This order is settled already."))
    if settled_amount(order) is None:
        return Refused(
            "not_reconciled",
            _("Not everything shipped under this order is reconciled with the customer."),
            _("Make the statement, and let the customer confirm it."),
        )
    return None


@action(
    Order,
    label=gettext_lazy("Note as settled"),
    source=HAD,
    unless=_not_all_reconciled,
)
def settle_order(order: Order, *, by: User) -> None:
    """Note what the order costs as reconciled: all of it is delivered or waived, and agreed to (KC 5.1.11.5).

    It follows the customer's last confirmation by itself; by hand it is done where the rest was waived after that.
    """
    payments.write_amounts(order, settled=settled_amount(order))


@action(Order, label=gettext_lazy("Reconcile again"), unless=only_the_system)
def unsettle_order(order: Order, *, by: User) -> None:
    """Follow an invoice memo that was refused or voided: what the order costs is agreed on again (KC 5.1.11.7)."""
    payments.write_amounts(order, settled=None)


def settle_if_done(order_id: int) -> None:
    """Settle the order if its last statement is agreed to; the statement must be written as reconciled before."""
    order: Any = Order.objects.get(pk=order_id)
    if order.settled is None and settled_amount(order) is not None:
        settle_order(order, by=User.objects.system("settlement"))
