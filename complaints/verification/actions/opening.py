"""A verification is opened while the complaint is investigated (KC 5.2.1.3)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.carrying import carries
from complaints.models import Complaint
from complaints.verification import forms
from complaints.verification.models import Verification
from complaints.verification.needed import kinds_for, latest
from complaints.verification.telling import tell_next
from complaints.verification.who import DEPARTMENTS, department
from crm.accounts.models import User
from crm.accounts.standing import belongs_to
from crm.actions import action
from crm.records.numbers import next_number
from crm.refusals import Refused

V = Verification.Status


def _nothing_to_verify(complaint: Complaint, by: User) -> Refused | None:
    """A category without a procedure needs none; who verifies or carries the complaint opens one, one at a time."""
    kinds = kinds_for(complaint)
    if not kinds:
        return Refused("no_procedure", _("Complaints of this category are not verified by a procedure."))
    theirs = [each for kind in kinds if (each := department(DEPARTMENTS[kind]))]
    if theirs and not carries(complaint, by) and not any(belongs_to(by, each) for each in theirs):
        names = ", ".join(str(each) for each in theirs)
        return Refused("not_asked", _("Only %(department)s can do this.") % {"department": names})
    found = latest(complaint)
    if found is not None and found.status != V.SIGNED:
        return Refused(
            "under_way",
            _("The verification %(number)s is under way.") % {"number": found},
            _("Carry it through, or drop it with a reason."),
        )
    return None


@action(
    Complaint,
    label=gettext_lazy("Open the verification"),
    source={Complaint.Status.INVESTIGATING},
    form=forms.OpenForm,
    unless=_nothing_to_verify,
)
def open_verification(complaint: Complaint, *, by: User, kind: str) -> Verification:
    """Begin the procedure that the category asks for; of a shortage say where it arose (KC 5.2.1.3)."""
    if kind not in kinds_for(complaint):
        label = Verification.Kind(kind).label
        raise Refused("unfit", _("“%(kind)s” does not fit the category of this complaint.") % {"kind": label})
    verification = Verification.objects.create(
        complaint=complaint, number=next_number("HC"), kind=kind, round=complaint.round, opened_by=by
    )
    tell_next(verification, V.OPENED, by=by)
    return verification
