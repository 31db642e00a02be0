"""For what a receipt may be: the orders and invoices that fit it, each with a score and the reasons for it.

A score is the sum of what speaks for it: a number of ours in the purpose weighs most, then the payer, then the amount.
It is computed when somebody looks, by the same few queries for every receipt, and nothing of it is kept.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from orders.contracts.models import Contract
from orders.models import DUE, Order
from orders.payments.models import Invoice, Receipt
from orders.payments.payers import BY_ACCOUNT, customers_of

SHOWN = 6
OF_CUSTOMERS, OF_AMOUNT = 60, 10  # orders that are looked at
TOGETHER, AMONG = 4, 12  # that may make a sum together, and among how many they are looked for
NEAR = 7  # days between the receipt and the due date
SURE, AHEAD = 80, 15  # what is certain, and by how much it must lead
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_-]{3,39}")

REASONS: dict[str, tuple[int, Any]] = {
    "order_named": (50, _("The order's number is in the purpose.")),
    "contract_named": (50, _("The contract's number is in the purpose.")),
    "invoice_named": (50, _("The invoice's number is in the purpose.")),
    "account_known": (30, _("The payer's account is known for the customer.")),
    "name_known": (25, _("The payer's name is known for the customer.")),
    "customer_given": (30, _("The receipt was assigned to this customer.")),
    "whole_order": (35, _("The amount is what is open of the order.")),
    "whole_invoice": (35, _("The amount is what is open of the invoice.")),
    "sum": (30, _("The amount is the sum of what is open.")),
    "near_due": (10, _("Received close to the due date.")),
    "part": (5, _("It is a part of what is open.")),
}


@dataclass(frozen=True)
class Item:
    """So much for one order; `invoice` where it is one of its invoices that fits."""

    order: Order
    amount: Decimal
    invoice: Invoice | None = None


@dataclass(frozen=True)
class Suggestion:
    """What the receipt may be for, how much speaks for it (0 to 100), and what."""

    items: tuple[Item, ...]
    reasons: tuple[str, ...]

    @property
    def score(self) -> int:
        """The sum of its reasons, at most 100."""
        return min(sum(REASONS[each][0] for each in self.reasons), 100)

    @property
    def amount(self) -> Decimal:
        """What of the receipt it would use."""
        return sum((each.amount for each in self.items), Decimal(0))

    @property
    def words(self) -> list[Any]:
        """The reasons as sentences."""
        return [REASONS[each][1] for each in self.reasons]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """As the verb takes them: so much for each order, once."""
        sums: dict[Order, Decimal] = defaultdict(Decimal)
        for each in self.items:
            sums[each.order] += each.amount
        return [{"order": order, "amount": amount} for order, amount in sums.items()]


def suggestions(receipt: Receipt, user: User) -> list[Suggestion]:
    """What the rest of the receipt may be for, among the orders that `user` sees; the best first, SHOWN at most."""
    left = receipt.left
    if left <= 0:
        return []
    found = _Looked(receipt, user)
    made: dict[tuple[Any, ...], Suggestion] = {}
    for each in (*found.singles(left), *found.sums(left)):
        key = tuple(sorted((line["order"].pk, line["amount"]) for line in each.lines))
        if key not in made or made[key].score < each.score:
            made[key] = each
    ranked = sorted(made.values(), key=lambda each: (-each.score, _due(each.items[0])))
    return ranked[:SHOWN]


def certain(receipt: Receipt, user: User) -> Suggestion | None:
    """The suggestion that nobody needs to look at: much speaks for it, and for every other clearly less."""
    found = suggestions(receipt, user)
    if not found or found[0].score < SURE:
        return None
    return found[0] if len(found) == 1 or found[1].score <= found[0].score - AHEAD else None


class _Looked:
    """What was looked up for one receipt."""

    def __init__(self, receipt: Receipt, user: User) -> None:
        self.receipt = receipt
        self.payers = customers_of(receipt.payer_name, receipt.payer_account)
        codes = {each.upper() for each in CODE.findall(receipt.remark)}
        contracts = (
            set(Contract.objects.live().filter(number__in=codes).values_list("order", flat=True)) if codes else set()
        )
        invoiced = set(Invoice.objects.open().filter(number__in=codes).values_list("pk", flat=True)) if codes else set()
        unpaid: Any = Order.objects.visible_to(user)
        unpaid = unpaid.unpaid().select_related("customer")
        customers = {*self.payers, *([receipt.customer_id] if receipt.customer_id else [])}
        orders: dict[int, Order] = {}
        if codes or contracts or invoiced:
            named = Q(number__in=codes) | Q(pk__in=contracts)
            named |= Q(pk__in=Invoice.objects.filter(pk__in=invoiced).values("order"))
            named |= Q(reference__in=codes, customer__in=customers)
            orders.update({each.pk: each for each in unpaid.filter(named)})
        self.named = dict.fromkeys(orders, "order_named")
        self.named.update(
            {key: "contract_named" for key in orders if key in contracts and orders[key].number not in codes}
        )
        if customers:
            # What was taken over from before is only owed where there is an invoice.
            owed = Q(history=False) | Q(pk__in=Invoice.objects.open().filter(customer__in=customers).values("order"))
            his = unpaid.filter(owed, customer__in=customers)
            orders.update({each.pk: each for each in his.order_by("pk")[:OF_CUSTOMERS]})
        exact = unpaid.filter(history=False).annotate(open=DUE - F("paid")).filter(open=receipt.left)
        orders.update({each.pk: each for each in exact.order_by("-pk")[:OF_AMOUNT]})
        open_of = Invoice.objects.open().select_related("order__customer")
        same = open_of.filter(amount=F("paid") + receipt.left, order__in=unpaid.values("pk")).order_by("due_on")
        self.invoices: dict[int, list[Invoice]] = defaultdict(list)
        rows = {each.pk: each for each in same[:OF_AMOUNT]}
        rows.update({each.pk: each for each in open_of.filter(order__in=orders).order_by("due_on", "pk")})
        for invoice in rows.values():
            orders.setdefault(invoice.order_id, invoice.order)
            self.invoices[invoice.order_id].append(invoice)
        self.invoiced = invoiced
        self.orders = {key: each for key, each in orders.items() if each.open_amount > 0}

    def singles(self, left: Decimal) -> Iterable[Suggestion]:
        """One order or one of its invoices each."""
        for order in self.orders.values():
            about = self._about(order)
            invoices = self.invoices[order.pk]
            for invoice in invoices:
                whole = invoice.open_amount == left
                if whole or invoice.pk in self.invoiced:
                    amount = min(left, invoice.open_amount, order.open_amount)
                    fits = "whole_invoice" if whole else ("part" if left < invoice.open_amount else "")
                    reasons = [*self._about(order, invoice), fits, self._near(invoice)]
                    yield Suggestion((Item(order, amount, invoice),), _said(reasons))
            whole = order.open_amount == left
            if not whole and not about:
                continue
            amount = min(left, order.open_amount)
            near = next((reason for each in invoices if (reason := self._near(each))), "")
            fits = "whole_order" if whole else ("part" if left < order.open_amount else "")
            yield Suggestion((Item(order, amount),), _said([*about, fits, near]))

    def sums(self, left: Decimal) -> Iterable[Suggestion]:
        """Several of one customer that make the amount together: what is named, else invoices, else orders."""
        by_customer: dict[int, list[Item]] = defaultdict(list)
        for order in self.orders.values():
            rows = [Item(order, each.open_amount, each) for each in self.invoices[order.pk]]
            if sum((each.amount for each in rows), Decimal(0)) > order.open_amount or not rows:
                rows = [Item(order, order.open_amount)]
            by_customer[order.customer_id] += rows
        for items in by_customer.values():
            items.sort(key=lambda each: (not self._about(each.order, each.invoice), _due(each)))
            for group in _groups(items[:AMONG], left):
                abouts = [set(self._about(each.order, each.invoice)) for each in group]
                shared = [each for each in REASONS if all(each in about for about in abouts)]
                if shared:
                    yield Suggestion(group, _said([*shared, "sum"]))

    def _about(self, order: Order, invoice: Invoice | None = None) -> list[str]:
        """What speaks for an order whatever the amount is."""
        found = []
        if invoice is not None and invoice.pk in self.invoiced:
            found.append("invoice_named")
        elif order.pk in self.named:
            named_by_invoice = {each.pk for each in self.invoices[order.pk]} & self.invoiced
            found.append("invoice_named" if named_by_invoice else self.named[order.pk])
        if order.customer_id in self.payers:
            by_account = self.payers[order.customer_id] == BY_ACCOUNT
            found.append("account_known" if by_account else "name_known")
        elif order.customer_id == self.receipt.customer_id:
            found.append("customer_given")
        return found

    def _near(self, invoice: Invoice) -> str:
        return "near_due" if abs((self.receipt.received_on - invoice.due_on).days) <= NEAR else ""


def _said(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in reasons if each))


def _due(item: Item) -> tuple[Any, ...]:
    return (item.invoice is None, item.invoice.due_on if item.invoice else item.order.wanted_on, item.order.pk)


def _groups(items: list[Item], amount: Decimal) -> Iterable[tuple[Item, ...]]:
    """Two and more of `items` that come to `amount`: the oldest first, however many, else any few."""
    total = Decimal(0)
    for number, item in enumerate(items, 1):
        total += item.amount
        if total == amount and number > 1:
            yield tuple(items[:number])
    for size in range(2, TOGETHER + 1):
        for group in combinations(items, size):
            if sum((each.amount for each in group), Decimal(0)) == amount:
                yield group
