"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NUMBER, ORDER, CUSTOMER, TOTAL = "ST2026-000012", "SO2026-000123", "渝北晨光商贸", "¥12,800.00"

Template(
    "settlement.confirm",
    _("A contact is asked to confirm a statement"),
    {"number": NUMBER, "order": ORDER, "total": TOTAL, "again": False, "link": "https://example.com/l/…"},
)
Template(
    "settlement.answered",
    _("A customer has answered a statement"),
    {"number": NUMBER, "customer": CUSTOMER, "name": "王小明", "disputed": 1},
)
Template(
    "settlement.refused",
    _("Finance has refused an invoice memo"),
    {"number": "IM2026-000003", "customer": CUSTOMER, "reason": "税号与抬头不符"},
)
Template(
    "settlement.voided",
    _("The invoice of a memo was voided, and its statement is to be reconciled again"),
    {
        "number": "IM2026-000003",
        "invoice": "26502000000012345678",
        "customer": CUSTOMER,
        "reason": "税号与抬头不符",
    },
)
Template(
    "settlement.issued",
    _("An invoice is issued and is to be posted"),
    {"number": "26502000000012345678", "customer": CUSTOMER, "total": TOTAL},
)
Template(
    "settlement.invoice",
    _("A contact gets an invoice as a file"),
    {"number": "26502000000012345678", "order": ORDER, "total": TOTAL, "link": "https://example.com/l/…"},
)
