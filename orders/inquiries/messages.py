"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

SAMPLE = {"number": "IQ2026-000123", "name": "渝北晨光商贸", "matter": "配电箱 50 台的价格和交期？"}

Template(
    "inquiries.important",
    _("An important customer asks"),
    {"customer": SAMPLE["name"], "number": SAMPLE["number"], "matter": SAMPLE["matter"]},
)
Template("inquiries.passed_on", _("An inquiry was passed on"), {**SAMPLE, "by": "李娜", "remarks": ""})
Template(
    "inquiries.answer",
    _("The answer to an inquiry"),
    {
        **SAMPLE,
        "answer": "可供货，三个工作日内备齐。",
        "by": "李娜",
        "phone": "023-63860000",
        "address": "重庆市渝北区",
    },
)
