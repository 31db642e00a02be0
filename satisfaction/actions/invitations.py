"""Owners send their customers' surveys, remind, and key in what comes on paper or by telephone (KC 5.3.2.1)."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.days import begin_of
from crm.inputs import ReasonForm
from crm.refusals import Refused, only_the_customer
from crm.words import exact
from satisfaction import forms, sending
from satisfaction.models import Campaign, Invitation, Sheet, Unsent
from satisfaction.sheets import take_sheet

S = Invitation.Status
WAYS = Invitation.Way


def _not_running(invitation: Invitation, by: User) -> Refused | None:
    if invitation.campaign.status != Campaign.Status.RUNNING:
        return Refused("not_running", _("The survey is not running."))
    if invitation.campaign.until < clock.today():  # it is ended in the next night, or when the worker is back
        return Refused("over", _("Its last day is over."))
    return None


def _not_answerable(invitation: Invitation, by: User) -> Refused | None:
    if invitation.campaign.answerable:
        return None
    return Refused("survey_closed", _("The survey is closed."), _("Thank you for your interest."))


def _only_by_its_link(invitation: Invitation, by: User) -> Refused | None:
    """An anonymous one is answered where no verb, and so no log, knows of it."""
    if invitation.campaign.anonymous:
        return Refused(
            "anonymous",
            _("This survey is anonymous: it is answered by the customer's link alone."),
            _("Send him the link."),
        )
    return _not_answerable(invitation, by)


def _said_it_himself(invitation: Invitation, by: User) -> Refused | None:
    """What the customer answered by himself is nobody else's to write anew."""
    if refusal := _only_by_its_link(invitation, by):
        return refusal
    answered = invitation.status in Invitation.BACK
    if answered and Sheet.objects.filter(invitation=invitation, way=Sheet.Way.LINK).exists():
        return Refused(
            "answered_himself",
            _("The customer has answered by his link himself."),
            _("He can change his answers there until the survey ends."),
        )
    return None


def _customer_only(invitation: Invitation, by: User) -> Refused | None:
    return only_the_customer(invitation, by) or _only_by_its_link(invitation, by)


@action(
    Invitation,
    label=gettext_lazy("Send the survey"),
    source={S.TO_SEND},
    target=S.SENT,
    form=forms.SendForm,
    unless=_not_running,
)
def send_invitation(invitation: Invitation, *, by: User, way: str) -> None:
    """Send the customer his survey: the link by mail or SMS, or a printed sheet (KC 5.3.2.1).

    Whoever has left the customer's company since he was chosen is not asked; who is there now is.
    """
    if not invitation.contact.active:
        invitation.contact = sending.who_is_there(invitation)
    if way == WAYS.PAPER:
        if invitation.campaign.anonymous:
            raise Refused(
                "anonymous",
                _("This survey is anonymous: it is answered by the customer's link alone."),
                _("Send it by mail or SMS."),
            )
    else:
        sending.send_link(invitation, way)
    invitation.way, invitation.sent_at = way, clock.now()
    invitation.remind_on = sending.next_reminder(invitation)


def _cannot_remind(invitation: Invitation, by: User) -> Refused | None:
    if refusal := _not_running(invitation, by):
        return refusal
    if invitation.used:
        return Refused("answered", _("He has answered."))
    if invitation.way == WAYS.PAPER:
        return Refused("on_paper", _("He has a printed sheet."), _("Call him, or send the link instead."))
    if invitation.reminders >= invitation.campaign.remind_most:
        return Refused("reminded_enough", _("He was reminded as often as this survey allows."))
    earliest = sending.earliest_reminder(invitation)
    if earliest is not None and clock.today() < earliest:
        return Refused(
            "reminded_lately",
            _("The days between two reminders are not over yet."),
            _("Remind him on %(day)s or later.") % {"day": exact(earliest)},
        )
    if not sending.at_work():
        return Refused("no_working_day", _("Today is no working day."), _("Remind him on the next one."))
    return None


