"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NUMBER, COMPLAINT, GOODS = "TH2026-000003", "TS2026-000007", "1. 配电箱 B1 2 件"

Template(
    "returns.news",
    _("A colleague is told what is to be done about goods that come back"),
    {
        "number": NUMBER,
        "complaint": COMPLAINT,
        "customer": "渝北晨光商贸",
        "goods": GOODS,
        "warehouse": "渝北自提点",
        "news": "signed",
        "words": "",
    },
)
Template(
    "returns.bring",
    _("A customer is told where to bring the goods that he gives back"),
    {
        "number": NUMBER,
        "complaint": COMPLAINT,
        "goods": GOODS,
        "warehouse": "渝北自提点",
        "address": "重庆市渝北区金开大道 88 号",
        "phone": "023-6700 0000",
    },
)
