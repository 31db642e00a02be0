"""What the outbox itself has to say."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NOT_DELIVERED = Template(
    "outbox.failed",
    _("A mail could not be delivered"),
    {"contact": _("Li Na"), "matter": _("Your pickup on Friday")},
)
