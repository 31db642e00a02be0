"""The customer's word about a sample: received, approved in writing, or what is to be changed (KF 3.2.2)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.outbox import queue
from crm.records.attachments import attach
from crm.refusals import only_the_customer
from orders.quotations import forms
from orders.quotations.models import Sample, SampleRound

S = Sample.Status
APPROVAL = "approval"  # the kind of an attachment that is the customer's signed approval


@action(Sample, label=gettext_lazy("The customer has it"), source={S.SENT}, target=S.RECEIVED)
def receive_sample(sample: Sample, *, by: User) -> None:
    """Note that the sample has arrived, as the customer says by his link, or as he is heard to say (KF 3.2.1)."""
    sample.rounds.filter(number=sample.round).update(received_on=clock.today())


@action(
    Sample,
    label=gettext_lazy("Approve the sample"),
    source={S.SENT, S.RECEIVED},
    target=S.APPROVED,
    form=forms.ApproveForm,
    unless=only_the_customer,
)
def approve_sample(sample: Sample, *, by: User, signed_by: str) -> None:
    """Take the customer's approval by his link: of this round, this batch and what exactly it is (KF 3.2.2)."""
    _answered(
        sample,
        outcome=SampleRound.Outcome.APPROVED,
        answered_how=SampleRound.How.LINK,
        signed_by=signed_by,
        signed_on=clock.today(),
    )


@action(
    Sample,
    label=gettext_lazy("Record the approval on paper"),
    source={S.SENT, S.RECEIVED},
    target=S.APPROVED,
    form=forms.SignedPaperForm,
)
def record_sample_approval(sample: Sample, *, by: User, paper: Any, signed_by: str, signed_on: date) -> None:
    """Keep the paper on which the customer approved this round: who signed, and when (KF 3.2.2)."""
    attach(sample, paper, by=by, kind=APPROVAL)
    _answered(
        sample,
        outcome=SampleRound.Outcome.APPROVED,
        answered_how=SampleRound.How.PAPER,
        signed_by=signed_by,
        signed_on=signed_on,
    )


@action(
    Sample,
    label=gettext_lazy("Not approved"),
    source={S.SENT, S.RECEIVED},
    target=S.DECLINED,
    form=forms.ChangesForm,
)
def decline_sample(sample: Sample, *, by: User, changes: str) -> None:
    """Take down what the customer wants to be changed; the next round begins with it (KF 3.2.2)."""
    _answered(
        sample,
        outcome=SampleRound.Outcome.DECLINED,
        answered_how=_how(by),
        changes=changes,
    )


def _how(by: User) -> str:
    return SampleRound.How.LINK if by.is_system else SampleRound.How.TOLD


def _answered(sample: Sample, **facts: Any) -> None:
    """Keep his word with the round that it is about, and tell those whom it concerns."""
    sample.rounds.filter(number=sample.round).update(answered_at=clock.now(), **facts)
    for user in {each.pk: each for each in (sample.owner, sample.maker) if each is not None}.values():
        queue.notify(
            user,
            "quotations.sample_answered",
            about=sample,
            context={
                "number": sample.number,
                "customer": sample.customer.name,
                "round": sample.round,
                "approved": facts["outcome"] == SampleRound.Outcome.APPROVED,
                "changes": facts.get("changes", ""),
                "signed_by": facts.get("signed_by", ""),
            },
            key=f"sample-answered-{sample.pk}-{sample.round}",
        )
