"""The demonstration's short surveys: an anonymous one, and those after handovers and closed complaints."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from complaints.models import Complaint
from crm import clock
from crm.accounts.models import User
from crm.refusals import Refused
from crm.reports.demo import Demo, Story, chapter
from crm.via import Door, Via, through
from customers.demo import AREAS
from pickup.models import Record
from satisfaction import actions as verbs
from satisfaction import first_form
from satisfaction.choosing import contact_of
from satisfaction.demo_answers import settle
from satisfaction.demo_customers import julys
from satisfaction.models import Campaign, Edition, Invitation
from satisfaction.models.questionnaire import asked_in
from satisfaction.scoring import Level
from satisfaction.sheets import take_anonymous

DAY = 7.5  # working hours
ANONYMOUS, EVENTS = 50 * DAY, 30 * DAY  # ago, when they were planned
TWO_WEEKS, A_YEAR = timedelta(days=14), timedelta(days=365)
ASKED, FEWEST = 48, 12  # by the anonymous one: about so many, and at least so many in a small demonstration
JUST_NOW = 2  # working hours ago
OF_EACH = 4  # who are asked, so many answer but for one
AFTER_HANDOVERS, AFTER_COMPLAINTS = 20, 6
SHORT = (
    ("integrity-honest", "other", "我公司人员没有索要或收受好处", "Our people neither asked for nor took favours"),
    ("integrity-fair", "sales", "报价和条件公平透明", "Prices and terms are fair and open"),
    ("integrity-voice", "other", "有意见时敢于提出", "You feel free to speak up"),
)
LEVELS = tuple(Level)
FRANK = ("个别时候催得紧", "都很规矩", "希望继续坚持", "价格可以再透明些")


@chapter(92, "short surveys")
def short(demo: Demo) -> Iterator[Story]:
    """They are planned and started by the supervisor."""
    begins = demo.ago(ANONYMOUS)
    yield Story("survey-anonymous-begun", begins, partial(_begin_anonymous, demo, begins))
    begins = demo.ago(EVENTS)
    yield Story("survey-events-begun", begins, partial(_begin_events, demo))


@chapter(93, "answers to short surveys", apart=True)
def answers(demo: Demo) -> Iterator[Story]:
    """One story each: whoever was asked after an event is not asked again, and no story tells whose a sheet is."""
    yield Story("survey-anonymous", demo.before(demo.now, ANONYMOUS - 3), partial(_answer_anonymously, demo))
    yield Story("survey-events", demo.before(demo.now, EVENTS - 3), partial(_ask_after_events, demo))


@chapter(94, "end of the anonymous survey")
def ended(demo: Demo) -> Iterator[Story]:
    """After two weeks."""
    yield Story("survey-anonymous-over", demo.ago(ANONYMOUS) + TWO_WEEKS + timedelta(days=1), partial(_end, demo))


def _anonymous() -> Campaign:
    return Campaign.objects.select_related("edition").get(anonymous=True, kind=Campaign.Kind.BETWEEN)


def _begin_anonymous(demo: Demo, begins: datetime) -> None:
    by = demo.people("supervisor")[0]
    form = verbs.create_questionnaire(
        by=by, code="integrity", name="廉洁与服务匿名短卷", name_en="Honest dealing, a short anonymous survey"
    )
    edition = form.editions.get()
    names = ("code", "section", "text", "text_en")
    verbs.write_items(edition, by=by, items=[dict(zip(names, each, strict=True)) for each in SHORT])
    verbs.release_edition(edition, by=by)
    campaign = _plan(by, "廉洁与服务匿名调查", edition, clock.today() + TWO_WEEKS, anonymous=True)
    for cities in AREAS.values():
        if campaign.invitations.count() < max(demo.some(ASKED), FEWEST):
            with suppress(Refused):  # nobody there collected anything
                verbs.choose_customers(campaign, by=by, since=julys(demo)[0], region=cities[0])
    with demo.at(demo.after(begins, 2)):
        verbs.start_campaign(campaign, by=by)


def _plan(by: User, name: str, edition: Edition, until: date, **facts: Any) -> Campaign:
    kind = Campaign.Kind.EVENT if facts.get("trigger") else Campaign.Kind.BETWEEN
    return verbs.plan_campaign(
        by=by, name=name, kind=kind, edition=edition, opens_on=clock.today(), until=until, **facts
    )


def _begin_events(demo: Demo) -> None:
    by = demo.people("supervisor")[0]
    edition = Edition.objects.get(questionnaire__code=first_form.EVENT_CODE, status=Edition.Status.RELEASED)
    for name, trigger in (
        ("提货后回访短卷", Campaign.Trigger.HANDOVER),
        ("投诉结案回访短卷", Campaign.Trigger.COMPLAINT),
    ):
        campaign = _plan(by, name, edition, clock.today() + A_YEAR, trigger=trigger)
        verbs.start_campaign(campaign, by=by)


def _answer_anonymously(demo: Demo) -> None:
    """All are sent theirs at once; the answers say neither whose they are nor when they came."""
    chance = demo.random("survey-anonymous")
    invitations = list(_anonymous().invitations.select_related("campaign__edition", "contact").order_by("pk"))
    for each in invitations:
        verbs.send_invitation(each, by=demo.user(each.owner_id), way=Invitation.Way.MAIL)
    for number, each in enumerate(invitations):
        if number % OF_EACH != 1:
            marked, *_rest = SHORT[number % len(SHORT)]
            lines = [
                {"item": code, "level": chance.choices(LEVELS, (60, 28, 9, 3))[0], "matters": code == marked}
                for code, *_rest in SHORT
            ]
            take_anonymous(each, answers=lines, remarks=FRANK[number // 9 % len(FRANK)] if number % 9 == 0 else "")


def _end(demo: Demo) -> None:
    verbs.end_campaign(_anonymous(), by=User.objects.system("clock"))


def _ask_after_events(demo: Demo) -> None:
    """As the job does it each hour: who has had his rest is invited, and most answer on the same day."""
    handed, closed = Campaign.objects.filter(kind=Campaign.Kind.EVENT).select_related("edition").order_by("pk")
    since = demo.ago(EVENTS)
    records = Record.objects.handovers().filter(at__gte=since).order_by("at", "pk")
    found = [
        (each.at, handed, each.pickup.customer, each.pickup.order.contact, each.number)
        for each in records.select_related("pickup__customer__owner", "pickup__order__contact")
    ][: demo.some(AFTER_HANDOVERS)]
    over = Complaint.objects.filter(closed_at__gte=since, status=Complaint.Status.CLOSED).order_by("closed_at", "pk")
    found += [
        (each.closed_at or demo.now, closed, each.customer, each.contact, each.number)
        for each in over.select_related("customer__owner", "contact")
    ][: demo.some(AFTER_COMPLAINTS)]
    chance, rested = demo.random("survey-events"), set[int]()
    found.sort(key=lambda each: (each[0], each[-1]))
    for number, (at, campaign, customer, known, event) in enumerate(found):
        contact = known or contact_of([customer.pk]).get(customer.pk)
        if contact is not None and contact.pk not in rested:
            rested.add(contact.pk)
            with demo.at(at + timedelta(minutes=chance.randrange(20, 60))):
                _ask(demo, number, campaign, {"customer": customer, "contact": contact, "event": event})
    _complain_of_the_wait(demo)


def _ask(demo: Demo, number: int, campaign: Campaign, whom: dict[str, Any]) -> None:
    """He is mailed the link where he reads mails, and answers under it some hours later, but for one of some."""
    job, chance = User.objects.system("clock"), demo.random(f"survey-event-{number}")
    with through(Via(door=Door.TASK)):
        row = verbs.ask_after_event(campaign, by=job, **whom)
        if not whom["contact"].email:
            return
        verbs.send_invitation(row, by=job, way=Invitation.Way.MAIL)
    answered = demo.after(clock.now(), chance.uniform(0.5, 6))
    if number % OF_EACH == 2 or answered >= demo.now:
        return
    codes = [code for code, *_rest in first_form.EVENT_ITEMS]
    lines = [{"item": code, "level": chance.choices(LEVELS, (58, 32, 8, 2))[0], "matters": False} for code in codes]
    with demo.at(answered), through(Via(door=Door.LINK)):
        verbs.answer_survey(row, by=User.objects.system("links"), answers=lines, remarks="")
    settle(demo, row, answered)


def _complain_of_the_wait(demo: Demo) -> None:
    """One who had not answered, or thinks otherwise now, is not satisfied: his owner finds it on his start page."""
    seller, now = demo.people("sales")[0], demo.ago(JUST_NOW)
    rows = Invitation.objects.filter(campaign__kind=Campaign.Kind.EVENT, sent_at__lt=now).order_by("-pk")
    silent = rows.filter(status=Invitation.Status.SENT)
    row = silent.filter(owner=seller).first() or silent.first() or rows.first()
    if row is None:
        return
    codes = [each.item.code for each in asked_in(row.campaign.edition)]
    lines = [{"item": code, "level": Level.SATISFIED, "matters": False} for code in codes]
    lines[1]["level"] = Level.NOT_SATISFIED
    with demo.at(now), through(Via(door=Door.LINK)):
        verbs.answer_survey(row, by=User.objects.system("links"), answers=lines, remarks="提货等了一个多小时")
