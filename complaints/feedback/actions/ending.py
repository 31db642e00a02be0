"""Sales tells the customer the answer; what turns out to be a complaint goes on as one (ZT 4.1, 4.2)."""

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.actions.receiving import receive_complaint, take_in
from complaints.feedback import forms, telling
from complaints.feedback.models import Feedback, Passing
from complaints.models import Complaint, Evidence
from crm import clock
from crm.accounts.models import User
from crm.accounts.standing import only_its_owner
from crm.actions import action
from crm.records.attachments import attach_all, content_of
from crm.records.models import Attachment
from crm.refusals import Forbidden, Refused
from customers.actions import keep_contact
from customers.models import Channel, Contact

S = Feedback.Status


@action(
    Feedback,
    label=gettext_lazy("Tell the customer the answer"),
    source={S.ANSWERED},
    target={S.TOLD, S.CLOSED},
    form=forms.TellForm,
    unless=only_its_owner,
)
def tell_answer(
    feedback: Feedback, *, by: User, channel: str, contact: Contact | None = None, reaction: str = ""
) -> str:
    """Tell the customer the answer, by mail with his link or as the contact log says (ZT 4.1, 4.2).

    It is closed with that, unless something that was promised is still to be done.
    """
    if channel == Channel.MAIL:
        telling.mail_answer(feedback, by=by, contact=contact)
    else:
        words = _("Answer to feedback %(number)s") % {"number": feedback}
        if not feedback.confidential:  # whoever sees the customer reads his contact log
            words = _("Answer to feedback %(number)s: %(answer)s") % {"number": feedback, "answer": feedback.solution}
        keep_contact(feedback.customer, by=by, channel=channel, what=words, contact=contact or feedback.contact)
    feedback.told_at, feedback.told_how, feedback.reaction = clock.now(), channel, reaction
    if feedback.promised:
        return S.TOLD
    feedback.closed_at = clock.now()
    return S.CLOSED


def _receives_none(feedback: Feedback, by: User) -> Refused | None:
    verb = receive_complaint
    if not by.has_perm(verb.name):
        return Forbidden(verb.name, verb.label)
    if feedback.confidential:  # owner and team of a complaint read it, who may be whom it is about (KH 6.2.2)
        return Refused(
            "confidential",
            _("What is said of one of our people does not become a complaint."),
            _("Answer it as feedback, or receive a complaint in words that name nobody."),
        )
    return None


@action(
    Feedback,
    label=gettext_lazy("It is a complaint"),
    source=Feedback.OPEN,
    target=S.COMPLAINT,
    form=forms.ComplaintForm,
    unless=_receives_none,
)
def turn_into_complaint(feedback: Feedback, *, by: User, category: str) -> Complaint:
    """Go on with it as a complaint: text, files, customer, contact and order go along, and this ends (ZT 4.2, 5.1)."""
    known = feedback.channel in Complaint.Channel.values
    complaint = take_in(
        feedback.customer,
        by=by,
        channel=feedback.channel if known else Complaint.Channel.OTHER,
        category=category,
        content=feedback.content,
        contact=feedback.contact,
        order=feedback.order,
        product=feedback.product,
        round_at=feedback.received_at,  # from when the customer waits for its result (ZT 4.1)
    )
    _give_files(feedback, complaint, by=by)
    Passing.objects.filter(feedback=feedback, ended_at=None).update(ended_at=clock.now(), ended_by=by)
    feedback.complaint, feedback.closed_at = complaint, clock.now()
    return complaint


def _give_files(feedback: Feedback, complaint: Complaint, *, by: User) -> None:
    """Copy the files to the complaint as evidence: whoever sees the one may not see the other."""
    rows = Attachment.objects.about(feedback).order_by("pk")
    copies = [ContentFile(b"".join(content_of(each)), each.name) for each in rows]
    for kept in attach_all(complaint, copies, by=by, kind="evidence") if copies else ():
        Evidence.objects.create(
            complaint=complaint,
            what=_("File handed in with feedback %(number)s") % {"number": feedback},
            source=Evidence.Source.CUSTOMER,
            taken_by=str(feedback.contact or feedback.customer.name)[:60],
            file=kept,
            added_by=User.objects.system("links"),  # it is the customer's: who makes the complaint may judge it
        )


@action(
    Feedback,
    label=gettext_lazy("Send the link once more"),
    source=Feedback.OPEN,
    form=forms.SendForm,
)
def send_feedback_link(feedback: Feedback, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer anew the link that shows how far his feedback is; the former one ends (ZT 4.2)."""
    if not telling.mail_number(feedback, by=by, contact=contact):
        raise Refused(
            "no_mail_address", _("The contact has no mail address."), _("Add one, or choose another contact.")
        )
