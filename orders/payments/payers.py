"""Who pays for whom: the names and accounts from which customers paid before, and those in their own records."""

from collections.abc import Iterable

from crm.records.text import fold
from customers.models import Customer
from orders.payments.models import Match, Payer, Receipt

BY_ACCOUNT, BY_NAME = "payer_account", "payer_name"


def customers_of(payer_name: str, payer_account: str) -> dict[int, str]:
    """The customers who are known to pay so, by key, each with whether it is the account or the name that says it."""
    found: dict[int, str] = {}
    for name, rows in (
        (BY_NAME, _by_name(payer_name)),
        (BY_ACCOUNT, _by_account(payer_account)),
    ):
        found.update(dict.fromkeys(rows, name))
    return found


def known_customer(payer_name: str, payer_account: str) -> Customer | None:
    """The one customer who is known to pay so; None where nobody is, or several are."""
    found = customers_of(payer_name, payer_account)
    sure = [key for key, why in found.items() if why == BY_ACCOUNT] or list(found)
    return Customer.objects.filter(pk=sure[0]).first() if len(sure) == 1 else None


def remember(receipt: Receipt, customer: Customer) -> None:
    """Know the payer of this receipt as this customer's from now on."""
    name = fold(receipt.payer_name)
    if name or receipt.payer_account:
        known = Payer.objects.filter(customer=customer, name=name, account=receipt.payer_account)
        if not known.exists():
            Payer.objects.bulk_create(
                [Payer(customer=customer, name=name, account=receipt.payer_account)], ignore_conflicts=True
            )


def forget(receipt: Receipt, customer: Customer) -> None:
    """Know the payer of this receipt as this customer's no more, unless a match that stands says so."""
    name = fold(receipt.payer_name)
    standing = Match.objects.filter(
        order__customer=customer, receipt__payer_account=receipt.payer_account, taken_back_at=None
    )
    if name not in {fold(each) for each in standing.values_list("receipt__payer_name", flat=True)}:
        Payer.objects.filter(customer=customer, name=name, account=receipt.payer_account).delete()


def _by_name(name: str) -> Iterable[int]:
    if not name.strip():
        return []
    own = Customer.objects.filter(name=name.strip()).values_list("pk", flat=True)
    return [*own, *Payer.objects.filter(name=fold(name)).values_list("customer", flat=True)]


def _by_account(account: str) -> Iterable[int]:
    if not account:
        return []
    own = Customer.objects.filter(bank_account=account).values_list("pk", flat=True)
    return [*own, *Payer.objects.filter(account=account).values_list("customer", flat=True)]
