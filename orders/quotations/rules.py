"""The time limits of samples and quotations."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from orders.quotations.models import Quotation, Sample

S, Q = Sample.Status, Quotation.Status

Rule(
    "sample.progress",
    "KF 3.2.1",
    label=_("Send the customer an update on his sample"),
    on=Sample,
    during=set(Sample.OURS),
    since="told_at",
    met_by=("quotations.tell_sample", "quotations.send_sample"),
    limit="3 wd",
)
Rule(
    "sample.made",
    "KF 3.2.1",
    label=_("Make a sample"),
    on=Sample,
    during={S.REQUESTED, S.MAKING},
    due="wanted_on",
    who=lambda sample: sample.maker or sample.owner,
    met_by="quotations.finish_sample",
    warn="1 wd",
    reads=("maker", "owner"),
)
Rule(
    "quotation.answer",
    "KF 3.1.9",
    label=_("Get the customer's answer before the quotation expires"),
    on=Quotation,
    during={Q.SENT, Q.WISHES},
    due="valid_until",
    met_by=(
        "quotations.accept_quotation",
        "quotations.record_acceptance",
        "quotations.decline_quotation",
        "quotations.revise_quotation",
    ),
    warn="2 wd",
    late="quotations.expire_quotation",
)
