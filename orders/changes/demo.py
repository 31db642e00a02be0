"""The demonstration's changes: under way and applied, delays at each step, requests answered and to be answered.

They happen to orders that were told before: those that customers have just confirmed, and those under contract.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from django.core.files.base import ContentFile

from crm.accounts.models import User
from crm.actions import ACTIONS, Action
from crm.approvals import actions as approvals
from crm.approvals.models import Task
from crm.days import begin_of
from crm.reports.demo import Demo, Story, chapter
from crm.via import Door, Via, through
from customers.models import Contact
from orders import demo as tale
from orders.changes import actions as verbs
from orders.changes.models import Acknowledgement, Change, CustomerRequest, Extension
from orders.changes.telling import concerned
from orders.contracts.models import Contract
from orders.models import Order

STEPS = 12  # how finely the time since an order was confirmed is cut
GOODS = ("applied", "approval", "sent", "drafted", "declined")
DATES = ("applied", "approval")
DELAYS = ("asked", "agreed", "planning", "countered", "kept", "stays")
REQUESTS = (("open", 2), ("accepted", 1), ("declined", 2))
CANCELLED = 3  # orders of the past that were cancelled by agreement
WHY = {
    "goods": ("客户现场追加两台", "客户二期推迟，先调整数量", "业主变更图纸，数量调整"),
    "date": ("业主提前进场，要求改期交货", "客户付款计划调整，推迟执行合同"),
    "cancel": ("客户项目停建", "客户改由总部统一采购", "业主变更方案，不再需要"),
}
WHAT = ("铜排供应商停产检修，晚到一周", "柜体喷涂线故障，排产顺延", "外购断路器缺货", "暴雨致高速封闭，物料晚到")
WISHES = (
    ("柜体颜色改为 RAL7032", "未喷涂部分可以按新颜色执行，不另收费。", "已全部喷涂完成，改色需返工，无法按期。"),
    ("每台柜子贴项目名称标签", "可以，请发标签内容，随货贴好。", "标签内容涉及第三方商标，无法代贴。"),
    ("分两次提货，先提四台", "可以，先备好四台，余下按原日期。", "同一批次统一检验，无法拆分。"),
    ("希望出厂前来厂看货", "欢迎，请提前一天告知人数。", "本周设备检修，车间不接待，可提供检验视频。"),
)


@chapter(47, "changes")
def changes(demo: Demo) -> Iterator[Story]:
    """Orders that are changed, late or asked about while they are made."""
    lately = demo.now - timedelta(minutes=1)
    for number, ending in enumerate(GOODS):
        yield Story(f"change-{ending}", lately, partial(_goods, demo, ending, number))
    for number, ending in enumerate(DATES):
        yield Story(f"date-{ending}", lately, partial(_date, demo, ending, number))
    for number, ending in enumerate(DELAYS):
        yield Story(f"delay-{ending}", lately, partial(_delay, demo, ending, number))
    for ending, count in REQUESTS:
        for number in range(demo.some(count)):
            yield Story(f"wish-{ending}-{number}", lately, partial(_request, demo, ending, f"wish-{ending}-{number}"))
    for number in range(demo.some(CANCELLED)):
        key = f"change-cancelled-{number}"
        ended = demo.ago(120 + 260 * number)
        moments = tale.schedule(demo, demo.random(key), ("apply", "review", "allocate", "accept", "confirm"), ended)
        yield Story(key, min(moments.values()), partial(_cancelled, demo, key, moments))


@dataclass
class _Told:
    """One order, its owner, whom he writes to, and the time that goes on with each step from `begins` until now."""

    demo: Demo
    order: Order
    begins: datetime
    chance: Random
    done: int = 0

    @property
    def owner(self) -> User:
        """Who sees to the order."""
        return self.demo.user(self.order.owner_id)

    @property
    def contact(self) -> Contact | None:
        """Who of the customer's people has a mail address."""
        rows = Contact.objects.filter(customer=self.order.customer_id, active=True, email_index__isnull=False)
        return rows.order_by("-main", "pk").first()

    @property
    def moment(self) -> datetime:
        """When the present step is done."""
        return self.begins + (self.demo.now - self.begins) * min(self.done, STEPS - 1) / STEPS

    def next(self) -> Any:
        """The next step's time."""
        self.done += 1
        return self.demo.at(self.moment)

    def day(self, days: int) -> date:
        """The day so many working days after the one on which the order is wanted."""
        noon = begin_of(max(self.order.wanted_on, self.demo.today)) + timedelta(hours=12)
        return self.demo.calendar.day_of(self.demo.after(noon, days * tale.DAYS))

    def acknowledge(self, rows: Any) -> None:
        """All departments but the last acknowledge it."""
        found = list(rows.select_related("department__head").order_by("pk"))
        for row in found[:-1]:
            if row.department.head:
                with self.next():
                    verbs.acknowledge_change(row, by=row.department.head, remarks="已知悉，按新计划执行")


