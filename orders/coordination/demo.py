"""The demonstration's coordination: two order meetings with minutes, one to come, help asked for, joint handling."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from crm.accounts.models import Department, User
from crm.reports.demo import Demo, Story, chapter
from orders import actions as orders
from orders.coordination import actions as verbs
from orders.coordination.models import AgendaItem, HelpRequest, OrderMeeting
from orders.models import Order

S = Order.Status
DAY = 7.5  # working hours
MOST = 12  # items that one meeting has time for
WORKED_ON = [S.ACCEPTED, S.CONFIRMED, S.SHORT, S.READY]
PLACE = "二楼会议室"
SETTLED = (
    ("缺料周三到货，到货当天配齐。", "催供应商，每天上午报进度"),
    ("业务员今天下班前与客户确认数量和日期。", ""),
    ("由订单处理部今天分配，优先原负责人。", ""),
    ("生产插单，周四完成总装。", "周三前完成喷涂，检验提前介入"),
    ("客户同意分两批提货，先交现货。", "改提货通知，与客户约第一批时间"),
)
TOPICS = ("年底盘点期间的提货安排", "新订单申请表的填写要求")
ASKED = (  # department, what, and how it goes on: the state, the answer
    ("production", "客户催货，请协助安排加急喷涂，周五前完成。", "promised", "已排入周四晚班。"),
    ("logistics", "客户临时改为送货，请协助找车，4.2 米厢式。", "done", "车已定，渝A·8K521。"),
    ("warehouse", "请协助提前备货并单独码放，客户自带叉车。", "asked", ""),
    ("quality", "客户要求出厂前见证检验，请安排人员。", "declined", "本周检验员外派，建议下周二。"),
    ("finance", "客户称已付款，请协助核对到账。", "done", "已到账，款项已登记。"),
    ("production", "请协助评估加装门锁对交期的影响。", "asked", ""),
)
JOINT = (
    ("三个部门同时备料，分两批交货", ("production", "warehouse", "logistics")),
    ("客户现场验收，品管与生产驻场", ("production", "quality")),
)


@chapter(80, "coordination")
def coordination(demo: Demo) -> Iterator[Story]:
    """Help is asked for first, so that the meetings have something to speak of."""
    for number in range(demo.some(len(ASKED) * 2)):
        hours = demo.random(f"help-{number}").uniform(2, 40) + number
        yield Story(f"help-{number}", demo.ago(hours), partial(_help, demo, number, hours))
    for number in range(demo.some(len(JOINT))):
        yield Story(f"joint-{number}", demo.ago(60 - number), partial(_joint, demo, number))
    for number, hours in enumerate((75.0, 30.0)):
        yield Story(f"order-meeting-{number}", demo.ago(hours), partial(_meeting, demo, number, hours))
    yield Story("order-meeting-next", demo.ago(1), partial(_call, demo))


def _order(demo: Demo, key: str) -> Order | None:
    """One of the orders that are worked on, always the same for the same key."""
    found = list(Order.objects.filter(status__in=WORKED_ON, owner__isnull=False).order_by("pk"))
    return demo.random(key).choice(found) if found else None


def _help(demo: Demo, number: int, hours: float) -> None:
    order = _order(demo, f"help-order-{number}")
    if order is None:
        return
    code, what, ending, answer = ASKED[number % len(ASKED)]
    department = Department.objects.get(code=code)
    owner = demo.user(order.owner_id)
    request = verbs.ask_help(order, by=owner, department=department, what=what, needed_on=demo.day(3))
    if ending == HelpRequest.Status.ASKED:
        return
    promised = demo.day(2) if ending == HelpRequest.Status.PROMISED else None
    late = number % 4 == 3  # these took longer than they may
    with demo.at(demo.after(demo.ago(hours), 9.0 if late else 2.5)):
        head = demo.user(department.head_id)
        verbs.answer_help(request, by=head, outcome=ending, answer=answer, promised_on=promised)


def _joint(demo: Demo, number: int) -> None:
    order = _order(demo, f"joint-order-{number}")
    lead = demo.people("order_desk_manager")[0]
    if order is None or order.jointhandlings.exists():
        return
    purpose, codes = JOINT[number]
    departments = list(Department.objects.filter(code__in=codes))
    handling = verbs.begin_joint(order, by=lead, purpose=purpose, lead=lead, departments=departments)
    with demo.at(demo.ago(40 - number)):
        orders.hold_session(
            Order.objects.get(pk=order.pk),
            by=lead,
            departments=departments,
            topic="分批交货与备料",
            minutes="首批本周五交，次批下周三交；生产与仓库每日对账，物流提前一天报车。",
        )
    if number:
        with demo.at(demo.ago(8)):
            verbs.end_joint(handling, by=lead, result="两批均已交清，客户签收无异议。")


def _meeting(demo: Demo, number: int, hours: float) -> None:
    """Called a day before; most of what is on the agenda is settled, and some of it gives tasks."""
    desk = demo.people("order_desk_manager")[0]
    departments = Department.objects.filter(code__in=["sales", "production", "logistics", "warehouse"])
    held = demo.after(demo.ago(hours), DAY)
    meeting = verbs.call_meeting(by=desk, meets_at=held, place=PLACE, departments=departments)
    verbs.add_item(meeting, by=desk, topic=TOPICS[number])
    with demo.at(demo.after(held, 1)):
        for place, item in enumerate(AgendaItem.objects.filter(meeting=meeting).order_by("position")):
            if place >= MOST:
                verbs.strike_item(item, by=desk, reason="本次不议，按正常流程跟进")
            elif place % 5 != 4:
                settled, what = SETTLED[place % len(SETTLED)]
                until = demo.day(number + 1) if what else None
                verbs.settle_item(item, by=desk, settled=settled, what=what, due_on=until)
        verbs.file_minutes(_fresh(meeting), by=desk, meets_at=held, present=_present(meeting, desk))
    for task in meeting.tasks.order_by("pk")[: 2 - number]:
        with demo.at(demo.ago(4)):
            verbs.finish_task(task, by=demo.user(task.owner_id), outcome="已办")


def _fresh(meeting: OrderMeeting) -> OrderMeeting:
    return OrderMeeting.objects.get(pk=meeting.pk)


def _present(meeting: OrderMeeting, desk: User) -> list[User]:
    """All who were invited but the last."""
    return [desk, *list(meeting.invited.order_by("pk"))[:-1]]


def _call(demo: Demo) -> None:
    desk = demo.people("order_desk_manager")[0]
    departments = Department.objects.filter(code__in=["sales", "production", "logistics"])
    soon = demo.after(demo.now, DAY) + timedelta(minutes=5)
    verbs.call_meeting(by=desk, meets_at=soon, place=PLACE, departments=departments)
