"""What the customer does under his link, and how he gets it once more."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, telling
from complaints.carrying import only_sales
from complaints.models import Complaint, Evidence
from complaints.telling import News
from crm.accounts.models import User
from crm.actions import action
from crm.records.attachments import attach
from crm.refusals import Refused, only_the_customer
from customers.models import Contact


@action(
    Complaint,
    label=gettext_lazy("Add to the complaint"),
    source=Complaint.OPEN,
    form=forms.AddForm,
    unless=only_the_customer,
)
def add_to_complaint(
    complaint: Complaint, *, by: User, text: str, photo: Any = None, more: Iterable[Any] = ()
) -> Evidence:
    """Add a message and a photo under one's link; it is kept as evidence that somebody judges (ZT 5.1).

    `more` are further files that came with it by mail, each a piece of evidence by its name.
    """
    given = {
        "complaint": complaint,
        "round": complaint.round,
        "source": Evidence.Source.CUSTOMER,
        "taken_by": str(complaint.contact or complaint.customer.name)[:60],
        "added_by": by,
    }
    file = attach(complaint, photo, by=by, kind="evidence") if photo is not None else None
    evidence = Evidence.objects.create(what=text, file=file, **given)
    for each in more:
        Evidence.objects.create(what=str(each.name), file=attach(complaint, each, by=by, kind="evidence"), **given)
    telling.tell(complaint, News.WROTE, [complaint.owner, complaint.lead], by=by, words=text)
    return evidence


@action(
    Complaint,
    label=gettext_lazy("Send the link once more"),
    source=Complaint.OPEN,
    form=forms.SendForm,
    unless=only_sales,
)
def send_progress_link(complaint: Complaint, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer anew the link that shows how far his complaint is; the former one ends (ZT 5.1)."""
    if not telling.mail_number(complaint, by=by, contact=contact):
        raise Refused(
            "no_mail_address", _("The contact has no mail address."), _("Add one, or choose another contact.")
        )
