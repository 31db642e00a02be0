"""What an invoice memo says of a reconciled statement: its lines by product, adding up to the statement to the fen."""

from decimal import Decimal
from typing import Any

from pickup.settlement.models import Statement


def memo_rows(statement: Statement) -> list[dict[str, Any]]:
    """One row for each line of the order that the statement is about, with its adjustments; what cancels out is left.

    Of goods that left and came back only the rest is invoiced; amount and tax are the sums of the statement's.
    """
    rows: dict[int, dict[str, Any]] = {}
    for each in statement.lines.select_related("line").order_by("line__position", "position"):
        row = rows.setdefault(
            each.line_id,
            {
                "product_id": each.product_id,
                "specification": each.specification,
                "unit_id": each.unit_id,
                "tax_rate": each.tax_rate,
                "quantity": Decimal(0),
                "amount": Decimal(0),
                "tax": Decimal(0),
            },
        )
        for name in ("quantity", "amount", "tax"):
            row[name] += getattr(each, name)
    return [row for row in rows.values() if row["quantity"] or row["amount"]]
