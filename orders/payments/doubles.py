"""Money that probably is there already: by hand and by the bank, by two of its files, or twice by hand (decision 0013).

A line that says exactly the same is known by its identity. What is looked for here says nearly the same, and nobody but
a person can tell whether it is the same money: the amount is the same, the days are near, and nothing that is known of
both tells them apart. A serial number that both have does, and so do two accounts, two balances, two payers.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crm.records.text import fold
from crm.refusals import Refused
from crm.words import exact, money
from customers.models import Customer
from orders.models import Order, Payment
from orders.models.money import WRITE_OFF
from orders.payments.models import BankAccount, Receipt

NEAR = timedelta(days=3)  # a weekend between the day that somebody wrote down and the bank's


@dataclass(frozen=True)
class Money:
    """What is said of money that came in, before there is a receipt of it."""

    amount: Decimal
    received_on: date
    account: BankAccount | None = None
    customer: Customer | None = None
    payer_name: str = ""
    payer_account: str = ""
    serial: str = ""
    balance: Decimal | None = None


def in_turn(amount: Decimal) -> None:
    """Wait for whoever enters money over the same amount, until his transaction ends; then what he entered is seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"money {amount:.2f}"])


def receipt_like(said: Money) -> Refused | None:
    """Why it is asked first whether this money is another one: a receipt says nearly the same."""
    near = Receipt.objects.filter(amount=said.amount, received_on__range=_around(said.received_on))
    for receipt in near.exclude(status=Receipt.Status.VOID).order_by("pk"):
        if _may_be(said, receipt):
            return Refused(
                "came_before",
                _("Receipt %(number)s is probably the same money: %(amount)s of %(day)s, %(payer)s.")
                % {
                    "number": receipt,
                    "amount": money(receipt.amount),
                    "day": exact(receipt.received_on),
                    "payer": receipt.payer_name or receipt.customer or _("payer not known"),
                },
                _("If it is, leave it out, and fill in the bank's serial number there; else say: another payment."),
            )
    return None


def payment_like(amounts: list[Decimal], day: date, customers: list[Customer]) -> Refused | None:
    """Why it is asked first whether money over one of `amounts` is another one: a payment was entered without it."""
    found = _by_hand(amounts, day).filter(order__customer__in=customers).select_related("order").first()
    if found is None:
        return None
    return Refused(
        "came_before",
        _("%(amount)s of %(day)s were entered for order %(order)s by hand, probably the same money.")
        % {"amount": money(found.amount), "day": exact(found.received_on), "order": found.order},
        _("If it is, take that payment back, and match the receipt; else say: another payment."),
    )


def there_already(order: Order, amount: Decimal, day: date, reference: str) -> Refused | None:
    """Why a payment is not entered by hand before it is said to be another one."""
    in_turn(amount)
    return _receipt_for(order, amount, day) or _entered_for(order, amount, day, reference)


def _entered_for(order: Order, amount: Decimal, day: date, reference: str) -> Refused | None:
    """A payment of the order that says the same; two references that differ tell them apart."""
    rows = _by_hand([amount], day).filter(order=order)
    if reference:
        rows = rows.filter(Q(reference="") | Q(reference__iexact=reference))
    found = rows.first()
    if found is None:
        return None
    return Refused(
        "came_before",
        _("%(amount)s of %(day)s were entered for this order already, probably the same money.")
        % {"amount": money(found.amount), "day": exact(found.received_on)},
        _("If it is, leave it out; else say: another payment."),
    )


def _by_hand(amounts: list[Decimal], day: date) -> QuerySet[Payment]:
    """The payments over one of `amounts` on a near day that count and came of no receipt."""
    rows = Payment.objects.filter(
        amount__in=amounts, received_on__range=_around(day), match=None, reverses=None, reversal=None
    )
    return rows.exclude(method=WRITE_OFF).order_by("pk")


def _receipt_for(order: Order, amount: Decimal, day: date) -> Refused | None:
    """A receipt that is there for it."""
    rows = Receipt.objects.filter(received_on__range=_around(day)).exclude(status=Receipt.Status.VOID)
    matched = Q(matches__order=order, matches__taken_back_at=None) & (Q(amount=amount) | Q(matches__amount=amount))
    found = rows.filter(Q(amount=amount, customer=order.customer_id) | matched).order_by("pk").first()
    if found is None:
        return None
    return Refused(
        "came_before",
        _("Receipt %(number)s is probably the same money: %(amount)s of %(day)s, %(payer)s.")
        % {
            "number": found,
            "amount": money(found.amount),
            "day": exact(found.received_on),
            "payer": found.payer_name or order.customer,
        },
        _("If it is, match that receipt to the order; else say: another payment."),
    )


def _around(day: date) -> tuple[date, date]:
    return day - NEAR, day + NEAR


def _may_be(said: Money, receipt: Receipt) -> bool:
    """Whether nothing that is known of both tells them apart."""
    if said.serial and receipt.serial and said.serial.casefold() != receipt.serial.casefold():
        return False
    if said.account and receipt.account_id and said.account.pk != receipt.account_id:
        return False
    if said.balance is not None and receipt.balance is not None and said.balance != receipt.balance:
        return False
    return _one_payer(said, receipt)


def _one_payer(said: Money, receipt: Receipt) -> bool:
    """Whether one of what is known of both payers agrees, or nothing is known of both."""
    one, other = fold(said.payer_name), fold(receipt.payer_name)
    agree = []
    if said.customer is not None and receipt.customer_id is not None:
        agree.append(said.customer.pk == receipt.customer_id)
    if said.payer_account and receipt.payer_account:
        agree.append(said.payer_account == receipt.payer_account)
    if one and other:
        agree.append(one in other or other in one)  # people shorten a company's name
    return any(agree) or not agree
