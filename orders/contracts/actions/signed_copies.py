"""The paper of a supplementary agreement: sent, its signed copy chased, marked, filed with the contract (KC 5.1.10)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.mailing import mail_link
from crm.links.making import end_links
from crm.outbox import queue
from crm.records.attachments import attach
from crm.refusals import Refused
from customers.models import Contact
from orders.contracts import forms
from orders.contracts.actions.paper import LINK_LASTS, SIGNED
from orders.contracts.models import SUPPLEMENT_PURPOSE, Supplement

U, Sent = Supplement.Status, Supplement.Sent


def _copy_is_back(supplement: Supplement, by: User) -> Refused | None:
    if supplement.lacks_copy or supplement.status != U.APPLIED:
        return None
    return Refused("returned", _("Its signed copy is back already."))


@action(
    Supplement,
    label=gettext_lazy("Send to the customer"),
    source={U.APPLIED},
    form=forms.SendSupplementForm,
    unless=_copy_is_back,
)
def send_supplement(
    supplement: Supplement, *, by: User, sent_how: str = Sent.LINK, contact: Contact | None = None
) -> None:
    """Send what was agreed anew to be signed: by a link under which it is printed, or as paper (KC 5.1.8, 5.1.10)."""
    if sent_how == Sent.LINK:
        contract = supplement.contract
        mail_link(
            supplement,
            SUPPLEMENT_PURPOSE,
            "contracts.sign_supplement",
            contact or contract.contact or contract.order.contact,
            {"number": supplement.number, "contract": contract.number, "why": supplement.why},
            by=by,
            valid_for=LINK_LASTS,
            remedy=_("Add one, choose another contact, or send it as paper."),
        )
    else:
        end_links(supplement, SUPPLEMENT_PURPOSE)
    supplement.sent_at, supplement.sent_how, supplement.copy_at = clock.now(), sent_how, None


def _not_with_him(supplement: Supplement, by: User) -> Refused | None:
    if refused := _copy_is_back(supplement, by):
        return refused
    if supplement.sent_at is None:
        return Refused("not_sent", _("It is not with the customer yet."), _("Send it to the customer first."))
    return None


@action(
    Supplement,
    label=gettext_lazy("Hand in the signed copy"),
    source={U.APPLIED},
    form=forms.SignedCopyForm,
    unless=_not_with_him,
)
def hand_in_supplement_copy(supplement: Supplement, *, by: User, scan: Any) -> None:
    """Take the signed copy that the customer uploads; sales support looks at it and marks it returned (KC 5.1.8)."""
    attach(supplement, scan, by=by, kind=SIGNED)
    supplement.copy_at = clock.now()
    contract = supplement.contract
    for user in {contract.owner_id: contract.owner, supplement.drafted_by_id: supplement.drafted_by}.values():
        queue.notify(
            user,
            "contracts.supplement_copy",
            about=supplement,
            context={"number": supplement.number, "customer": contract.customer.name},
            key=f"supplement-copy-{supplement.pk}-{supplement.version}",
        )


@action(
    Supplement,
    label=gettext_lazy("Signed copy is back"),
    source={U.APPLIED},
    form=forms.SupplementBackForm,
    unless=_copy_is_back,
)
def return_supplement(
    supplement: Supplement, *, by: User, signed_on: date, scan: Any = None, archive_place: str = ""
) -> None:
    """Mark the signed copy as returned, with its scan, and file it with the contract (KC 5.1.9, 5.1.10)."""
    if scan is None and supplement.copy_at is None:
        raise Refused("no_copy", _("The scan of the signed copy is missing."), _("Add it here."))
    if scan is not None:
        attach(supplement, scan, by=by, kind=SIGNED)
    supplement.signed_on, supplement.returned_at = signed_on, clock.now()
    supplement.archive_place = archive_place or supplement.contract.archive_place
    end_links(supplement, SUPPLEMENT_PURPOSE)
