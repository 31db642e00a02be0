"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

PAGE = "https://example.com/complaints/analysis/"

Template(
    "analysis.recurring",
    _("A head of department is told that a cause of complaints came again"),
    {"cause": "仓储与装车 › 装卸损坏", "goods": "配电箱", "number": 3, "page": PAGE},
)
Template(
    "analysis.monthly",
    _("Sales manager and executives are told that the month's analysis of complaints is there"),
    {"month": "2026-10", "number": 12, "before": 9, "cause": "装卸损坏", "recurring": 1, "page": PAGE},
)
