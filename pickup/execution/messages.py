"""The messages of this app."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

Template(
    "execution.issued",
    _("A subscriber is told that a report of contracts is issued"),
    {
        "number": "CD20261123",
        "monthly": False,
        "first": date(2026, 11, 23),
        "contracts": 42,
        "moved": 7,
        "executed": Decimal("128000.00"),
        "paid": Decimal("96500.00"),
        "open": Decimal("1840000.00"),
        "page": "https://example.com/execution/1/",
        "sheet": "https://example.com/do/exchange.export_figures/?figure=execution-report",
    },
)