@action(Invitation, label=gettext_lazy("Remind the customer"), source={S.SENT}, unless=_cannot_remind)
def remind_invitation(invitation: Invitation, *, by: User) -> None:
    """Remind the customer with a new link, the former of which ends, by hand or as planned (S2).

    At most as often as the survey says, with its days between, and on working days alone.
    """
    invitation.reminders += 1
    invitation.reminded_on = clock.today()
    sending.send_link(invitation, invitation.way, again=True)
    invitation.remind_on = sending.next_reminder(invitation)


@action(
    Invitation,
    label=gettext_lazy("Send answers"),
    source={S.SENT, S.REFUSED, *Invitation.BACK},
    target=set(Invitation.BACK),
    form=forms.SheetForm,
    unless=_customer_only,
)
def answer_survey(invitation: Invitation, *, by: User, answers: list[dict[str, Any]], remarks: str = "") -> str:
    """The customer answers under his link, changes what he answered, or answers after all; twice counts once (S2)."""
    return take_sheet(invitation, answers=answers, remarks=remarks, way=Sheet.Way.LINK)


@action(
    Invitation,
    label=gettext_lazy("I do not want to answer"),
    source={S.SENT},
    target=S.REFUSED,
    unless=_customer_only,
)
def decline_survey(invitation: Invitation, *, by: User) -> None:
    """The customer does not want to answer; nobody reminds him any more (S2)."""
    invitation.remind_on = None
    sending.take_back(invitation)
    Unsent.objects.filter(invitation=invitation).delete()


@action(
    Invitation,
    label=gettext_lazy("Key in answers"),
    source={S.SENT, S.REFUSED, *Invitation.BACK},
    target=set(Invitation.BACK),
    form=forms.KeyedForm,
    unless=_said_it_himself,
)
def key_in_answers(
    invitation: Invitation,
    *,
    by: User,
    way: str,
    returned_on: date,
    answers: list[dict[str, Any]],
    remarks: str = "",
) -> str:
    """Key in what the customer answered on paper or on the telephone; who and when is kept (S2)."""
    moment = _moment_of(returned_on)
    return take_sheet(invitation, answers=answers, remarks=remarks, way=way, keyed_by=by, returned_at=moment)


def _moment_of(day: date) -> datetime:
    return clock.now() if day == clock.today() else begin_of(day)


def _day_is_not_ours(invitation: Invitation, by: User) -> Refused | None:
    """Nobody typed in the day of a sheet that came by the link, and of an anonymous one there is none."""
    if invitation.campaign.anonymous:
        return Refused("anonymous", _("This survey is anonymous: on which day a sheet came is written down nowhere."))
    if invitation.campaign.status == Campaign.Status.REPORTED:
        return Refused("report_closed", _("The report is closed."))
    if Sheet.objects.filter(invitation=invitation, keyed_by=None).exists():
        return Refused("answered_himself", _("The customer has answered by his link himself."))
    return None


@action(
    Invitation,
    label=gettext_lazy("Correct the day of return"),
    source=set(Invitation.BACK),
    form=forms.ReturnDayForm,
    unless=_day_is_not_ours,
)
def correct_return_day(invitation: Invitation, *, by: User, returned_on: date, reason: str) -> None:
    """Put right on which day a keyed sheet came back, with the reason; whether it is late follows from it (S3)."""
    sheet = Sheet.objects.get(invitation=invitation)
    sheet.returned_at, sheet.late = _moment_of(returned_on), returned_on > invitation.campaign.until
    sheet.save(update_fields=["returned_at", "late"])
    invitation.reason = reason


@action(
    Invitation,
    label=gettext_lazy("He does not want to answer"),
    source={S.SENT},
    target=S.REFUSED,
    form=ReasonForm,
    unless=_only_by_its_link,
)
def record_refusal(invitation: Invitation, *, by: User, reason: str) -> None:
    """Write down that the customer does not want to answer, and what he said; nobody reminds him any more (S2)."""
    invitation.reason, invitation.remind_on = reason, None
    sending.take_back(invitation)
    Unsent.objects.filter(invitation=invitation).delete()


@action(
    Invitation,
    label=gettext_lazy("Leave out"),
    source={S.TO_SEND},
    target=S.LEFT_OUT,
    form=ReasonForm,
)
def leave_out(invitation: Invitation, *, by: User, reason: str) -> None:
    """Do not ask this customer this time, with the reason (S2)."""
    invitation.reason = reason
