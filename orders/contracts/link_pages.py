"""The page on which a customer reads and prints his contract, and hands in the copy that he has signed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.words import exact, money
from orders.contracts.models import LINK_PURPOSE, SUPPLEMENT_PURPOSE, Contract, Supplement
from orders.contracts.prints import sheet_of, supplement_sheet

S = Contract.Status
IN_WORDS = {  # of the customer, who knows nothing of classes and reviews
    S.IN_FORCE: _("We have your signed copy, and the contract is in force."),
    S.EXECUTED: _("This contract is carried out."),
    S.CANCELLED: _("This contract was cancelled."),
}


def state_of(contract: Contract) -> Any:
    """Where the contract stands, in one sentence to the customer."""
    return IN_WORDS.get(S(contract.status), _("We are revising this contract and will send it to you anew."))


def facts(contract: Contract, link: Link) -> list[tuple[Any, Any]]:
    """What he signs, in short; the whole text stands below."""
    return [
        (_("contract number"), contract.number),
        (_("order number"), contract.order.number),
        (_("total with tax"), money(contract.total)),
        (_("contract date"), exact(contract.delivery_on) if contract.delivery_on else ""),
    ]


def context(contract: Contract, link: Link) -> dict[str, Any]:
    """The contract as it is printed, as long as it is his to sign."""
    return {"paper": sheet_of(contract)} if contract.status == S.SENT else {}


def receipt(contract: Contract, link: Link) -> list[tuple[Any, Any]]:
    """That his copy has arrived."""
    return [
        (_("contract number"), contract.number),
        (_("signed copy handed in"), exact(contract.copy_at) if contract.copy_at else ""),
    ]


LinkPage(
    LINK_PURPOSE,
    title=_("Your contract"),
    lead=_("Please print it, sign and seal it, and hand in a scan or photo of all pages below."),
    verbs=("contracts.hand_in_signed_copy",),
    facts=facts,
    context=context,
    buttons={"contracts.hand_in_signed_copy": _("Hand in the signed copy")},
    template="links/contract.html",
    receipt=receipt,
    state=state_of,
)


def supplement_facts(supplement: Supplement, link: Link) -> list[tuple[Any, Any]]:
    """What he signs, in short; the whole text stands below."""
    return [
        (_("number"), supplement.number),
        (_("contract number"), supplement.contract.number),
        (_("reason, and initiated by whom"), supplement.why),
        (_("effective from"), exact(supplement.effective_on)),
    ]


def supplement_context(supplement: Supplement, link: Link) -> dict[str, Any]:
    """The supplementary agreement as it is printed, as long as its copy is not back."""
    return supplement_sheet(supplement) if supplement.lacks_copy else {}


def supplement_receipt(supplement: Supplement, link: Link) -> list[tuple[Any, Any]]:
    """That his copy has arrived."""
    return [
        (_("number"), supplement.number),
        (_("signed copy handed in"), exact(supplement.copy_at) if supplement.copy_at else ""),
    ]


LinkPage(
    SUPPLEMENT_PURPOSE,
    title=_("Your supplementary agreement"),
    lead=_("Please print it, sign and seal it, and hand in a scan or photo of all pages below."),
    verbs=("contracts.hand_in_supplement_copy",),
    facts=supplement_facts,
    context=supplement_context,
    buttons={"contracts.hand_in_supplement_copy": _("Hand in the signed copy")},
    template="links/supplement.html",
    receipt=supplement_receipt,
    state=lambda supplement: _("We have your signed copy; it is filed with the contract."),
)
