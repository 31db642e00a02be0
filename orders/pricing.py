"""What lines cost, in an application as in a quotation: at the list's prices or those that were typed, to the fen."""

from typing import Any

from django.utils.translation import gettext as _

from crm.refusals import Refused
from customers.tiers.models import Service
from customers.tiers.service import discounted
from orders.catalog.models import prices_on
from orders.catalog.money import fen, line_amounts


def priced_lines(lines: list[dict[str, Any]], service: Service) -> list[dict[str, Any]]:
    """What is to be written of each line, by the names of its columns; the products' prices are read at once.

    A line without a price has the list price less the discount of the customer's tier (`service`), never below the
    lowest (C5). Raises Refused for a product without a list price where none was typed.
    """
    listed = prices_on(line["product"].pk for line in lines)
    found = []
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
        found.append(
            {
                "position": position,
                "product": product,
                "specification": line.get("specification") or product.specification,
                "unit": line["unit"],
                "quantity": line["quantity"],
                "factor": factor,
                "price": price,
                "list_price": list_price,
                "lowest": lowest,
                "tax_rate": product.tax_rate,
                "amount": amounts.gross,
                "tax": amounts.tax,
            }
        )
    return found
