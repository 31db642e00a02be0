"""The messages of this app."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NUMBER, CUSTOMER = "SO2026-000123", "渝北晨光商贸"

Template(
    "orders.sent_back",
    _("An application was sent back"),
    {"number": NUMBER, "customer": CUSTOMER, "mend": "补充联系人电话"},
)
Template(
    "orders.allocated",
    _("An order was allocated to somebody"),
    {"number": NUMBER, "customer": CUSTOMER, "total": "¥12,800.00"},
)
Template(
    "orders.changes",
    _("A customer asks for changes before he confirms"),
    {"number": NUMBER, "customer": CUSTOMER, "wishes": "数量改为 60 台"},
)
Template(
    "orders.confirm",
    _("A contact is asked to confirm an order"),
    {"number": NUMBER, "total": "¥12,800.00", "wanted_on": date(2026, 9, 21), "link": "https://example.com/l/…"},
)
Template(
    "orders.problem",
    _("An owner raises a problem to the order desk"),
    {"number": NUMBER, "customer": CUSTOMER, "owner": "陈雨", "problem": "铜排缺货，供应商推迟一周"},
)
Template(
    "orders.session",
    _("The head of a department is told what a joint session settled"),
    {"number": NUMBER, "customer": CUSTOMER, "topic": "铜排缺货", "minutes": "采购部周三前到货", "by": "陈雨"},
)
Template(
    "orders.progress",
    _("A progress update on an order goes to its customer"),
    {"number": NUMBER, "progress": "柜体已装配，正在接线", "expected_on": date(2026, 9, 18)},
)
Template(
    "orders.shipping",
    _("A customer is told of a shipment beforehand"),
    {
        "number": NUMBER,
        "ships_on": date(2026, 9, 21),
        "goods": "配电箱 10 台",
        "documents": "送货单、合格证",
        "transport": "渝A12345，上午发车",
        "place": "重庆市渝北区金开大道 88 号",
    },
)
