"""The head signs and seals what was verified; until then it can be put right (KC 5.2.1.4c, 5.2.1.5)."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from complaints.carrying import only_who_carries_it
from complaints.models import Evidence
from complaints.parties import next_column
from complaints.verification import forms
from complaints.verification.models import Verification
from complaints.verification.telling import accept_what_was_brought_up, keep, tell, tell_next
from complaints.verification.who import DEPARTMENTS, department, not_the_signer, of_procedure
from crm import clock
from crm.accounts.models import User
from crm.accounts.standing import belongs_to, speakers
from crm.actions import action
from crm.inputs import ReasonForm
from crm.refusals import Refused

V, K = Verification.Status, Verification.Kind


@action(
    Verification,
    label=gettext_lazy("Sign and seal the verification"),
    source={V.READY},
    target=V.SIGNED,
    form=forms.SealForm,
    unless=not_the_signer,
)
def sign_verification(
    verification: Verification, *, by: User, sealed: bool, opinion: str = "", file: Any = None
) -> None:
    """Sign and seal the result; now the verifying department may give its opinion (KC 5.2.1.4c, 5.2.1.5)."""
    if not sealed:
        raise Refused("not_sealed", _("It counts only signed and sealed."), _("Seal the paper, then say so here."))
    verification.signed_by, verification.signed_at = by, clock.now()
    verification.sealed, verification.opinion = True, opinion
    with override(settings.LANGUAGE_CODE):  # what is kept is read by others than who acts
        what = _("Signed and sealed paper of the verification %(number)s") % {"number": verification}
    verification.signed_paper = keep(
        verification,
        file,
        by=by,
        what=what,
        source=Evidence.Source.PAPERS,
        taken_by=by.name,
        taken_at=clock.now(),
    )
    accept_what_was_brought_up(verification, by=by)
    complaint = verification.complaint
    following = next_column(complaint)
    people = [*speakers([following[1]] if following else []), complaint.owner]
    tell(verification, people, V.SIGNED, by=by)


@action(
    Verification,
    label=gettext_lazy("Take the statement back"),
    source={V.READY},
    target=V.OPENED,
    form=ReasonForm,
    unless=of_procedure(K.PICKUP, K.DELIVERY, name="take_back_statement"),
)
def take_back_statement(verification: Verification, *, by: User, reason: str) -> None:
    """Take the statement back before it is signed, so that weighings and words can be put right (KC 5.2.1.5)."""
    verification.scale, verification.meets_standard, verification.statement = None, None, ""
    verification.stated_by, verification.stated_at, verification.reason = None, None, reason
    tell_next(verification, V.OPENED, by=by)


def _not_theirs(verification: Verification, by: User) -> Refused | None:
    """Its department drops it, or who carries the complaint; the house does where the complaint is withdrawn."""
    asked = department(DEPARTMENTS[verification.kind])
    if by.is_system or (asked is not None and belongs_to(by, asked)):
        return None
    return only_who_carries_it(verification.complaint, by)


@action(
    Verification,
    label=gettext_lazy("Drop the verification"),
    source=set(Verification.UNDER_WAY),
    target=V.DROPPED,
    form=ReasonForm,
    unless=_not_theirs,
)
def drop_verification(verification: Verification, *, by: User, reason: str) -> None:
    """Give up a verification that was begun wrongly; another one must be opened, and this one stays (KC 5.2.1.3)."""
    verification.reason = reason
