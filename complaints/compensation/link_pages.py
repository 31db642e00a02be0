"""The page on which a customer reads and prints the agreement, and hands in the copy that he has signed and sealed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.compensation.actions.agreeing import OURS
from complaints.compensation.models import LINK_PURPOSE, Agreement
from complaints.compensation.prints import paper_of
from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.records.models import Attachment
from crm.words import exact, money

A = Agreement.Status
IN_WORDS = {
    A.IN_FORCE: _("Both of us have signed this agreement, and it is in force."),
    A.DROPPED: _("This agreement was withdrawn; we will come back to you."),
}


def state_of(agreement: Agreement) -> Any:
    """Where the agreement stands, in one sentence to the customer."""
    return IN_WORDS.get(A(agreement.status), _("We are waiting for your signed and sealed copy."))


def facts(agreement: Agreement, link: Link) -> list[tuple[Any, Any]]:
    """What he signs, in short; the whole text stands below."""
    rows: list[tuple[Any, Any]] = [
        (_("agreement number"), agreement.number),
        (_("complaint number"), agreement.complaint.number),
    ]
    if agreement.order:
        rows.append((_("order number"), agreement.order.number))
    if agreement.amount:
        rows.append((_("amount"), money(agreement.amount)))
    return rows


def context(agreement: Agreement, link: Link) -> dict[str, Any]:
    """The agreement as it is printed, as long as it is his to sign."""
    return paper_of(agreement) if agreement.status == A.SEALED else {}


def our_copy(agreement: Agreement, link: Link) -> list[Attachment]:
    """The scan of the paper with our signature and seal, for him to print, as long as it is his to sign."""
    if agreement.status != A.SEALED:
        return []
    return list(Attachment.objects.about(agreement).filter(kind=OURS))


def receipt(agreement: Agreement, link: Link) -> list[tuple[Any, Any]]:
    """That his copy has arrived."""
    return [
        (_("agreement number"), agreement.number),
        (_("signed copy handed in"), exact(agreement.copy_at) if agreement.copy_at else ""),
    ]


LinkPage(
    LINK_PURPOSE,
    title=_("Your supplementary agreement"),
    lead=_("Please print it, sign and seal it, and hand in a scan or photo of all pages below."),
    verbs=("compensation.hand_in_agreement",),
    facts=facts,
    context=context,
    buttons={"compensation.hand_in_agreement": _("Hand in the signed copy")},
    template="compensation/sign.html",
    receipt=receipt,
    files=our_copy,
    state=state_of,
)
