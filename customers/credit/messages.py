"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

Template(
    "credit.alert",
    _("A sign that a customer's credit is in danger"),
    {
        "customer": "渝北晨光商贸",
        "sign": "overdue",
        "rating": "B",
        "limit": "¥200,000.00",
        "used": "¥186,400.00",
        "overdue": "¥12,800.00",
        "words": "",
    },
)
