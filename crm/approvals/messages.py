"""What people are told about approvals."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

_SAMPLE = {
    "number": "AP2026-000123",
    "what": _("Allow the low price"),
    "about": "SO2026-000123",
    "requester": _("Wang Xiaoming"),
    "facts": _("Amount: ¥12,800.00"),
}

Template("approvals.asked", _("Somebody is asked to approve something"), _SAMPLE | {"step": _("Manager")})
Template("approvals.reminded", _("Somebody is reminded of an approval"), _SAMPLE | {"step": _("Manager")})
Template("approvals.ended", _("The requester is told how it ended"), _SAMPLE | {"state": _("Rejected"), "reason": ""})
Template(
    "approvals.void", _("A request is void, because its facts have changed"), _SAMPLE | {"changes": "¥1.00 → ¥2.00"}
)
Template("approvals.copied", _("Somebody is copied in on a request"), _SAMPLE | {"who": _("Wang Xiaoming")})

_CONDITION = {
    "condition": _("Payment of 30 percent in advance"),
    "due_on": date(2026, 9, 21),
    "who": _("Wang Xiaoming"),
}
Template("approvals.condition", _("Somebody is to meet a condition"), _SAMPLE | _CONDITION | {"proof": ""})
Template(
    "approvals.condition_met",
    _("A condition was met"),
    _SAMPLE | _CONDITION | {"proof": _("Transfer received on the 20th")},
)
