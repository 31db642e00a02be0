"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

PAPER = "BC2026-000003"

Template(
    "compensation.step",
    _("A colleague is told what is to be done about a compensation or a replacement"),
    {"number": "TS2026-000007", "customer": "重庆晨光商贸有限公司", "paper": PAPER, "step": "sign"},
)
Template(
    "compensation.sign",
    _("A contact is asked to sign the agreement on a compensation"),
    {"number": PAPER, "complaint": "TS2026-000007", "link": "https://example.com/l/…"},
)
