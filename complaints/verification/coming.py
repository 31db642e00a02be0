"""The step of the verification that a complaint waits for, or that it is to be opened."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from complaints.coming import Coming, also_comes
from complaints.models import Complaint
from complaints.verification.models import Verification
from complaints.verification.needed import kinds_for, latest
from complaints.verification.who import DEPARTMENTS, NEXT, department, whose_turn


@also_comes
def of_verification(complaint: Complaint) -> Iterator[Coming]:
    """What is next in it and whose turn it is; where none is under way, whoever verifies opens one."""
    kinds = kinds_for(complaint)
    if complaint.status != Complaint.Status.INVESTIGATING or not kinds:
        return
    found = latest(complaint)
    if found is None:
        theirs = [str(each) for kind in kinds if (each := department(DEPARTMENTS[kind]))]
        yield Coming(_("Open the verification"), ", ".join(theirs), verb="verification.open_verification")
    elif found.status != Verification.Status.SIGNED:
        what = NEXT.get((found.kind, found.status), "")
        yield Coming(f"{found}: {what}", whose_turn(found), page=found)
