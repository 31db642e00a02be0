"""The supplementary agreement: signed and sealed by us, then by the customer; from then on it acts (KC 5.2.3.3)."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from complaints.actions.measures import note_if_all_is_done
from complaints.carrying import only_who_carries_it
from complaints.compensation import forms
from complaints.compensation.models import LINK_PURPOSE, Agreement
from complaints.compensation.people import sealers
from complaints.compensation.telling import Step, tell
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.mailing import mail_link
from crm.links.making import end_links
from crm.records.attachments import attach
from crm.refusals import Refused, only_the_system
from customers.models import Contact
from orders.actions import grant_allowance

A = Agreement.Status
LINK_LASTS = timedelta(days=30)
OURS, SIGNED = "our_copy", "signed"  # the kinds of its attachments


def _his_own(agreement: Agreement, by: User) -> Refused | None:
    """Nobody signs or seals for the company what he has written himself."""
    if by.pk != agreement.plan.written_by_id:
        return None
    return Refused(
        "own_plan",
        _("You have written the plan of this agreement yourself."),
        _("Somebody else who may do this signs and seals it."),
    )


@action(
    Agreement,
    label=gettext_lazy("Sign the agreement"),
    source={A.DRAFTED},
    target=A.SIGNED,
    unless=_his_own,
)
def sign_agreement(agreement: Agreement, *, by: User) -> None:
    """Sign the agreement for the company, as the approved plan has it (KC 5.2.3.3)."""
    agreement.signed_by, agreement.signed_at = by, clock.now()
    complaint = agreement.complaint
    tell(complaint, Step.SEAL, sealers(complaint), by=by, paper=agreement.number, key=str(agreement.pk))


@action(
    Agreement,
    label=gettext_lazy("Seal the agreement"),
    source={A.SIGNED},
    target=A.SEALED,
    form=forms.SealForm,
    unless=_his_own,
)
def seal_agreement(agreement: Agreement, *, by: User, scan: Any = None) -> None:
    """Put the company's seal on the signed agreement; it goes to the customer then (KC 5.2.3.3)."""
    agreement.sealed_by, agreement.sealed_at = by, clock.now()
    if scan:
        attach(agreement, scan, by=by, kind=OURS)
    people = [agreement.complaint.owner]
    tell(agreement.complaint, Step.SEND, people, by=by, paper=agreement.number, key=str(agreement.pk))


def _not_to_send(agreement: Agreement, by: User) -> Refused | None:
    """It is sent by who carries the complaint, or by who keeps the seal."""
    return None if by in sealers(agreement.complaint) else only_who_carries_it(agreement.complaint, by)


@action(
    Agreement,
    label=gettext_lazy("Send to the customer"),
    source={A.SEALED},
    form=forms.SendForm,
    unless=_not_to_send,
)
def send_agreement(agreement: Agreement, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer a link under which he prints the agreement and hands in his signed copy (KC 5.2.3.3)."""
    complaint = agreement.complaint
    mail_link(
        agreement,
        LINK_PURPOSE,
        "compensation.sign",
        contact or complaint.contact,
        {"number": agreement.number, "complaint": complaint.number},
        by=by,
        valid_for=LINK_LASTS,
        remedy=_("Add one, choose another contact, or print the agreement and hand it over."),
    )
    agreement.sent_at = clock.now()


@action(Agreement, label=gettext_lazy("Hand in the signed copy"), source={A.SEALED}, form=forms.CopyForm)
def hand_in_agreement(agreement: Agreement, *, by: User, name: str, scan: Any) -> None:
    """Take the copy that the customer has signed and sealed; sales support looks at it then (KC 5.2.3.3)."""
    attach(agreement, scan, by=by, kind=SIGNED)
    agreement.copy_at, agreement.his_name = clock.now(), name
    complaint = agreement.complaint
    people = [complaint.owner, *sealers(complaint)]
    tell(complaint, Step.COPY, people, by=by, paper=agreement.number, key=f"{agreement.pk}-{agreement.version}")


def _his_signature(agreement: Agreement, by: User) -> Refused | None:
    """Nobody who signed for the company, or wrote the plan, finds by himself that the customer has signed too."""
    if by.pk != agreement.signed_by_id:
        return _his_own(agreement, by)
    return Refused(
        "own_signature",
        _("You have signed this agreement for the company yourself."),
        _("Somebody else who keeps the seal looks at the customer's copy."),
    )


@action(
    Agreement,
    label=gettext_lazy("Signed copy is back"),
    source={A.SEALED},
    target=A.IN_FORCE,
    form=forms.BackForm,
    unless=_his_signature,
)
def return_agreement(agreement: Agreement, *, by: User, his_name: str, his_day: date, scan: Any = None) -> None:
    """Find that the customer has signed and sealed it: it is in force, and its amount is taken off (KC 5.2.3.3).

    Raises Refused without his copy, and where the order does not cost so much any more.
    """
    if not scan and agreement.copy_at is None:
        raise Refused("no_copy", _("The scan of the signed copy is missing."), _("Add it here."))
    if scan:
        attach(agreement, scan, by=by, kind=SIGNED)
        agreement.copy_at = agreement.copy_at or clock.now()
    agreement.his_name, agreement.his_day, agreement.in_force_at = his_name, his_day, clock.now()
    if agreement.amount:
        _take_off(agreement)
    agreement.save()  # whoever asks what is missing must find it so
    end_links(agreement, LINK_PURPOSE)
    complaint = Complaint.objects.select_related("customer", "owner").get(pk=agreement.complaint_id)
    people = [complaint.owner, agreement.plan.person]
    tell(complaint, Step.IN_FORCE, people, by=by, paper=agreement.number, key=str(agreement.pk))
    note_if_all_is_done(complaint)


def _take_off(agreement: Agreement) -> None:
    order, amount = agreement.order, agreement.amount
    assert order is not None and amount is not None  # where there is an amount, there is an order
    order.refresh_from_db()
    agreement.due_before = order.due
    with override(settings.LANGUAGE_CODE):  # the reason is kept, and read by others than who acts
        reason = _("Compensation for complaint %(number)s") % {"number": agreement.complaint}
    agreement.allowance = grant_allowance(
        order,
        by=User.objects.system("complaints"),
        amount=amount,
        reason=reason,
        reference=agreement.number,
        agreed_by=agreement.his_name,
        agreed_on=agreement.his_day,
    )


@action(
    Agreement,
    label=gettext_lazy("Withdraw the agreement"),
    source=set(Agreement.OPEN),
    target=A.DROPPED,
    unless=only_the_system,
)
def drop_agreement(agreement: Agreement, *, by: User) -> None:
    """Follow a plan that is changed: what is not in force yet is signed by nobody any more (KC 5.2.3.3)."""
    end_links(agreement, LINK_PURPOSE)
