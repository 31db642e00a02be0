"""The contract as a paper: made from a template, sent, its signed copy chased, marked, filed (KC 5.1.6-5.1.9)."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.mailing import mail_link
from crm.links.making import end_links
from crm.outbox import queue
from crm.records.attachments import attach
from crm.refusals import Refused
from crm.words import exact
from customers.models import Contact
from orders.contracts import forms
from orders.contracts.actions.review import order_differs
from orders.contracts.actions.terms import judge_kinder_terms, let_order_follow_terms
from orders.contracts.models import LINK_PURPOSE, Contract, ContractTemplate
from orders.contracts.texts import STANDARD, filled_in

S = Contract.Status
LINK_LASTS = timedelta(days=30)
SIGNED = "signed"  # the kind of an attachment that is the signed copy


def parties(contract: Contract) -> dict[str, dict[str, str]]:
    """Seller and buyer as they stand on the paper, kept with it."""
    customer, contact = contract.customer, contract.contact or contract.order.contact
    address = customer.addresses.order_by("pk").first()
    return {
        "seller": {
            "name": settings.COMPANY_NAME,
            "address": settings.COMPANY_ADDRESS,
            "phone": settings.COMPANY_PHONE,
            "person": contract.owner.name,
        },
        "buyer": {
            "name": customer.name,
            "address": address.text if address else "",
            "phone": "",
            "person": contact.name if contact else "",
        },
    }


def articles(contract: Contract, text: str) -> str:
    """The text of a template with what was reviewed; a contract is written in Chinese, whoever makes it."""
    with override("zh-hans"):
        terms = contract.get_payment_terms_display() if contract.payment_terms else ""
        if contract.payment_days:
            terms = f"{terms}，{contract.payment_days} 天"
        values = {
            "quality": contract.quality,
            "packing": contract.packing,
            "delivery_on": exact(contract.delivery_on) if contract.delivery_on else "",
            "place": contract.place,
            "transport": contract.transport,
            "payment": "；".join(filter(None, [terms, contract.payment])),
            "valid_until": exact(contract.valid_until) if contract.valid_until else "合同履行完毕",
            "other": contract.other,
        }
        return filled_in(text, values)


@action(
    Contract,
    label=gettext_lazy("Make the contract"),
    source={S.PASSED, S.MADE},
    target=S.MADE,
    form=forms.MakeForm,
    unless=order_differs,
)
def make_contract(
    contract: Contract,
    *,
    by: User,
    template: ContractTemplate | None = None,
    signed_place: str = "",
    valid_until: date | None = None,
) -> None:
    """Make the sales contract (产品购销合同) of what was reviewed, from a template (KC 5.1.7)."""
    contract.signed_place, contract.valid_until = signed_place, valid_until
    contract.parties = parties(contract)
    contract.text = articles(contract, template.text if template else STANDARD)
    contract.made_at = clock.now()


@action(
    Contract,
    label=gettext_lazy("Send to the customer"),
    source={S.MADE, S.SENT},
    target=S.SENT,
    form=forms.SendForm,
    unless=order_differs,
)
def send_contract(contract: Contract, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer a link under which he prints the contract and hands in the signed copy (KC 5.1.8)."""
    contact = contact or contract.contact or contract.order.contact
    mail_link(
        contract,
        LINK_PURPOSE,
        "contracts.sign",
        contact,
        {"number": contract.number, "total": contract.total, "order": contract.order.number},
        by=by,
        valid_for=LINK_LASTS,
        remedy=_("Add one, or choose another contact."),
    )
    contract.sent_at = clock.now()
    contract.copy_at = None


@action(
    Contract,
    label=gettext_lazy("Hand in the signed copy"),
    source={S.SENT},
    form=forms.SignedCopyForm,
)
def hand_in_signed_copy(contract: Contract, *, by: User, scan: Any) -> None:
    """Take the signed copy that the customer uploads; sales support looks at it and marks it returned (KC 5.1.8)."""
    attach(contract, scan, by=by, kind=SIGNED)
    contract.copy_at = clock.now()
    for user in {contract.owner_id: contract.owner, contract.recorded_by_id: contract.recorded_by}.values():
        queue.notify(
            user,
            "contracts.copy",
            about=contract,
            context={"number": contract.number, "customer": contract.customer.name},
            key=f"contract-copy-{contract.pk}-{contract.version}",
        )


@action(
    Contract,
    label=gettext_lazy("Signed copy is back"),
    source={S.SENT},
    target=S.IN_FORCE,
    form=forms.ReturnedForm,
    unless=order_differs,
)
def mark_returned(contract: Contract, *, by: User, signed_on: date, scan: Any = None) -> None:
    """Mark the signed copy as returned, with its scan; from now on the contract is in force (KC 5.1.9)."""
    if scan is None and contract.copy_at is None:
        raise Refused("no_copy", _("The scan of the signed copy is missing."), _("Add it here."))
    if scan is not None:
        attach(contract, scan, by=by, kind=SIGNED)
    contract.signed_on, contract.returned_at = signed_on, clock.now()
    if let_order_follow_terms(contract, contract.payment_terms, contract.payment_days):
        judge_kinder_terms(contract.order)
    end_links(contract, LINK_PURPOSE)
    queue.notify(
        contract.owner,
        "contracts.in_force",
        about=contract,
        context={
            "number": contract.number,
            "customer": contract.customer.name,
            "delivery_on": contract.delivery_on,
        },
        key=f"contract-in-force-{contract.pk}",
    )


def _filed(contract: Contract, by: User) -> Refused | None:
    if contract.archived_at is None:
        return None
    return Refused("archived", _("It is filed already: %(place)s.") % {"place": contract.archive_place})


@action(
    Contract,
    label=gettext_lazy("File it"),
    source=set(Contract.BINDING),
    form=forms.ArchiveForm,
    unless=_filed,
)
def archive_contract(contract: Contract, *, by: User, archive_place: str) -> None:
    """File the signed contract together with its review form (KC 5.1.9)."""
    contract.archive_place, contract.archived_at = archive_place, clock.now()
