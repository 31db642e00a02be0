"""The customer's answer to a quotation: accepted in writing, declined, or changes wished (KF 3.1.9)."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.making import end_links
from crm.outbox import queue
from crm.records.attachments import attach
from crm.refusals import Refused, only_the_customer
from crm.words import money
from orders.quotations import forms
from orders.quotations.actions.offering import is_over, mark
from orders.quotations.models import LINK_PURPOSE, Quotation, QuotationVersion

S, OUTCOME, HOW = Quotation.Status, QuotationVersion.Outcome, QuotationVersion.How
ACCEPTANCE = "acceptance"  # the kind of an attachment that is the customer's signed acceptance


def _his_word(quotation: Quotation, by: User) -> Refused | None:
    return only_the_customer(quotation, by) or is_over(quotation, by)


@action(
    Quotation,
    label=gettext_lazy("Accept the quotation"),
    source={S.SENT},
    target=S.ACCEPTED,
    form=forms.ApproveForm,
    unless=_his_word,
)
def accept_quotation(quotation: Quotation, *, by: User, signed_by: str) -> None:
    """Take the customer's acceptance of the latest version by his link, as long as it is valid (KF 3.1.9)."""
    _answered(quotation, outcome=OUTCOME.ACCEPTED, answered_how=HOW.LINK, signed_by=signed_by, signed_on=clock.today())


@action(
    Quotation,
    label=gettext_lazy("Record the acceptance on paper"),
    source={S.SENT, S.WISHES, S.EXPIRED},  # what was signed in time counts, whenever the paper arrives
    target=S.ACCEPTED,
    form=forms.SignedPaperForm,
)
def record_acceptance(quotation: Quotation, *, by: User, paper: Any, signed_by: str, signed_on: date) -> None:
    """Keep the paper on which the customer accepted the latest version: who signed, and when (KF 3.1.9)."""
    sent = quotation.current.sent_at
    if sent is not None and signed_on < timezone.localdate(sent):
        raise Refused("signed_too_early", _("This version was sent only after that day."), _("Check the day."))
    if signed_on > quotation.valid_until:
        raise Refused(
            "signed_too_late",
            _("This quotation was valid until %(day)s.") % {"day": f"{quotation.valid_until:%Y-%m-%d}"},
            _("A new version can be made of it."),
        )
    attach(quotation, paper, by=by, kind=ACCEPTANCE)
    _answered(quotation, outcome=OUTCOME.ACCEPTED, answered_how=HOW.PAPER, signed_by=signed_by, signed_on=signed_on)


@action(
    Quotation,
    label=gettext_lazy("Changes wished"),
    source={S.SENT},
    target=S.WISHES,
    form=forms.ChangesForm,
    unless=is_over,
)
def ask_quotation_changes(quotation: Quotation, *, by: User, changes: str) -> None:
    """Take down what the customer wants to be different before he accepts; the next version answers it (KF 3.1.9)."""
    _answered(quotation, outcome=OUTCOME.WISHES, answered_how=_how(by), answer=changes)


@action(
    Quotation,
    label=gettext_lazy("Declined by the customer"),
    source={S.SENT, S.WISHES},
    target=S.DECLINED,
    form=forms.DeclineForm,
    unless=is_over,
)
def decline_quotation(quotation: Quotation, *, by: User, reason: str) -> None:
    """Take down that the customer declines, and why (KF 3.1.9)."""
    _answered(quotation, outcome=OUTCOME.DECLINED, answered_how=_how(by), answer=reason)


def _how(by: User) -> str:
    return HOW.LINK if by.is_system else HOW.TOLD


def _answered(quotation: Quotation, **facts: Any) -> None:
    """Keep his answer with the version that it is about, end what else he has in hand, and tell the owner."""
    quotation.answered_at = clock.now()
    mark(quotation, answered_at=quotation.answered_at, **facts)
    end_links(quotation, LINK_PURPOSE)
    queue.notify(
        quotation.owner,
        "quotations.answered",
        about=quotation,
        context={
            "number": quotation.number,
            "customer": quotation.customer.name,
            "total": money(quotation.total),
            "outcome": str(facts["outcome"]),
            "words": facts.get("answer", ""),
            "signed_by": facts.get("signed_by", ""),
        },
        key=f"quotation-answered-{quotation.pk}-{quotation.latest}-{quotation.version}",
    )
