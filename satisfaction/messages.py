"""The messages of this app."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NUMBER, NAME, LINK = "DC2026-000001", "2026 年度顾客满意度调查", "https://example.com/l/…"

Template(
    "satisfaction.survey",
    _("A customer is asked how satisfied he is, or reminded of it"),
    {"link": LINK, "until": date(2026, 7, 31), "anonymous": False, "again": False, "items": 12},
)
Template(
    "satisfaction.low",
    _("An owner is told at once that a customer is not satisfied"),
    {"number": f"{NUMBER}-0001", "customer": "渝北晨光商贸", "items": "按约定时间交货", "remarks": "等了两个小时"},
)
Template(
    "satisfaction.report",
    _("The head of a department gets the report of a survey"),
    {"number": NUMBER, "name": NAME, "department": "仓储部"},
)
Template(
    "satisfaction.review",
    _("Who sits in the management review gets a copy of a survey's report"),
    {"number": NUMBER, "name": NAME, "by": "王敏", "words": "请在九月的管理评审会上讨论"},
)
Template(
    "satisfaction.proposed",
    _("The supervisor is told that the yearly survey is proposed"),
    {"number": NUMBER, "name": NAME, "customers": 200},
)
Template(
    "satisfaction.held_back",
    _("Who runs an anonymous survey is told that nobody is reminded today"),
    {"number": NUMBER, "name": NAME},
)
Template(
    "satisfaction.to_send",
    _("A colleague is told to send his customers the survey"),
    {"number": NUMBER, "name": NAME, "customers": 12},
)
