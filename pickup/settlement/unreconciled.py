"""Orders of which something left that the customer has not agreed to in writing yet, and what that costs."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest, Round
from django.utils import timezone

from crm import clock
from crm.accounts.models import User
from customers.models import Customer
from orders.catalog.money import fen
from orders.contracts.models import Contract
from orders.models import Line, Order
from pickup.models import Delivery, Record
from pickup.settlement.models import Statement, StatementLine

AGES = ((0, 5), (6, 15), (16, 30), (31, None))  # days since goods left last
MONEY: Any = DecimalField(max_digits=20, decimal_places=6)
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Open:
    """One order: what left of it and is not agreed to, and how many days ago goods left last."""

    order: Order
    worth: Decimal
    days: int


def _sum(rows: Any, key: str, what: Any) -> Any:
    found = rows.order_by().values(key).annotate(found=Sum(what)).values("found")
    return Coalesce(Subquery(found), NOTHING, output_field=MONEY)


def unreconciled(user: User) -> list[Open]:
    """The orders that `user` sees, on account or under a contract, the oldest first; one query."""
    lines = Line.objects.filter(order=OuterRef("pk"))
    share = ExpressionWrapper(F("amount") * F("collected") / (F("quantity") * F("factor")), output_field=MONEY)
    agreed = StatementLine.objects.filter(line__order=OuterRef("pk"), counts=True, adjusts=None, allowance=None)
    agreed = agreed.filter(statement__status__in=Statement.AGREED)
    recorded = Record.objects.filter(pickup__order=OuterRef("pk")).order_by("-at").values("at")[:1]
    brought = Delivery.objects.filter(order=OuterRef("pk")).order_by("-at").values("at")[:1]
    binding = Contract.objects.filter(order=OuterRef("pk"), status__in=Contract.BINDING)
    rows: Any = (
        Order.objects.visible_to(user)
        .filter(Exists(lines.filter(collected__gt=0)), settled=None, history=False)
        .filter(Q(payment_terms=Customer.Terms.CREDIT) | Exists(binding))
        .select_related("customer", "owner")
        .annotate(
            worth=_sum(lines, "order", Round(share, 2)) - _sum(agreed, "line__order", "amount"),
            left_at=Greatest(Subquery(recorded), Subquery(brought)),
        )
        .filter(worth__gt=0)
        .order_by("left_at", "pk")
    )
    today = clock.today()
    return [Open(row, fen(row.worth), (today - _day(row.left_at, today)).days) for row in rows]


def _day(moment: datetime | None, today: date) -> date:
    return timezone.localtime(moment).date() if moment else today


def of_age(found: list[Open], least: int, most: int | None) -> list[Open]:
    """Those whose goods left so many days ago."""
    return [each for each in found if least <= each.days and (most is None or each.days <= most)]
