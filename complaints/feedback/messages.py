"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NUMBER, LINK = "FK2026-000007", "https://example.com/l/…"

Template(
    "feedback.news",
    _("A colleague is told what is to be done about feedback of a customer"),
    {
        "number": NUMBER,
        "customer": "渝北晨光商贸",
        "content": "建议外箱加印装箱清单",
        "news": "passed",
        "words": "",
    },
)
Template(
    "feedback.number",
    _("A customer gets the number of his feedback and a link"),
    {"number": NUMBER, "link": LINK},
)
Template(
    "feedback.told",
    _("A customer is told the answer to his feedback"),
    {"number": NUMBER, "link": LINK, "solution": "已采纳，下批起外箱加印装箱清单"},
)
