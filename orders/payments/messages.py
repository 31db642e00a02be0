"""The messages of this app."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

CASE, CUSTOMER = "DN2026-000012", "渝北晨光商贸"

Template(
    "payments.proposed",
    _("A customer is to be reminded of what is overdue"),
    {
        "number": CASE,
        "customer": CUSTOMER,
        "step": "电话催款",
        "step_en": "Phone call",
        "amount": Decimal("12800.00"),
        "days": 16,
        "suspends": False,
    },
)
Template(
    "payments.reminder",
    _("A customer is reminded of overdue invoices"),
    {
        "number": "RM2026-000012",
        "text": _("We kindly ask you to pay what is overdue."),
        "amount": Decimal("12800.00"),
        "invoices": [
            {"number": "24502000000012345678", "due_on": date(2026, 9, 21), "open": Decimal("12800.00"), "days": 16}
        ],
    },
)
Template(
    "payments.broken",
    _("A promise to pay was broken"),
    {
        "number": CASE,
        "customer": CUSTOMER,
        "promised_on": date(2026, 9, 21),
        "amount": Decimal("12800.00"),
        "broken": 1,
    },
)
Template(
    "payments.books_disagree",
    _("What is paid of invoices does not follow from the payments"),
    {"number": 1, "items": "FP-0001: 0.00 / 12800.00"},
)
