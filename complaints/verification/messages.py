"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

Template(
    "verification.next",
    _("A colleague is told that it is his turn in a verification"),
    {
        "number": "HC2026-000003",
        "complaint": "TS2026-000007",
        "customer": "渝北晨光商贸",
        "kind": "quality",
        "news": "ready",
    },
)