def _free(demo: Demo, rows: Any, verb: Action, number: int, key: str) -> _Told | None:
    """The order to which it happens: one of `rows` to which it can; None where the demonstration has none left."""
    for order in rows.order_by("pk")[number:]:
        if order.owner_id and verb.refusal(order, demo.user(order.owner_id)) is None:
            contract = Contract.objects.of(order)
            since = contract.returned_at if contract else order.confirmed_at
            return _Told(demo, order, since or order.received_at, demo.random(key))
    return None


def _confirmed() -> Any:
    return Order.objects.filter(status=Order.Status.CONFIRMED, contracts=None)


def _under_contract() -> Any:
    return Order.objects.filter(contracts__status=Contract.Status.IN_FORCE)


def _goods(demo: Demo, ending: str, number: int) -> None:
    told = _free(demo, _confirmed(), verbs.draft_change, number, f"goods-{ending}")
    line = told.order.lines.order_by("position").first() if told else None
    if told is None or line is None:
        return
    facts: dict[str, Any] = {"lines": [{"position": line.position, "quantity": line.quantity + Decimal(2)}]}
    if ending == "approval":
        facts["wanted_on"] = told.day(5)
    if ending == "declined":
        facts = {"lines": [{"position": line.position, "quantity": line.quantity, "specification": "同系列新型号"}]}
    _changed(told, ending, wish="ours" if ending == "declined" else "customer", kind="goods", **facts)


def _date(demo: Demo, ending: str, number: int) -> None:
    told = _free(demo, _under_contract(), verbs.draft_change, number, f"date-{ending}")
    if told is not None:
        _changed(told, ending, wish="customer", kind="date", wanted_on=told.day(4))


def _cancelled(demo: Demo, key: str, moments: dict[str, datetime]) -> None:
    chance = demo.random(f"{key}-tale")
    order = tale.walk(tale.Journey(demo, chance, moments, tale.buyer(demo, chance)))
    told = _Told(demo, order, moments["confirm"], chance)
    told.begins = demo.after(moments["confirm"], 2)
    _changed(told, "applied", wish="customer", kind="cancel", cancels=True)


def _changed(told: _Told, ending: str, *, wish: str, kind: str, **facts: Any) -> None:
    with told.next():
        change = verbs.draft_change(
            Order.objects.get(pk=told.order.pk),
            by=told.owner,
            wish=wish,
            why=told.chance.choice(WHY[kind]),
            shift_plan=True,
            departments=concerned(),
            **facts,
        )
    if ending == "drafted":
        return
    if not _confirmed_by_customer(told, change, ending):
        return
    with told.next():
        request = ACTIONS["changes.ask_apply_change"](Change.objects.get(pk=change.pk), by=told.owner)
    if ending == "approval":
        return
    for task in request.tasks.filter(status=Task.Status.WAITING).select_related("approver"):
        with told.next():
            approvals.approve(task, by=task.approver, opinion="同意变更。")
    told.acknowledge(Acknowledgement.objects.filter(change=change))


