"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NUMBER, LINK = "TS2026-000007", "https://example.com/l/…"

Template(
    "complaints.news",
    _("A colleague is told what is to be done about a complaint"),
    {
        "number": NUMBER,
        "customer": "渝北晨光商贸",
        "content": "柜门划伤，两台漆面脱落",
        "news": "registered",
        "words": "",
    },
)
Template(
    "complaints.number",
    _("A customer gets the number of his complaint and a link"),
    {"number": NUMBER, "link": LINK},
)
Template(
    "complaints.plan",
    _("A customer is asked to agree to the plan of his complaint"),
    {"number": NUMBER, "link": LINK},
)
Template(
    "complaints.told",
    _("A customer is told the result of his complaint"),
    {"number": NUMBER, "link": LINK, "result": "两台柜门已更换，补偿运费 300 元"},
)
Template(
    "complaints.withdrawn",
    _("A customer is told that his complaint was withdrawn"),
    {"number": NUMBER, "link": LINK, "why": "double", "same": "TS2026-000006"},
)
