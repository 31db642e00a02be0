"""The demonstration's yearly surveys: those of the last two Julys, answered in all ways, and by some not at all."""

from collections.abc import Iterator
from datetime import datetime, time
from functools import partial
from random import Random

from crm.accounts.models import User
from crm.reports.demo import Demo, Story, chapter
from crm.via import Door, Via, through
from satisfaction import actions as verbs
from satisfaction import demo_customers, demo_report, demo_short, first_form, tasks  # noqa: F401 - their chapters, too
from satisfaction.demo_answers import answer, texted, yearly
from satisfaction.demo_customers import julys
from satisfaction.demo_sheets import BY_LINK, DECLINED, LATE, LEFT_OUT, PHONE, REFUSED, SILENT, Said, said
from satisfaction.models import Edition, Invitation, Item, Questionnaire, Wording
from satisfaction.models.questionnaire import asked_in

PROPOSED = time(8, 30)
WRITTEN = 20 * 7.5  # working hours before it is sent, the second edition is
REWORDED = {"delivery-pickup": ("提货预约方便，等候时间短", "Booking a pickup is easy, and the wait is short")}
NEW = {
    "code": "other-online",
    "section": "other",
    "text": "网上查询订单和提货进度方便",
    "text_en": "Orders and pickups are easy to follow online",
}
REMINDED = time(9)


@chapter(92, "surveys")
def surveys(demo: Demo) -> Iterator[Story]:
    """They propose themselves on the first working day of July, and are started on the same day."""
    for wave, day in enumerate(julys(demo)):
        begins = demo.calendar.moment(day, PROPOSED)
        yield Story(f"survey-begun-{wave}", begins, partial(_begin, demo, wave, begins))


@chapter(93, "answers to surveys", apart=True)
def answers(demo: Demo) -> Iterator[Story]:
    """Each customer's: sent by his owner, and what became of it until the survey's end."""
    for wave, campaign in enumerate(yearly()):
        codes = [each.item.code for each in asked_in(campaign.edition)]
        for place, pk in enumerate(campaign.invitations.order_by("pk").values_list("pk", flat=True)):
            chance = demo.random(f"survey-sent-{wave}-{place}")
            begins = demo.after(campaign.started_at or demo.now, chance.uniform(0.5, 22))
            told = said(demo, wave, place, codes)
            yield Story(f"survey-{wave}-{place}", begins, partial(_invited, demo, pk, told, begins, chance))


def _begin(demo: Demo, wave: int, begins: datetime) -> None:
    first_form.make(Questionnaire, Edition, Item, Wording)  # a database that was made without its migrations has none
    if wave == 1:
        with demo.at(demo.before(begins, WRITTEN)):
            _write_anew(demo.people("supervisor")[0])
    tasks.propose()
    campaign = yearly()[wave]
    with demo.at(demo.after(begins, 2)):
        verbs.start_campaign(campaign, by=demo.user(campaign.owner_id))


def _write_anew(by: User) -> None:
    """The second edition of the questionnaire: an item is worded otherwise and stays itself, another one is new."""
    draft = verbs.draft_edition(Questionnaire.objects.get(code=first_form.CODE), by=by)
    items = []
    for each in asked_in(draft):
        text, text_en = REWORDED.get(each.item.code, (each.text, each.text_en))
        items.append({"code": each.item.code, "section": each.section, "text": text, "text_en": text_en})
    verbs.write_items(draft, by=by, items=[*items, NEW])
    verbs.release_edition(draft, by=by)


def _invited(demo: Demo, pk: int, told: Said, begins: datetime, chance: Random) -> None:
    invitation = Invitation.objects.select_related("campaign__edition", "contact").get(pk=pk)
    owner, moment = demo.user(invitation.owner_id), demo.after(begins, chance.uniform(1, 20))
    if told.ending == LEFT_OUT:
        verbs.leave_out(invitation, by=owner, reason="客户停产检修，本次不打扰")
        return
    verbs.send_invitation(invitation, by=owner, way=told.sent_by)
    texted(invitation, owner)
    silent = told.ending in (SILENT, LATE) and told.way in BY_LINK
    for _number in range(2 if silent else told.way == PHONE):
        if invitation.remind_on is None:
            break  # the survey ends before
        moment = demo.calendar.moment(invitation.remind_on, REMINDED)
        with demo.at(moment), through(Via(door=Door.TASK)):
            verbs.remind_invitation(invitation, by=User.objects.system("clock"))
        texted(invitation, owner)
    if told.ending in (SILENT, LATE):
        return
    if told.ending == DECLINED:
        with demo.at(moment), through(Via(door=Door.LINK)):
            verbs.decline_survey(invitation, by=User.objects.system("links"))
    elif told.ending == REFUSED:
        with demo.at(moment):
            verbs.record_refusal(invitation, by=owner, reason="经办人表示公司不参与问卷")
    else:
        answer(demo, invitation, told, demo.after(moment, 2))
