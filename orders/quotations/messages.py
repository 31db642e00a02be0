"""The messages of this app."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NUMBER, SAMPLE, CUSTOMER = "QT2026-000123", "SA2026-000012", "渝北晨光商贸"
LINK = "https://example.com/l/…"

Template(
    "quotations.offer",
    _("A contact is sent a quotation"),
    {
        "number": NUMBER,
        "version": 2,
        "total": "¥12,800.00",
        "valid_until": date(2026, 10, 21),
        "link": LINK,
    },
)
Template(
    "quotations.answered",
    _("A customer has answered a quotation"),
    {
        "number": NUMBER,
        "customer": CUSTOMER,
        "total": "¥12,800.00",
        "outcome": "accepted",
        "words": "",
        "signed_by": "王小明",
    },
)
Template(
    "quotations.expired",
    _("A quotation has expired"),
    {"number": NUMBER, "customer": CUSTOMER, "valid_until": date(2026, 10, 21)},
)
Template(
    "quotations.sample_requested",
    _("Somebody is to make a sample"),
    {"number": SAMPLE, "customer": CUSTOMER, "goods": "照明配电箱", "wanted_on": date(2026, 9, 21)},
)
Template(
    "quotations.sample_made",
    _("A sample is made and can be sent"),
    {"number": SAMPLE, "customer": CUSTOMER, "batch": "Y260918"},
)
Template(
    "quotations.sample_progress",
    _("A progress update on a sample goes to its customer"),
    {
        "number": SAMPLE,
        "round": 1,
        "progress": "柜体已喷涂，明天装配",
        "expected_on": date(2026, 9, 18),
        "link": LINK,
    },
)
Template(
    "quotations.sample_sent",
    _("A customer is told that his sample was sent"),
    {
        "number": SAMPLE,
        "round": 1,
        "batch": "Y260918",
        "carrier": "顺丰速运",
        "tracking": "SF1234567890123",
        "sent_on": date(2026, 9, 19),
        "link": LINK,
    },
)
Template(
    "quotations.sample_answered",
    _("A customer has judged a sample"),
    {
        "number": SAMPLE,
        "customer": CUSTOMER,
        "round": 1,
        "approved": False,
        "changes": "柜门改为左开，颜色改 RAL7035",
        "signed_by": "",
    },
)