def _confirmed_by_customer(told: _Told, change: Change, ending: str) -> bool:
    """He answers under his link, or on paper where he has no address; answers whether he has agreed."""
    if told.contact is None:
        with told.next():
            verbs.record_confirmation(change, by=told.owner, paper=_paper(change), answer="盖章回传")
        return True
    with told.next():
        verbs.send_change(change, by=told.owner, contact=told.contact)
    if ending == "sent":
        return False
    customer = User.objects.system("links")
    with told.next(), through(Via(door=Door.LINK)):
        if ending == "declined":
            verbs.decline_change(change, by=customer, answer="新型号尺寸不同，现场装不下，请维持原订单。")
            return False
        verbs.agree_to_change(change, by=customer, answer="同意，请尽快安排。")
    return True


def _paper(paper: Any) -> ContentFile:
    """A paper as small as a paper can be."""
    return ContentFile(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", name=f"{paper.number}.pdf")


def _delay(demo: Demo, ending: str, number: int) -> None:
    rows = _under_contract() if number % 2 else _confirmed()
    told = _free(demo, rows, verbs.report_delay, number // 2, f"delay-{ending}")
    if told is None:
        return
    planner, cause = demo.people("production")[0], "force" if ending == "stays" else "production"
    with told.next():
        what = WHAT[-1] if cause == "force" else told.chance.choice(WHAT[:-1])
        order = Order.objects.get(pk=told.order.pk)
        extension = verbs.report_delay(order, by=told.owner, cause=cause, what=what, planner=planner)
    if ending == "planning":
        return
    kept, new_on = ending == "kept", told.day(5)
    with told.next():
        verbs.answer_delay(
            extension,
            by=planner,
            kept=kept,
            planning="已从外协厂调料，按原计划" if kept else "物料到厂后装配、检验需五个工作日",
            remedy="调拨外协库存，周末加班" if kept else "先交已完工部分，其余加班赶制",
            possible_on=None if kept else new_on,
        )
    if ending not in ("kept", "stays"):
        _extended(told, Extension.objects.get(pk=extension.pk), ending, new_on)


def _extended(told: _Told, extension: Extension, ending: str, new_on: date) -> None:
    facts: dict[str, Any] = {"by": told.owner, "new_on": new_on, "shift_plan": True, "departments": concerned()}
    if told.contact is None:
        with told.next():
            verbs.record_agreement(extension, paper=_paper(extension), **facts)
        return
    with told.next():
        verbs.request_extension(extension, contact=told.contact, remedy="先交已完工部分，其余加班赶制", **facts)
    if ending == "asked":
        return
    customer = User.objects.system("links")
    with told.next(), through(Via(door=Door.LINK)):
        if ending == "countered":
            verbs.propose_date(extension, by=customer, proposed_on=told.day(3), answer="最晚这一天，否则影响送电。")
            return
        verbs.agree_to_extension(extension, by=customer, answer="理解，请保证质量。")
    told.acknowledge(Acknowledgement.objects.filter(extension=extension))


def _request(demo: Demo, ending: str, key: str) -> None:
    rows = Order.objects.filter(status__in=[Order.Status.ACCEPTED, Order.Status.CONFIRMED])
    told = _free(demo, rows, verbs.note_request, demo.random(key).randrange(4), key)
    if told is None:
        return
    text, yes, no = told.chance.choice(WISHES)
    told.begins = max(told.begins, demo.ago(12))
    with told.next():
        noted_by = told.chance.choice(demo.people("sales_support"))
        order = Order.objects.get(pk=told.order.pk)
        request = verbs.note_request(order, by=noted_by, text=text, channel="wechat", contact=told.contact)
    if ending == "open":
        return
    with told.next():
        verbs.answer_request(
            CustomerRequest.objects.get(pk=request.pk),
            by=told.owner,
            accepted=ending == "accepted",
            answer=yes if ending == "accepted" else no,
            told_how="" if told.contact is not None else "phone",
        )
