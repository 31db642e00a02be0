"""The demonstration's orders, up to the follow-up plan; those that go on to the counter are told in pickup/demo.py."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from crm import clock
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.declare import ASKED_BY
from crm.records.actions import write_note
from crm.refusals import Refused
from crm.reports.demo import Demo, Story, chapter
from crm.via import Door, Via, through
from customers.demo import buyers
from customers.models import Customer
from orders import actions as verbs
from orders import demo_credit  # noqa: F401 - which has a chapter of its own
from orders.catalog.demo import goods, made_to_order
from orders.catalog.models import Price, Product, prices_on
from orders.inquiries.demo import MATTERS, ask
from orders.models import Milestone, Order, OrderType, Stage, Territory

KINDS = (  # code, name, English name, stages as name, English name and percent of the time
    (
        "standard",
        "常规订单",
        "Standard order",
        (("备货", "Goods prepared", 50), ("通知提货", "Customer told", 80), ("提货", "Collected", 100)),
    ),
    (
        "project",
        "工程订单",
        "Project order",
        (
            ("图纸确认", "Drawings approved", 20),
            ("生产", "Made", 70),
            ("检验", "Tested", 85),
            ("提货", "Collected", 100),
        ),
    ),
    ("rush", "加急订单", "Rush order", (("备货", "Goods prepared", 60), ("提货", "Collected", 100))),
)
GROUNDS = {  # salesperson: the regions whose orders he can be given, empty for any
    "lina": "重庆,璧山,永川,江津",
    "chenjie": "万州,涪陵,长寿,重庆",
    "liuyang": "成都,绵阳,德阳",
    "zhaomin": "贵阳,遵义,成都",
    "huanglei": "",
    "wuting": "永川,江津,合川,重庆,璧山",
}
NOTES = (  # what people write into an order's timeline, and whether the customer reads it
    ("客户周五前要用，请仓库优先备货", False),
    ("对方财务说月底统一付款，已与财务核对", False),
    ("客户要求每箱贴项目标签", False),
    ("电话里客户抱怨上次等候时间长，这次请提前准备", False),
    ("西门正在施工，提货请从东门进", True),
)
GAPS = {  # working hours from the step before; with the time limit as the procedures have it, some are late
    "apply": (0.5, 5),
    "review": (0.4, 3.8),
    "allocate": (0.2, 2.1),
    "accept": (0.2, 3.8),
    "confirm": (0.8, 7),
    "plan": (0.3, 5),
    "stock": (0.4, 4.2),
}
PATH = tuple(GAPS)
LOW_PRICES = (("waiting", 3, (0.3, 7.0)), ("agreed", 2, (1.0, 3.6)), ("rejected", 1, (1.0, 6.0)))  # how many, hours ago
WHY_LOW = ("对手报价更低，年框客户，首单让利", "尾货清仓，仅此一批", "工程大单，按项目价执行")
PROJECTS = ("二期厂房", "地铁 15 号线站点", "老旧小区改造", "滨江写字楼", "职教中心实训楼", "冷库扩建", "充电站")
MENDS = (
    "请补充联系人手机。",
    "数量与客户订单不一致，请核对。",
    "价格低于目录价，请附销售总监批示。",
    "交货日期太近，请与客户确认。",
)
CANCELLED = ("客户项目延期", "客户改由总部统一采购", "价格未谈拢", "重复下单")
DAYS = 7.5  # working hours
LATE_MILESTONES = 0.12  # of all


@dataclass(frozen=True)
class Ending:
    """Where a story stops: how many of them, the last step, and how many working hours ago that was."""

    key: str
    count: int
    step: str
    ages: tuple[float, float]


ENDINGS = (
    Ending("draft", 5, "apply", (0.5, 15)),
    Ending("submitted", 8, "apply", (0.2, 5)),
    Ending("returned", 4, "review", (0.5, 9)),
    Ending("reviewed", 6, "review", (0.1, 2.6)),
    Ending("allocated", 7, "allocate", (0.2, 3.9)),
    Ending("accepted", 10, "accept", (0.3, 12)),
    Ending("confirmed", 6, "confirm", (0.2, 4.6)),
    Ending("cancelled", 7, "confirm", (20, 480)),
)


@dataclass
class Journey:
    """One order on its way: when each step is done, and what it is about."""

    demo: Demo
    chance: Random
    moments: Mapping[str, datetime]
    customer: Customer
    wanted_on: date | None = None  # two weeks after the application, where it is not said
    lines: list[dict[str, Any]] = field(default_factory=list)
    asked: bool = False

    @property
    def owner(self) -> User:
        """The customer's salesperson."""
        return self.demo.user(self.customer.owner_id)


