"""What follows from the demonstration's surveys: late sheets, complaint and feedback, the report, measures, reviews."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from complaints import first_causes
from complaints.demo import Life, Tale
from complaints.feedback import actions as feedback
from complaints.feedback.models import Feedback
from complaints.models import Category, Cause, Complaint
from crm.accounts.models import Department, User
from crm.reports.demo import Demo, Story, chapter
from satisfaction import actions as verbs
from satisfaction.demo_answers import answer, yearly
from satisfaction.demo_customers import julys
from satisfaction.demo_sheets import COMPLAINT, FEEDBACK, LATE, NOBODY_ANSWERED, said
from satisfaction.models import Campaign, Invitation, Item, Measure, Sheet
from satisfaction.models.questionnaire import asked_in
from satisfaction.results import result_of

DAY = 7.5  # working hours
ENDED = time(0, 20)
CORRECTED = Decimal("0.005")  # is moved from the last item to the time of delivery, in the first survey
HANDED_OUT, REPORTED, ENTERED, REVIEWED = 6 * DAY, 7 * DAY, 10 * DAY, 40 * DAY  # after the end
CHECKED = timedelta(days=90)  # after which the effect on the complaint was looked at
CORRECTIVE, PREVENTIVE = Measure.Kind.CORRECTIVE, Measure.Kind.PREVENTIVE


@dataclass(frozen=True)
class Answered:
    """What a department does about an item: `days` after the report, or from today where it is still open."""

    department: str
    kind: str
    item: str
    what: str
    days: int
    outcome: str = ""
    told: tuple[str, str] | None = None  # what the next survey's customers are told of it, in Chinese and English


MEASURES = (
    (
        Answered(
            "logistics",
            CORRECTIVE,
            "delivery-pickup",
            "上午高峰增开一个提货窗口，按时段预约",
            45,
            "平均等候由四十五分钟降到二十分钟",
            (
                "上午增开一个提货窗口，等候时间缩短一半以上",
                "One more counter is open in the morning; you wait less than half as long",
            ),
        ),
        Answered(
            "warehouse",
            CORRECTIVE,
            "quality-packaging",
            "外箱改用防潮膜并加装护角",
            30,
            "包装破损由每月九件降到两件",
            ("外箱加了防潮膜和护角", "Cartons have a moisture barrier and corner guards now"),
        ),
        Answered(
            "order_desk",
            PREVENTIVE,
            "delivery-time",
            "承诺交期前先核对库存和排产",
            60,
            "交期变更由每周六单降到两单",
        ),
    ),
    (
        Answered(
            "order_desk",
            CORRECTIVE,
            "sales-answer",
            "询价热线排班到人，半个工作日内答复",
            20,
            "连续两周抽查，均在半日内答复",
        ),
        Answered("quality", PREVENTIVE, "quality-steady", "关键来料每批留样比对", 15, "已留样十二批，未见波动"),
        Answered("logistics", CORRECTIVE, "delivery-time", "与运输商签订准点率考核", 12),
        Answered("sales", CORRECTIVE, "other-online", "查询页面增加提货进度，业务员逐户演示", 20),
        Answered("warehouse", PREVENTIVE, "delivery-count", "装车清点双人签字", -2),
    ),
)


@chapter(94, "reports of surveys")
def reports(demo: Demo) -> Iterator[Story]:
    """What happened from the end of each of the yearly surveys on."""
    for wave, day in enumerate(julys(demo)):
        begins = demo.calendar.moment(day.replace(month=8, day=1), ENDED)
        yield Story(f"survey-over-{wave}", begins, partial(_over, demo, wave, begins))


def _over(demo: Demo, wave: int, ended: datetime) -> None:
    campaign = yearly()[wave]
    verbs.end_campaign(campaign, by=User.objects.system("clock"))
    codes = [each.item.code for each in asked_in(campaign.edition)]
    invitations = campaign.invitations.select_related("campaign__edition", "contact", "customer").order_by("pk")
    for place, invitation in enumerate(invitations):
        told = said(demo, wave, place, codes)
        if told.ending == LATE:
            answer(demo, invitation, told, demo.after(ended, 3 + place % 5))
        if wave == 1 and place == COMPLAINT:
            _complain(demo, invitation)
        if wave == 1 and place == FEEDBACK:
            _pass_on(demo, invitation)
    _report(demo, wave, Campaign.objects.get(pk=campaign.pk), ended)


def _said_at(invitation: Invitation) -> datetime:
    moment = Sheet.objects.get(invitation=invitation).returned_at
    assert moment is not None  # it is not anonymous
    return moment


def _complain(demo: Demo, invitation: Invitation) -> None:
    """The owner makes a complaint of the low answer, and it goes all the way to its end."""
    first_causes.make(Cause)
    begins = demo.after(_said_at(invitation), 1.5)
    with demo.at(begins):
        complaint = verbs.complain_from_survey(invitation, by=demo.user(invitation.owner_id), category=Category.SERVICE)
    tale = Tale(
        Complaint.Status.CLOSED,
        0,
        Category.SERVICE,
        NOBODY_ANSWERED,
        "service-attitude",
        "order_desk",
        "当日回电致歉并报价，指定专人对接",
        "询价热线增加值班安排，每日抽查回复时间",
        effective=True if begins < demo.now - CHECKED else None,
    )
    Life(demo, complaint, tale, begins).live()


def _pass_on(demo: Demo, invitation: Invitation) -> None:
    """The owner makes feedback of the low answer; the department answers it, and the customer is told."""
    begins, owner = demo.after(_said_at(invitation), 2), demo.user(invitation.owner_id)
    logistics = Department.objects.get(code="logistics")
    with demo.at(begins):
        row = verbs.suggest_from_survey(invitation, by=owner, kind=Feedback.Kind.WISH, about=Feedback.About.DELIVERY)
    with demo.at(demo.after(begins, 1)):
        feedback.pass_on_feedback(row, by=owner, department=logistics)
    given: dict[str, Any] = {"verdict": Feedback.Verdict.ADOPTED, "solution": "早高峰加开三号窗口，八点半起办理"}
    with demo.at(demo.after(begins, 2 * DAY)):
        feedback.answer_feedback(
            row, by=demo.user(logistics.head_id), reason="", promise="早高峰加开三号窗口", due_on=demo.day(5), **given
        )
    with demo.at(demo.after(begins, 3 * DAY)):
        feedback.tell_answer(row, by=owner, channel="phone", reaction="很满意，期待早日开通")
    with demo.at(demo.after(begins, 6 * DAY)):
        feedback.finish_promise(row, by=demo.user(logistics.head_id), outcome="三号窗口已开通")


def _report(demo: Demo, wave: int, campaign: Campaign, ended: datetime) -> None:
    """Coefficients corrected where that was decided, the report handed out and closed, measures entered and done."""
    supervisor = demo.user(campaign.owner_id)
    if wave == 0:
        with demo.at(demo.after(ended, DAY)):
            verbs.correct_coefficients(
                campaign, by=supervisor, reason="管理评审小组议定：交期权重上调", lines=_lines(campaign)
            )
    given = MEASURES[wave]
    departments = Department.objects.filter(code__in=[each.department for each in given])
    with demo.at(demo.after(ended, HANDED_OUT)):
        verbs.hand_out_report(campaign, by=supervisor, departments=departments)
    with demo.at(demo.after(ended, REPORTED)):
        verbs.close_report(campaign, by=supervisor)
    for each in given:
        _measure(demo, campaign, each, demo.after(ended, ENTERED))
    with demo.at(demo.after(ended, REVIEWED)):
        executives = User.objects.working().in_role("executive")
        verbs.hand_to_review(campaign, by=supervisor, people=executives, words="提请管理评审会议审议")


def _lines(campaign: Campaign) -> list[dict[str, Any]]:
    """The coefficients as they are, but for a little more on the time of delivery and less on the last item."""
    values = {each.wording.item.code: each.coefficient for each in result_of(campaign).lines}
    values["delivery-time"] += CORRECTED
    values[list(values)[-1]] -= CORRECTED
    return [{"item": code, "value": value} for code, value in values.items()]


def _measure(demo: Demo, campaign: Campaign, told: Answered, moment: datetime) -> None:
    department = Department.objects.get(code=told.department)
    head = demo.user(department.head_id)
    done = demo.after(moment, told.days * DAY) if told.outcome else demo.now
    with demo.at(moment):
        measure = verbs.enter_measure(
            campaign,
            by=head,
            department=department,
            kind=told.kind,
            item=Item.objects.get(questionnaire=campaign.edition.questionnaire, code=told.item),
            what=told.what,
            owner=head,
            due_on=demo.calendar.day_of(demo.after(done, 2 * DAY)) if told.outcome else demo.day(told.days),
        )
    if told.outcome:
        with demo.at(done):
            verbs.finish_measure(measure, by=head, outcome=told.outcome)
    if told.told:
        chinese, english = told.told
        with demo.at(demo.after(done, DAY)):
            by = demo.user(campaign.owner_id)
            verbs.tell_customers(measure, by=by, for_customers=chinese, for_customers_en=english)
