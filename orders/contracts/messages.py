"""The messages of this app."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NUMBER, CUSTOMER = "CT2026-000123", "渝北晨光商贸"
SHIPMENT = {
    "number": "SR2026-000012",
    "contract": NUMBER,
    "customer": CUSTOMER,
    "transport": "渝A12345",
    "ships_on": date(2026, 9, 21),
    "amount": Decimal("12800.00"),
    "funds": Decimal("8000.00"),
}

Template(
    "contracts.accepted",
    _("Sales support is to classify a contract"),
    {"number": NUMBER, "customer": CUSTOMER, "order": "SO2026-000123"},
)
Template(
    "contracts.classified",
    _("The owner is to fill in the review form of a contract"),
    {"number": NUMBER, "customer": CUSTOMER, "special": True},
)
Template(
    "contracts.sign",
    _("A contact is asked to sign a contract"),
    {"number": NUMBER, "total": Decimal("12800.00"), "order": "SO2026-000123", "link": "https://example.com/l/…"},
)
Template("contracts.copy", _("A customer has handed in a signed copy"), {"number": NUMBER, "customer": CUSTOMER})
Template(
    "contracts.sign_supplement",
    _("A contact is asked to sign a supplementary agreement"),
    {"number": f"{NUMBER}-1", "contract": NUMBER, "why": "客户增量", "link": "https://example.com/l/…"},
)
Template(
    "contracts.supplement_copy",
    _("A customer has handed in the signed copy of a supplementary agreement"),
    {"number": f"{NUMBER}-1", "customer": CUSTOMER},
)
Template(
    "contracts.in_force",
    _("A contract is in force"),
    {"number": NUMBER, "customer": CUSTOMER, "delivery_on": date(2026, 9, 21)},
)
Template("contracts.shipment", _("Logistics is asked to ship under a contract"), SHIPMENT)
Template(
    "contracts.resumed",
    _("The owner is told that an executed contract is to be carried out again"),
    {"contract": NUMBER, "customer": CUSTOMER, "why": "not_paid"},
)
Template("contracts.short", _("The money for a shipment is not there"), SHIPMENT)