@chapter(22, "order types")
def types(demo: Demo) -> Iterator[Story]:
    """The types with their stages, and who takes which orders."""
    yield Story("order-types", demo.now - timedelta(days=768), partial(_types, demo))


@chapter(40, "orders", apart=True)
def orders(demo: Demo) -> Iterator[Story]:
    """Orders that have not come to the warehouse yet, or never did."""
    for ending in ENDINGS:
        for number in range(demo.some(ending.count)):
            key = f"order-{ending.key}-{number}"
            chance = demo.random(key)
            steps = PATH[: PATH.index(ending.step) + 1]
            moments = schedule(demo, chance, steps, demo.ago(age_of(ending, number, demo)))
            yield Story(key, min(moments.values()), partial(_order, demo, ending.key, number, moments, chance))


@chapter(44, "low prices")
def low_prices(demo: Demo) -> Iterator[Story]:
    """Orders below the lowest price, for which the salesperson asks the manager."""
    for ending, count, ages in LOW_PRICES:
        for number in range(demo.some(count)):
            key = f"low-price-{ending}-{number}"
            chance = demo.random(key)
            yield Story(key, demo.ago(chance.uniform(*ages)), partial(_low_price, demo, ending, chance))


def age_of(ending: Any, number: int, demo: Demo) -> float:
    """Spread evenly over the ending's ages, so that grey, amber and red all occur."""
    least, most = ending.ages
    count = demo.some(ending.count)
    return least + (most - least) * (number + 0.5) / count


def schedule(demo: Demo, chance: Random, steps: tuple[str, ...], until: datetime) -> dict[str, datetime]:
    """When each of the steps is done, the last one at `until`."""
    moments, moment = {}, until
    for step in reversed(steps):
        moments[step] = moment
        moment = demo.before(moment, chance.uniform(*GAPS[step]))
    return dict(reversed(moments.items()))


def buyer(demo: Demo, chance: Random, terms: str = "") -> Customer:
    """One of those who order; some order often. With `terms` one who pays so, where there is one."""
    found = demo.once("buyers", buyers)
    fitting = [each for each in found if each.payment_terms == terms] or found
    return fitting[int(len(fitting) * chance.random() ** 1.6)]


def some_lines(demo: Demo, chance: Random, count: int, *, rare: bool = False) -> list[dict[str, Any]]:
    """Lines as the form gives them: a product, how much of it in which unit, at the list price or a little below."""
    chosen = chance.sample(demo.once("goods", lambda _demo: goods()), count)
    prices = prices_on(product.pk for product in chosen)
    found = [_line(chance, product, prices.get(product.pk)) for product in chosen]
    if rare:
        product = chance.choice(demo.once("made_to_order", lambda _demo: made_to_order()))
        found.append({**_line(chance, product, product.price_on()), "quantity": Decimal(chance.choice([1, 1, 2]))})
    return found


def _line(chance: Random, product: Product, listed: Price | None) -> dict[str, Any]:
    packing = next(iter(product.packings.all()), None)
    packed = packing is not None and chance.random() < 0.45
    unit, factor = (packing.unit, packing.factor) if packing and packed else (product.unit, Decimal(1))
    price = listed.price * factor if listed else Decimal(1)
    quantity = Decimal(max(1, min(300, round(chance.uniform(150, 6000) / float(price)))))
    lower = (price * Decimal("0.95")).quantize(Decimal("0.01")) if chance.random() < 0.12 else None
    return {"product": product, "quantity": quantity, "unit": unit, "factor": factor, "price": lower}


# The steps, each by the role that does it.


