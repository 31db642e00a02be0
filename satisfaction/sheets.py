"""Taking a sheet: what it is worth, that it counts once, and that an anonymous one leads back to nobody."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.models import User
from crm.refusals import Refused
from satisfaction.low import low_answers, tell_owner
from satisfaction.models import Answer, Campaign, Invitation, Sheet, Unsent
from satisfaction.models.questionnaire import asked_in
from satisfaction.sending import take_back

S = Invitation.Status
ALL_ITEMS, SOME, NONE = S.RETURNED, S.PARTLY, S.BLANK


def _said(campaign: Campaign, answers: Collection[Mapping[str, Any]]) -> tuple[list[Answer], str]:
    """The answers that say something, and whether all items, some or none were answered."""
    items = {each.item.code: each.item for each in asked_in(campaign.edition)}
    rows = [
        Answer(item=items[line["item"]], level=line.get("level") or "", matters=bool(line.get("matters")))
        for line in answers
        if line["item"] in items and (line.get("level") or line.get("matters"))
    ]
    answered = sum(bool(each.level) for each in rows)
    return rows, NONE if not rows else ALL_ITEMS if answered == len(items) else SOME


def still_taken(campaign: Campaign) -> bool:
    """Whether sheets are taken now; whoever ends the survey waits until this transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM satisfaction_campaign WHERE id = %s FOR SHARE", [campaign.pk])
        campaign.status = cursor.fetchone()[0]
    return campaign.answerable


def _must_be_taken(campaign: Campaign) -> None:
    if not still_taken(campaign):
        raise Refused("survey_closed", _("The survey is closed."), _("Thank you for your interest."))


def take_sheet(
    invitation: Invitation,
    *,
    answers: Collection[Mapping[str, Any]],
    remarks: str,
    way: str,
    keyed_by: User | None = None,
    returned_at: Any = None,
) -> str:
    """Write the sheet of an invitation, or write it anew; answers the state that the invitation has then.

    A wholly blank one is kept but not counted. Whether it is late was decided by the day on which it came first.
    Raises Refused where the survey is closed.
    """
    campaign = invitation.campaign
    _must_be_taken(campaign)
    rows, state = _said(campaign, answers)
    sheet = Sheet.objects.filter(invitation=invitation).first()
    before = set(low_answers(sheet)) if sheet is not None else set()
    moment = returned_at or clock.now()
    if sheet is None:
        late = timezone.localtime(moment).date() > campaign.until
        sheet = Sheet(campaign=campaign, invitation=invitation, returned_at=moment, late=late)
    else:
        sheet.changed_at = clock.now()
    sheet.way, sheet.keyed_by, sheet.remarks, sheet.counted = way, keyed_by, remarks, bool(rows)
    sheet.save()
    _write(sheet, rows)
    low = low_answers(sheet)
    if set(low) - before:
        invitation.low_at = clock.now()
        tell_owner(invitation, sheet, low)
    elif not low:
        invitation.low_at = None  # he has thought better of it
    invitation.remind_on = None
    take_back(invitation)
    Unsent.objects.filter(invitation=invitation).delete()
    return state


def _write(sheet: Sheet, rows: list[Answer]) -> None:
    sheet.answers.all().delete()
    for each in rows:
        each.sheet = sheet
    Answer.objects.bulk_create(rows)


# An update writes each row it touches anew. With all of them at once, none shows by its transaction that it is the one
# which the sheet belongs to. They are locked in one order, so that two who answer wait for one another.
LOCK = "SELECT id FROM satisfaction_invitation WHERE campaign_id = %s ORDER BY id FOR UPDATE"
USE = "UPDATE satisfaction_invitation SET used = used OR id = %s WHERE campaign_id = %s"


@transaction.atomic
def take_anonymous(invitation: Invitation, *, answers: Collection[Mapping[str, Any]], remarks: str) -> bool:
    """Write an anonymous sheet, once; answers False where the invitation was used before. No verb, hence no log.

    Neither the sheet nor its answers say anything of the invitation, of the time, or of what was written before or
    after them (decision 0015). Raises Refused where the survey is closed.
    """
    campaign = invitation.campaign
    _must_be_taken(campaign)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [campaign.pk])
        if Invitation.objects.get(pk=invitation.pk).used:
            return False
        cursor.execute(USE, [invitation.pk, campaign.pk])
    rows, _state = _said(campaign, answers)
    sheet = Sheet.objects.create(campaign=campaign, invitation=None, remarks=remarks, counted=bool(rows))
    _write(sheet, rows)
    return True


# The place of a row in its file, and the transaction that wrote it, tell which sheet came first. Who was reminded when
# stands at the invitations: together they would say whose a sheet is that came between two reminders.
MIX = (
    "WITH gone AS (DELETE FROM satisfaction_answer WHERE sheet_id IN "
    "(SELECT id FROM satisfaction_sheet WHERE campaign_id = %s) RETURNING *) "
    "INSERT INTO satisfaction_answer SELECT * FROM gone ORDER BY id",
    "WITH gone AS (DELETE FROM satisfaction_sheet WHERE campaign_id = %s RETURNING *) "
    "INSERT INTO satisfaction_sheet SELECT * FROM gone ORDER BY id",
)


@transaction.atomic
def mix(campaign: Campaign) -> None:
    """Write all sheets of an anonymous survey anew, in the order of their keys, which were drawn by lot.

    Sheets that come meanwhile wait. What is grouped stays so, for the keys stay.
    """
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    with connection.cursor() as cursor:
        for statement in MIX:
            cursor.execute(statement, [campaign.pk])
