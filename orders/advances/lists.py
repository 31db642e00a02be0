"""The list of advances, declared once for page, REST and export."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.listing import Column, Listing, View
from orders.advances.filters import AdvanceFilter
from orders.advances.models import Advance

S = Advance.Status


class AdvanceListing(Listing):
    """Advances with what has left under each, and what of it is owed."""

    def rows(self, user: User) -> Any:
        rows: Any = super().rows(user)
        return rows.with_figures()


ADVANCES = AdvanceListing(
    "advances",
    Advance,
    _("Advance shipping"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("customer", _("Customer"), source="customer__name"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("ceiling", _("Ceiling"), kind="money"),
        Column("taken", _("Limit used"), kind="money"),
        Column("owed", _("Shipped, not paid"), kind="money"),
        Column("expires_on", _("Goods may leave until"), kind="date"),
        Column("promised_on", _("Promised payment date"), kind="date", sortable=True),
        Column("owner", _("Owner"), source="order__owner__name", kind="name"),
        Column("applied_by", _("Applied by"), source="applied_by__name", kind="name", shown=False),
        Column("applied_at", _("Applied for at"), kind="datetime", shown=False),
        Column("granted_at", _("Granted at"), kind="datetime", shown=False),
        Column("settled_at", _("Paid at"), kind="datetime", shown=False),
        Column("broken_at", _("Promise broken at"), kind="datetime", shown=False),
        Column("lifted_at", _("Block lifted at"), kind="datetime", shown=False),
        Column("order_id", _("Order's key"), shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    AdvanceFilter,
    tabs=[
        View("applied", _("Applied for"), lambda user: Q(status=S.APPLIED)),
        View("granted", _("Goods may leave"), lambda user: Q(status=S.GRANTED)),
        View(
            "owing",
            _("To be paid"),
            lambda user: Q(status__in=[S.GRANTED, S.EXPIRED, S.REVOKED], used_at__isnull=False),
        ),
        View("broken", _("Promise broken"), lambda user: Q(status=S.BROKEN), asks="advances.lift_block"),
    ],
    empty=_("No advances yet. One is applied for on an order that is paid first."),
)