def apply(way: Journey, *, draft: bool = False) -> Order:
    """The application, from an inquiry or without one."""
    demo, chance, moments = way.demo, way.chance, way.moments
    begins = moments["apply"]
    with demo.at(begins):
        types = demo.once("types", lambda _demo: list(OrderType.objects.order_by("-code")))
        facts = {
            "type": chance.choices(types, [6, 1, 2])[0],
            "contact": None,
            "lines": way.lines or some_lines(demo, chance, chance.choice([1, 2, 2, 3, 4])),
            "wanted_on": way.wanted_on or demo.calendar.day_of(demo.after(begins, chance.uniform(6, 14) * DAYS)),
            "reference": f"CG{begins:%y%m}{chance.randrange(1000):03d}" if chance.random() < 0.5 else "",
            "project": chance.choice(PROJECTS) if chance.random() < 0.3 else "",
            "draft": draft,
        }
        if way.asked:
            matter = chance.choice(MATTERS)[0]
            inquiry = ask(demo, chance, begins, way.customer, way.owner, matter=matter)
            return verbs.order_inquiry(inquiry, by=way.owner, customer=way.customer, **facts)
        support = demo.people("sales_support")
        by = way.owner if chance.random() < 0.75 else chance.choice(support)
        return verbs.apply_order(by=by, customer=way.customer, **facts)


def review(way: Journey, order: Order) -> None:
    """Passed, and its papers taken over; now and then after it was sent back once."""
    demo, chance = way.demo, way.chance
    desk = chance.choice(demo.people("order_desk"))
    moment = way.moments["review"]
    with demo.at(moment):
        if chance.random() < 0.08:
            verbs.send_back(order, by=desk, mend=chance.choice(MENDS))
            verbs.submit_order(order, by=demo.user(order.applied_by_id))
        verbs.pass_review(order, by=desk)
        verbs.receive_handover(order.handovers.first(), by=desk)


def allocate(way: Journey, order: Order) -> None:
    """To the best candidate, or by the manager's choice."""
    demo, chance = way.demo, way.chance
    with demo.at(way.moments["allocate"]):
        if chance.random() < 0.06:
            _by_hand(demo, order, "huanglei", "大客户项目，指定工程经理跟单")
            return
        try:
            verbs.allocate_order(order, by=chance.choice(demo.people("order_desk")))
        except Refused:  # nobody is left who could take it
            _by_hand(demo, order, way.owner.username, "其他人均无法接单")


def _by_hand(demo: Demo, order: Order, owner: str, reason: str) -> None:
    verbs.allocate_order(order, by=demo.people("order_desk_manager")[0], owner=demo.user(owner), reason=reason)


def accept(way: Journey, order: Order) -> None:
    """By whom it was given to; now and then he gives it back and the next one takes it."""
    demo, chance = way.demo, way.chance
    with demo.at(way.moments["accept"]):
        if chance.random() < 0.05:
            verbs.decline_order(order, by=demo.user(order.owner_id), reason="本周外出，无法跟进")
            if order.owner_id is None:
                _by_hand(demo, order, "liuyang", "其他人均无法接单")
        verbs.accept_order(order, by=demo.user(order.owner_id))


def confirm(way: Journey, order: Order) -> None:
    """By phone, or by the customer himself under his link."""
    demo, chance = way.demo, way.chance
    owner, moment = demo.user(order.owner_id), way.moments["confirm"]
    if chance.random() < 0.4 and order.contact and order.contact.email:
        with demo.at(demo.before(moment, 0.4)):
            verbs.ask_to_confirm(order, by=owner)
        with demo.at(moment), through(Via(door=Door.LINK)):
            verbs.confirm_order(order, by=User.objects.system("links"), channel="mail", contact=None)
    else:
        with demo.at(moment):
            verbs.confirm_order(order, by=owner, channel="phone", contact=None)


def plan(way: Journey, order: Order) -> None:
    """The stages of its type, spread until the wanted date."""
    with way.demo.at(way.moments["plan"]):
        today = clock.today()
        stages = [
            {"name": stage.name, "due_on": today + (order.wanted_on - today) * stage.share / 100, "owner": None}
            for stage in order.type.stages.order_by("position")
        ]
        verbs.plan_order(order, by=way.demo.user(order.owner_id), milestones=stages)


def report(way: Journey, order: Order, moment: datetime) -> None:
    """How far it is, at a moment."""
    texts = (
        "仓库已备货，等待客户安排车辆。",
        "主材已到，辅材本周到齐。",
        "按计划进行，无异常。",
        "客户图纸已确认，排产中。",
    )
    with way.demo.at(moment):
        owner = way.demo.user(order.owner_id)
        trouble = way.chance.random() < 0.15
        verbs.report_progress(
            order,
            by=owner,
            progress=way.chance.choice(texts),
            problems="一种规格缺货" if trouble else "",
            solutions="已联系厂家调货，三日内到" if trouble else "",
        )


