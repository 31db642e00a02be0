"""Money to the fen: what a line costs, and the tax in it."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

FEN = Decimal("0.01")
MOST = Decimal("999999999999.99")  # what a column of money can hold


class Amounts(NamedTuple):
    """A line's amounts in the company's currency: `gross` contains `tax`, `net` is without it."""

    gross: Decimal
    tax: Decimal
    net: Decimal


def fen(amount: Decimal) -> Decimal:
    """The amount rounded half up to the fen."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def line_amounts(quantity: Decimal, price: Decimal, rate: Decimal) -> Amounts:
    """What `quantity` costs at the tax-inclusive unit `price` (含税单价), and the tax of `rate` percent in it (税额).

    Each is rounded half up to the fen for the line, so that lines add up to the total as printed.
    """
    gross = fen(quantity * price)
    tax = fen(gross * rate / (100 + rate))
    return Amounts(gross, tax, gross - tax)
