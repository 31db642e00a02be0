"""Each department concerned acknowledges what was applied (KF 3.2.4)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.standing import belongs_to
from crm.actions import action
from crm.refusals import Refused
from orders.changes import forms
from orders.changes.models import Acknowledgement

S = Acknowledgement.Status


def _not_his(row: Acknowledgement, by: User) -> Refused | None:
    """A department speaks for itself: its people, its head, or who stands in for him."""
    if belongs_to(by, row.department):
        return None
    return Refused(
        "other_department", _("Somebody of %(department)s acknowledges this.") % {"department": row.department}
    )


@action(
    Acknowledgement,
    label=gettext_lazy("Acknowledge"),
    source={S.WAITING},
    target=S.ACKNOWLEDGED,
    form=forms.AcknowledgeForm,
    unless=_not_his,
)
def acknowledge_change(row: Acknowledgement, *, by: User, remarks: str = "") -> None:
    """Say for one's department that it knows of the change, and plans by it (KF 3.2.4)."""
    row.by, row.at, row.remarks = by, clock.now(), remarks
