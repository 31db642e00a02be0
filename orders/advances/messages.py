"""The messages of this app."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

FACTS = {
    "number": "AD2026-000012",
    "order": "SO2026-000123",
    "customer": "渝北晨光商贸",
    "promised_on": date(2026, 9, 21),
}

Template("advances.broken", _("A promised payment did not come"), {**FACTS, "amount": Decimal("8000.00")})
Template("advances.revoked", _("An advance was revoked"), {**FACTS, "reason": "客户涉诉，暂停先行发货", "by": "周敏"})
