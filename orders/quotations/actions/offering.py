"""A quotation is sent to the customer, expires with its day, or is withdrawn (KF 3.1.9)."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.links.mailing import mail_link
from crm.links.making import end_links
from crm.outbox import queue
from crm.refusals import Refused
from crm.words import money
from customers.models import Contact
from orders.quotations import forms
from orders.quotations.models import LINK_PURPOSE, Quotation, QuotationVersion, Sample

S, OUTCOME = Quotation.Status, QuotationVersion.Outcome
EXPLAINED_FOR = timedelta(days=60)  # how long after its last day the link still says that it is over, and whom to call


def mark(quotation: Quotation, **facts: Any) -> None:
    """Write down of the version that counts what became of it."""
    QuotationVersion.objects.filter(quotation=quotation, number=quotation.latest).update(**facts)


def is_over(quotation: Quotation, by: User) -> Refused | None:
    """Why a quotation cannot be answered any more: its day has passed."""
    if not quotation.is_over:
        return None
    return Refused(
        "quotation_over",
        _("This quotation was valid until %(day)s.") % {"day": f"{quotation.valid_until:%Y-%m-%d}"},
        _("A new version can be made of it."),
    )


def ordered(found: Quotation | Sample, by: User) -> Refused | None:
    """Why nothing else can become of it: there is an order of it."""
    if found.order_id is None:
        return None
    return Refused("ordered", _("There is an order of it already: %(number)s.") % {"number": found.order})


def _not_to_be_sent(quotation: Quotation, by: User) -> Refused | None:
    if over := is_over(quotation, by):
        return over
    if quotation.low_price and not quotation.current.price_reason:
        return Refused(
            "price_too_low",
            _("A price is below the lowest of the list, and nobody has allowed it yet."),
            _("Ask for the low price, or raise it."),
        )
    return None


@action(
    Quotation,
    label=gettext_lazy("Send to the customer"),
    source={S.DRAFT, S.SENT},
    target=S.SENT,
    form=forms.SendQuotationForm,
    unless=_not_to_be_sent,
)
def send_quotation(
    quotation: Quotation, *, by: User, contact: Contact | None = None, how: str = forms.SendQuotationForm.MAIL
) -> None:
    """Mail the contact a link under which he reads and answers it, or note that he has it on paper (KF 3.1.9)."""
    contact = contact or quotation.contact
    if contact is None:
        raise Refused("no_contact", _("There is nobody to send it to."), _("Choose a contact."))
    if how == forms.SendQuotationForm.MAIL:
        _mail(quotation, contact, by=by)
    else:
        end_links(quotation, LINK_PURPOSE)
    quotation.contact = contact
    quotation.offered_at = quotation.offered_at or clock.now()
    # Sent again it is the same version: he had it from the first time on, and may have signed it since.
    sent_at = quotation.current.sent_at or clock.now()
    mark(quotation, outcome=OUTCOME.SENT, sent_at=sent_at, sent_to=contact.name)


def _mail(quotation: Quotation, contact: Contact, *, by: User) -> None:
    last_moment = timezone.make_aware(datetime.combine(quotation.valid_until, time.max))
    mail_link(
        quotation,
        LINK_PURPOSE,
        "quotations.offer",
        contact,
        {
            "number": quotation.number,
            "version": quotation.latest,
            "total": money(quotation.total),
            "valid_until": quotation.valid_until,
        },
        by=by,
        valid_for=last_moment - clock.now() + EXPLAINED_FOR,
        remedy=_("Add one, choose another contact, or hand it over on paper."),
    )


def _still_valid(quotation: Quotation, by: User) -> Refused | None:
    return None if quotation.is_over else Refused("still_valid", _("This quotation is still valid."))


@action(
    Quotation,
    label=gettext_lazy("Note that it has expired"),
    source={S.SENT, S.WISHES},
    target=S.EXPIRED,
    unless=_still_valid,
)
def expire_quotation(quotation: Quotation, *, by: User) -> None:
    """Let a quotation end with its last day, as nobody accepted it; the clock does this (KF 3.1.9)."""
    mark(quotation, outcome=OUTCOME.EXPIRED)
    queue.notify(
        quotation.owner,
        "quotations.expired",
        about=quotation,
        context={
            "number": quotation.number,
            "customer": quotation.customer.name,
            "valid_until": quotation.valid_until,
        },
        key=f"quotation-expired-{quotation.pk}-{quotation.latest}",
    )


@action(
    Quotation,
    label=gettext_lazy("Withdraw"),
    source={S.DRAFT, S.SENT, S.WISHES, S.ACCEPTED, S.DECLINED, S.EXPIRED},
    target=S.WITHDRAWN,
    form=ReasonForm,
    unless=ordered,
)
def withdraw_quotation(quotation: Quotation, *, by: User, reason: str) -> None:
    """Take a quotation back of which nothing was ordered, with the reason; the customer's link says so (KF 3.1.9)."""
    quotation.reason = reason
    end_links(quotation, LINK_PURPOSE)
    if quotation.current.outcome in (OUTCOME.DRAFT, OUTCOME.SENT):
        mark(quotation, outcome=OUTCOME.WITHDRAWN)
