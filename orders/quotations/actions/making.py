"""A sample is made, round by round, the customer is told how far it is, and it is sent to him (KF 3.2.1)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.making import end_links, make_link
from crm.outbox import queue
from crm.refusals import Refused
from crm.words import quantity
from customers.models import Contact
from orders.quotations import forms
from orders.quotations.actions.requesting import tell_maker
from orders.quotations.models import SAMPLE_LINK, Sample, SampleRound

S = Sample.Status
LINK_LASTS = timedelta(days=60)


@action(
    Sample,
    label=gettext_lazy("Start making the sample"),
    source={S.REQUESTED, S.DECLINED},
    target=S.MAKING,
    form=forms.StartForm,
)
def start_sample(sample: Sample, *, by: User, maker: User | None = None, expected_on: date | None = None) -> None:
    """Begin a round of the sample: who makes it, and when it is expected to be done (KF 3.2.1)."""
    if sample.status == S.DECLINED:
        sample.round += 1
    before, sample.maker = sample.maker_id, maker or sample.maker or by
    sample.expected_on = expected_on
    if sample.maker_id not in (before, by.pk):
        tell_maker(sample)


@action(
    Sample,
    label=gettext_lazy("The sample is made"),
    source={S.REQUESTED, S.MAKING},
    target=S.MADE,
    form=forms.FinishForm,
)
def finish_sample(sample: Sample, *, by: User, batch: str, specification: str) -> None:
    """Note what exactly was made, and of which batch; the goods asked for are kept beside it (KF 3.2.1)."""
    SampleRound.objects.create(
        sample=sample,
        number=sample.round,
        batch=batch,
        specification=specification,
        goods=_goods(sample),
        made_by=by,
    )
    if sample.owner_id != by.pk:
        queue.notify(
            sample.owner,
            "quotations.sample_made",
            about=sample,
            context={"number": sample.number, "customer": sample.customer.name, "batch": batch},
            key=f"sample-made-{sample.pk}-{sample.round}",
        )


def _goods(sample: Sample) -> list[dict[str, str]]:
    """The goods asked for in words and figures of the company's language, whoever writes them down."""
    lines = sample.lines.select_related("product", "unit").order_by("position")
    with override(settings.LANGUAGE_CODE):
        return [
            {
                "what": line.goods,
                "specification": line.specification,
                "quantity": quantity(line.quantity, str(line.unit or "")),
            }
            for line in lines
        ]


@action(
    Sample,
    label=gettext_lazy("Send the sample"),
    source={S.MADE},
    target=S.SENT,
    form=forms.SendSampleForm,
)
def send_sample(
    sample: Sample, *, by: User, carrier: str, sent_on: date, tracking: str = "", contact: Contact | None = None
) -> None:
    """Send the round that was made; the customer is told carrier and tracking number, and how to approve (KF 3.2.1)."""
    sample.contact = contact or sample.contact
    made = sample.rounds.get(number=sample.round)
    made.carrier, made.tracking, made.sent_on = carrier, tracking, sent_on
    made.sent_to = sample.contact.name if sample.contact else ""
    made.save(update_fields=["carrier", "tracking", "sent_on", "sent_to"])
    context = {"carrier": carrier, "tracking": tracking, "sent_on": sent_on, "batch": made.batch}
    _tell(sample, "quotations.sample_sent", context, text="", by=by)


@action(
    Sample,
    label=gettext_lazy("Send the customer a progress update"),
    source={S.REQUESTED, S.MAKING, S.MADE, S.SENT, S.RECEIVED, S.DECLINED},
    form=forms.TellSampleForm,
)
def tell_sample(sample: Sample, *, by: User, text: str, expected_on: date | None = None) -> None:
    """Tell the customer how far his sample is, by mail with his link, or by a call without an address (KF 3.2.1)."""
    sample.expected_on = expected_on or sample.expected_on
    _tell(sample, "quotations.sample_progress", {"progress": text, "expected_on": expected_on}, text=text, by=by)


def _tell(sample: Sample, template: str, facts: Mapping[str, Any], *, text: str, by: User) -> None:
    """One message to the contact: a mail with a link of his own, or a call task of the owner's without an address."""
    contact = sample.contact
    if contact is None:
        raise Refused("no_contact", _("There is nobody to tell."), _("Enter who receives the sample."))
    key = f"{template}-{sample.pk}-{sample.version}"
    context = {"number": sample.number, "round": sample.round, "link": "", **facts}
    if contact.email:
        end_links(sample, SAMPLE_LINK)
        link, context["link"] = make_link(
            SAMPLE_LINK, sample, by=by, contact_name=contact.name, language=contact.language, valid_for=LINK_LASTS
        )
        key = f"{key}-{link.pk}"
    queue.reach(contact, template=template, about=sample, context=context, key=key, assignee=sample.owner)
    sample.progress, sample.told_at = text, clock.now()
