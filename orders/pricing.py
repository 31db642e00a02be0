"""What lines cost, in an application as in a quotation: at the list's prices or those that were typed, to the fen."""

from collections.abc import Iterator
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.approvals.facts import Fact
from crm.refusals import Refused
from crm.words import money, quantity
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


def low_price_facts(lines: Any) -> Iterator[Fact]:
    """What is approved of the `lines` of one paper: each price below the lowest, with goods and quantity."""
    for line in lines.select_related("product", "unit").order_by("position"):
        if line.is_cheap:
            yield Fact(
                f"line_{line.position}",
                format_lazy("{position}. {product}", position=line.position, product=line.product),
                [
                    line.product,  # the label is for people: only what stands in the value is signed
                    *filter(None, [line.specification]),
                    format_lazy(
                        gettext_lazy("{price} instead of at least {lowest}, {quantity} {unit}"),
                        price=money(line.price),
                        lowest=money(line.lowest),
                        quantity=quantity(line.quantity),
                        unit=line.unit,
                    ),
                ],
            )
