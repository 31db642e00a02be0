"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

Template(
    "customers.assigned",
    _("A customer was assigned to somebody"),
    {"customer": "渝北晨光商贸", "by": "李娜", "reason": _("regions were divided anew")},
)
Template(
    "customers.details",
    _("A contact is asked to check the customer's details"),
    {"contact": "王小明", "customer": "渝北晨光商贸", "link": "https://example.com/l/…"},
)
