"""The messages of this app."""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NUMBER, CUSTOMER = "SO2026-000123", "渝北晨光商贸"
STARTS, ENDS = datetime(2026, 9, 21, 1, 0, tzinfo=UTC), datetime(2026, 9, 21, 3, 0, tzinfo=UTC)

Template(
    "pickup.stock_ready",
    _("The goods of an order are ready"),
    {"number": NUMBER, "customer": CUSTOMER, "missing": "", "remarks": ""},
)
Template(
    "pickup.stock_short",
    _("Goods of an order are short"),
    {"number": NUMBER, "customer": CUSTOMER, "missing": "1. 配电箱: 12", "remarks": ""},
)
Template(
    "pickup.notice",
    _("A customer is told when and where to collect"),
    {
        "number": NUMBER,
        "code": "48205176",
        "starts_at": STARTS,
        "ends_at": ENDS,
        "place": "渝北自提点",
        "address": "重庆市渝北区金开大道 88 号",
        "map": "",
        "phone": "023-63860000",
        "link": "https://example.com/l/…",
    },
)
Template(
    "pickup.moved",
    _("A customer is told that his pickup was moved"),
    {
        "number": NUMBER,
        "code": "48205176",
        "starts_at": STARTS,
        "ends_at": ENDS,
        "place": "渝北自提点",
        "address": "重庆市渝北区金开大道 88 号",
    },
)
Template(
    "pickup.reminder",
    _("A customer is reminded that his answer to the notice is awaited"),
    {
        "number": NUMBER,
        "starts_at": STARTS,
        "ends_at": ENDS,
        "place": "渝北自提点",
        "phone": "023-63860000",
        "link": "https://example.com/l/…",
    },
)
Template(
    "pickup.unanswered",
    _("A customer has not answered the notice and is called"),
    {"number": NUMBER, "starts_at": STARTS, "ends_at": ENDS, "place": "渝北自提点"},
)
Template(
    "pickup.handed_over",
    _("Goods were handed over"),
    {
        "number": NUMBER,
        "customer": CUSTOMER,
        "collector": "王小明",
        "record": "PR2026-000045",
        "goods": "1. 配电箱: 10 件",
        "differences": "",
        "objection": "",
    },
)
Template(
    "pickup.books_disagree",
    _("Stock is not the sum of its movements"),
    {"number": 1, "items": "渝北自提点 · 配电箱 B1: 12 / 10"},
)
Template(
    "pickup.another",
    _("A customer who did not come is offered another window"),
    {
        "number": NUMBER,
        "starts_at": STARTS,
        "ends_at": ENDS,
        "phone": "023-63860000",
        "link": "https://example.com/l/…",
    },
)
Template(
    "pickup.missed",
    _("A customer did not come"),
    {"number": NUMBER, "customer": CUSTOMER, "window": "2026-09-21 09:00-11:00"},
)
