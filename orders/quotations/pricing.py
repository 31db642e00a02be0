"""What a version of a quotation costs: its lines at the prices of the list or those that were typed, to the fen."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.refusals import Refused
from customers.models import Customer
from customers.tiers.service import discounted, service_of
from orders.catalog.models import prices_on
from orders.catalog.money import MOST, fen, line_amounts
from orders.quotations.models import QuotationLine, QuotationVersion

LENIENCE = list(Customer.Terms)  # each is kinder to the customer than the one before


def priced(customer: Customer, version: QuotationVersion, lines: list[dict[str, Any]]) -> list[QuotationLine]:
    """The lines with their prices, to be written once the version is; the version gets their sums.

    A line without a price has the list price less the discount of the customer's tier, as in an order (C5).
    Raises Refused for a product without a list price where none was typed, and for more than can be written down.
    """
    version.total = version.tax = Decimal(0)
    rows = []
    listed = prices_on(line["product"].pk for line in lines)
    service = service_of(customer.tier)
    for position, line in enumerate(lines, start=1):
        product, factor = line["product"], line["factor"]
        known = listed.get(product.pk)
        list_price = fen(known.price * factor) if known else None
        lowest = fen(known.lowest * factor) if known else None
        price = line.get("price")
        if price is None and list_price is not None and lowest is not None:
            price = fen(discounted(list_price, lowest, service))
        if price is None:
            raise Refused(
                "no_price",
                _("Line %(line)s: %(product)s has no list price.") % {"line": position, "product": product},
                _("Enter a price in the line."),
            )
        amounts = line_amounts(line["quantity"], price, product.tax_rate)
        version.total += amounts.gross
        version.tax += amounts.tax
        rows.append(
            QuotationLine(
                quoted=version,
                position=position,
                product=product,
                specification=line.get("specification") or product.specification,
                unit=line["unit"],
                quantity=line["quantity"],
                factor=factor,
                price=price,
                list_price=list_price,
                lowest=lowest,
                tax_rate=product.tax_rate,
                amount=amounts.gross,
                tax=amounts.tax,
            )
        )
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


def kindness(terms: str, days: int) -> tuple[int, int]:
    """How kind payment terms are to the customer, to be compared: what is paid before or at pickup knows no days."""
    return LENIENCE.index(Customer.Terms(terms)), days if terms == Customer.Terms.CREDIT else 0


def terms_of(customer: Customer, payment_terms: str, payment_days: int | None) -> tuple[str, int]:
    """The terms to quote: the customer's own where none are given, else those given.

    Raises Refused for terms that are kinder than his own, which are decided with his credit and not in a quotation.
    """
    own = customer.payment_terms, customer.payment_days
    if not payment_terms:
        return own
    days = payment_days or 0
    if payment_days is None and payment_terms == customer.payment_terms:
        days = customer.payment_days
    if kindness(payment_terms, days) > kindness(*own):
        raise Refused(
            "terms_too_kind",
            _("This customer's own payment terms are stricter: %(terms)s.")
            % {"terms": customer.get_payment_terms_display()},
            _("Change the customer's terms first, or quote his own."),
        )
    return payment_terms, days if payment_terms == Customer.Terms.CREDIT else 0
