"""What a version of a quotation costs: its lines at the prices of the list or those that were typed, to the fen."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.refusals import Refused
from customers.models import Customer
from customers.tiers.service import service_of
from orders.catalog.models import prices_on
from orders.catalog.money import MOST, fen
from orders.pricing import priced_lines
from orders.quotations.models import QuotationLine, QuotationVersion
from orders.terms import too_kind


def priced(customer: Customer, version: QuotationVersion, lines: list[dict[str, Any]]) -> list[QuotationLine]:
    """The lines with their prices, to be written once the version is; the version gets their sums.

    A line without a price has the list price less the discount of the customer's tier, as in an order (C5).
    Raises Refused for a product without a list price where none was typed, and for more than can be written down.
    """
    rows = [QuotationLine(quoted=version, **facts) for facts in priced_lines(lines, service_of(customer.tier))]
    version.total = sum((row.amount for row in rows), Decimal(0))
    version.tax = sum((row.tax for row in rows), Decimal(0))
    version.low_price = any(row.is_cheap for row in rows)
    if version.total > MOST:
        message = _("The quotation is worth more than can be written down.")
        raise Refused("too_much", message, _("Check the quantities."))
    return rows


def cheap_today(rows: Iterable[QuotationLine]) -> bool:
    """Whether a line's price is below the lowest of the list as it is today."""
    found = list(rows)
    listed = prices_on(row.product_id for row in found)
    return any(row.price < fen(listed[row.product_id].lowest * row.factor) for row in found if row.product_id in listed)


def terms_of(customer: Customer, payment_terms: str, payment_days: int | None) -> tuple[str, int]:
    """The terms to quote: the customer's own where none are given, else those given.

    Raises Refused for terms that are kinder than his own, which are decided with his credit and not in a quotation.
    """
    if not payment_terms:
        return customer.payment_terms, customer.payment_days
    days = payment_days or 0
    if payment_days is None and payment_terms == customer.payment_terms:
        days = customer.payment_days
    if refused := too_kind(customer, (payment_terms, days), _("Change the customer's terms first, or quote his own.")):
        raise refused
    return payment_terms, days if payment_terms == Customer.Terms.CREDIT else 0
