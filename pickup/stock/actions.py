"""What is done to stock: goods received, counted. What is handed over is booked by the counter."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from pickup.stock import forms, ledger
from pickup.stock.models import Movement, Stock, Warehouse


def _in_order(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines in the order in which stock is locked."""
    return sorted(lines, key=lambda line: (line["product"].pk, line.get("batch") or ""))


@action(None, label=gettext_lazy("Receive goods"), form=forms.ReceiptForm)
def receive_goods(*, by: User, warehouse: Warehouse, lines: list[dict[str, Any]], reference: str = "") -> Movement:
    """Book goods into a warehouse, by product and batch (ZT 3.2)."""
    movements = [
        ledger.move(
            warehouse,
            line["product"],
            line["quantity"],
            by=by,
            kind=Movement.Kind.RECEIPT,
            batch=line.get("batch") or "",
            reference=reference,
        )
        for line in _in_order(lines)
    ]
    return movements[-1]


@action(None, label=gettext_lazy("Count stock"), form=forms.CountForm)
def count_stock(*, by: User, warehouse: Warehouse, reason: str, lines: list[dict[str, Any]]) -> Stock:
    """Book the difference between what was counted and what the books say; the occasion stays with it (ZT 3.2)."""
    for line in _in_order(lines):
        batch = line.get("batch") or ""
        stock, _made = Stock.objects.get_or_create(warehouse=warehouse, product=line["product"], batch=batch)
        stock = Stock.objects.select_for_update(of=("self",), no_key=True).get(pk=stock.pk)
        difference: Decimal = line["quantity"] - stock.quantity
        if difference:
            ledger.move(
                warehouse, line["product"], difference, by=by, kind=Movement.Kind.COUNT, batch=batch, reason=reason
            )
    return stock