def tick_off(way: Journey, order: Order, until: datetime, *, all_of_them: bool) -> None:
    """Milestones that were reached by `until`: all of them, or most of those whose day has come; some of them late."""
    last = way.demo.calendar.day_of(until)
    for milestone in order.milestones.filter(status=Milestone.Status.OPEN).order_by("due_on", "pk"):
        if all_of_them or (milestone.due_on <= last and way.chance.random() < 0.9):
            with way.demo.at(_reached(way, milestone, until)):
                verbs.finish_milestone(milestone, by=way.demo.user(order.owner_id))


def _reached(way: Journey, milestone: Milestone, until: datetime) -> datetime:
    """When it was: within two days before its day ended, one in eight up to two days later; never after `until`."""
    ends = way.demo.calendar.moment(milestone.due_on, time(17))
    if way.chance.random() < LATE_MILESTONES:
        moment = way.demo.after(ends, way.chance.uniform(2, 15))
    else:
        moment = way.demo.before(ends, way.chance.uniform(0.3, 14))
    return min(max(moment, way.demo.after(way.moments["plan"], 0.1)), until)


STEPS = {"review": review, "allocate": allocate, "accept": accept, "confirm": confirm, "plan": plan}


def walk(way: Journey) -> Order:
    """Everything up to the last step that has a moment, except what the warehouse does."""
    order = apply(way)
    for step, do in STEPS.items():
        if step in way.moments:
            do(way, order)
    _note(way, order)
    return order


def _note(way: Journey, order: Order) -> None:
    """What somebody wrote down about some of them, an hour or more after they came in."""
    begins = way.moments["apply"]
    chance = way.demo.random(f"note-{begins.isoformat()}")
    if chance.random() < 0.3:
        text, for_customer = chance.choice(NOTES)
        with way.demo.at(way.demo.after(begins, chance.uniform(1, 6))):
            write_note(by=way.owner, about=order, text=text, for_customer=for_customer)


def _types(demo: Demo) -> None:
    for code, name, name_en, stages in KINDS:
        kind = OrderType.objects.create(code=code, name=name, name_en=name_en)
        for position, (stage, stage_en, share) in enumerate(stages, 1):
            Stage.objects.create(type=kind, position=position, name=stage, name_en=stage_en, share=share)
    for username, regions in GROUNDS.items():
        Territory.objects.create(user=demo.user(username), regions=regions, capacity=40)


def _order(demo: Demo, ending: str, number: int, moments: dict[str, datetime], chance: Random) -> None:
    way = Journey(demo, chance, moments, buyer(demo, chance), asked=chance.random() < 0.25)
    if ending == "draft":
        apply(way, draft=True)
        return
    if ending == "returned":
        order = apply(way)
        with demo.at(moments["review"]):
            verbs.send_back(order, by=chance.choice(demo.people("order_desk")), mend=chance.choice(MENDS))
        return
    order = walk(way)
    if ending == "cancelled":
        with demo.at(demo.after(moments["confirm"], chance.uniform(2, 16))):
            verbs.cancel_order(order, by=demo.user(order.owner_id), reason=chance.choice(CANCELLED))
    elif ending == "confirmed" and number % 3:
        plan_at = {**moments, "plan": demo.after(moments["confirm"], 0.3)}
        plan(Journey(demo, chance, plan_at, way.customer), order)


def _low_price(demo: Demo, ending: str, chance: Random) -> None:
    customer = buyer(demo, chance)
    owner, begins = demo.user(customer.owner_id), clock.now()
    lines = some_lines(demo, chance, 2)
    listed = lines[0]["product"].price_on()
    lines[0]["price"] = (listed.lowest * lines[0]["factor"] * Decimal("0.97")).quantize(Decimal("0.01"))
    order = verbs.apply_order(
        by=owner,
        customer=customer,
        type=OrderType.objects.order_by("-code").first(),
        contact=None,
        lines=lines,
        wanted_on=demo.day(chance.randrange(6, 10)),
    )
    request = ASKED_BY[verbs.allow_price.name](order, by=owner, reason=chance.choice(WHY_LOW))
    task = request.tasks.get()
    with demo.at(demo.after(begins, chance.uniform(0.2, 0.9))):
        if ending == "agreed":
            approvals.approve(task, by=demo.user(task.approver_id), opinion="同意，仅限本单")
        elif ending == "rejected":
            approvals.reject(task, by=demo.user(task.approver_id), reason="低于成本，请与客户再谈")
