"""The messages of this app."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

ORDER, CUSTOMER, LINK = "SO2026-000123", "渝北晨光商贸", "https://example.com/l/…"
CHANGE = {"number": "OC2026-000012", "order": ORDER}
EXTENSION = {"number": "EX2026-000003", "order": ORDER}
REQUEST = {"number": "CQ2026-000031", "order": ORDER}

Template(
    "changes.confirm",
    _("A contact is asked to confirm a change of his order"),
    {**CHANGE, "link": LINK, "why": "客户二期推迟", "cancels": False},
)
Template(
    "changes.answered",
    _("A customer has confirmed or declined a change"),
    {**CHANGE, "customer": CUSTOMER, "agreed": True, "words": "同意，请按新数量发货"},
)
Template(
    "changes.applied",
    _("A customer is told that the change of his order is done"),
    {**CHANGE, "cancelled": False},
)
Template(
    "changes.told",
    _("A department is told of an applied change and acknowledges it"),
    {**CHANGE, "customer": CUSTOMER, "department": "生产部", "why": "客户二期推迟"},
)
Template(
    "changes.delay",
    _("Production planning is asked whether a date can be kept"),
    {
        **EXTENSION,
        "customer": CUSTOMER,
        "wanted_on": date(2026, 9, 21),
        "what": "铜排供应商停产检修",
        "by": "陈雨",
    },
)
Template(
    "changes.planned",
    _("Production planning has said whether a date can be kept"),
    {
        **EXTENSION,
        "customer": CUSTOMER,
        "kept": False,
        "words": "外购件到货后需五天装配",
        "possible_on": date(2026, 9, 28),
    },
)
Template(
    "changes.extension",
    _("A contact is asked to agree to a later date"),
    {**EXTENSION, "link": LINK, "wanted_on": date(2026, 9, 21), "new_on": date(2026, 9, 28)},
)
Template(
    "changes.extension_answered",
    _("A customer has answered an extension request"),
    {
        **EXTENSION,
        "customer": CUSTOMER,
        "answer": "proposed",
        "words": "最迟 25 日到货",
        "proposed_on": date(2026, 9, 25),
    },
)
Template(
    "changes.request",
    _("A customer's request is passed to somebody"),
    {**REQUEST, "customer": CUSTOMER, "text": "柜体改为 RAL7032", "remarks": "请生产先看"},
)
Template(
    "changes.request_answered",
    _("A customer is told what becomes of his request"),
    {**REQUEST, "accepted": True, "text": "柜体改为 RAL7032", "answer": "可以，未喷涂部分按新颜色执行"},
)
Template(
    "changes.invite",
    _("A contact gets a link under which he hands in requests"),
    {"order": ORDER, "link": LINK},
)
