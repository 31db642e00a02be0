"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

Template(
    "applications.form",
    _("A contact is asked to fill in the order application form"),
    {"customer": "渝北晨光商贸", "by": "李娜", "link": "https://example.com/l/…"},
)
Template(
    "applications.filled_in",
    _("A customer has filled in his application form"),
    {
        "number": "SO2026-000123",
        "customer": "渝北晨光商贸",
        "contact": "王小明",
        "total": "¥12,800.00",
        "wishes": "• 防爆灯 · IP65 · 30 件",
    },
)
