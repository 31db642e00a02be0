"""How the demonstration's customers answer a survey, through the verbs of each way."""

from datetime import datetime
from typing import Any

from crm import clock
from crm.accounts.models import User
from crm.outbox.actions import record_call
from crm.outbox.models import Message
from crm.reports.demo import Demo
from crm.via import Door, Via, through
from satisfaction import actions as verbs
from satisfaction.demo_sheets import BY_LINK, NOBODY_ANSWERED, PHONE, TOO_FEW_WINDOWS, Said
from satisfaction.models import Campaign, Invitation


def yearly() -> list[Campaign]:
    """The two surveys, the earlier one first."""
    rows = Campaign.objects.filter(kind=Campaign.Kind.ANNUAL).select_related("edition__questionnaire")
    return list(rows.order_by("opens_on", "pk")[:2])


def texted(invitation: Invitation, owner: User) -> None:
    """An SMS goes out by the owner's own telephone; he says so at once."""
    if invitation.way == Invitation.Way.SMS:
        texts = Message.objects.filter(template="satisfaction.survey", subject_pk=invitation.pk, status="open")
        for text in texts:
            record_call(text, by=owner, result=Message.Result.REACHED)


CALLED = 2  # working hours after which its owner has called a customer who is not satisfied
FOLLOWED = (NOBODY_ANSWERED, TOO_FEW_WINDOWS)  # with what more is made of a low answer than a call


def answer(demo: Demo, invitation: Invitation, told: Said, moment: datetime) -> None:
    """By the link, or keyed in: from paper by the supervisor, from the telephone by who called."""
    given: dict[str, Any] = {"answers": told.answers, "remarks": told.remarks}
    if told.way in BY_LINK:
        with demo.at(moment), through(Via(door=Door.LINK)):
            verbs.answer_survey(invitation, by=User.objects.system("links"), **given)
    else:
        by = demo.user(invitation.owner_id) if told.way == PHONE else demo.people("supervisor")[0]
        with demo.at(moment):
            verbs.key_in_answers(invitation, by=by, way=told.way, returned_on=clock.today(), **given)
    if told.remarks not in FOLLOWED:
        settle(demo, invitation, moment)


def settle(demo: Demo, invitation: Invitation, moment: datetime) -> None:
    """A customer who was not satisfied at that moment has been called by his owner since, and that was enough."""
    called = demo.after(moment, CALLED)
    if invitation.to_follow_up and called < demo.now:
        with demo.at(called):
            verbs.settle_low_answer(invitation, by=demo.user(invitation.owner_id), reason="已电话说明，客户表示理解")
