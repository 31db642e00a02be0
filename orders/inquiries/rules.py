"""The time limits of inquiries."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from orders.inquiries.models import Inquiry

S = Inquiry.Status
UNANSWERED = {S.OPEN, S.PASSED}

Rule(
    "inquiry.reply",
    "JD 2.1, KH 3.2, 3.3",
    label=_("Answer an inquiry"),
    on=Inquiry,
    during=UNANSWERED,
    when=lambda inquiry: not inquiry.urgent,
    since="received_at",
    met_by="inquiries.answer_inquiry",
    limit="1 wd",
)
Rule(
    "inquiry.reply.urgent",
    "KH 3.2, KF 3.1.2",
    label=_("Answer an urgent inquiry"),
    on=Inquiry,
    during=UNANSWERED,
    when=lambda inquiry: inquiry.urgent,
    since="received_at",
    met_by="inquiries.answer_inquiry",
    limit="2 wh",
)
Rule(
    "inquiry.callback",
    "KF 3.1.2",
    label=_("Call after a written answer"),
    on=Inquiry,
    during={S.ANSWERED},
    when=lambda inquiry: inquiry.in_writing and inquiry.called_back_at is None,
    since="answered_at",
    met_by="inquiries.call_back",
    limit="2 wh",
)
Rule(
    "inquiry.application",
    "JD 2.2, 6.1",
    label=_("Take the order, or close the inquiry"),
    on=Inquiry,
    during={S.OPEN, S.PASSED, S.ANSWERED},
    since="received_at",
    met_by=("orders.order_inquiry", "inquiries.close_inquiry"),
    limit="2 wd",
)
