"""The demonstration's samples and quotations: every state of both, second rounds, three versions, orders of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from django.core.files.base import ContentFile

from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.declare import ASKED_BY
from crm.reports.demo import Demo, Story, chapter
from crm.via import Door, Via, through
from customers.models import Contact, Customer
from orders.catalog.demo import goods as range_goods
from orders.demo import PROJECTS, buyer, some_lines
from orders.inquiries.demo import MATTERS, ask
from orders.models import OrderType
from orders.quotations import actions as verbs
from orders.quotations.models import Quotation, Sample

# Where each stands, how many of it, and how many working hours ago it began.
QUOTED = (
    ("draft", 2, 6.0),
    ("low", 1, 5.0),
    ("allowed", 1, 30.0),
    ("sent", 4, 40.0),
    ("wishes", 2, 24.0),
    ("versions", 1, 90.0),
    ("declined", 3, 160.0),
    ("expired", 3, 420.0),
    ("withdrawn", 1, 200.0),
    ("accepted", 2, 36.0),
    ("paper", 1, 60.0),
    ("ordered", 3, 11.0),
)
SAMPLED = (
    ("requested", 2, 8.0),
    ("making", 2, 20.0),
    ("made", 1, 30.0),
    ("sent", 2, 40.0),
    ("received", 1, 50.0),
    ("declined", 1, 70.0),
    ("approved", 2, 100.0),
    ("second", 1, 150.0),
    ("paper", 1, 110.0),
    ("ordered", 1, 27.0),
    ("given_up", 1, 130.0),
)
VALID = {"expired": 12, "sent": 21, "accepted": 30}  # days
WHY_NOT = ("价格高于竞争对手，已另选供应商。", "项目推迟到明年，本次不采购。", "交期不能满足我司进度。")
WISHES = ("数量改为两倍，请给阶梯优惠。", "请改为含运费报价，交货到成都工地。", "第 2 项换成 40A 规格。")
GOODS = (  # goods in words, what is specified, and what the customer expects of them
    ("非标照明配电箱", "12 回路，304 不锈钢，暗装", "柜门左开，颜色 RAL7035，附检验报告"),
    ("防爆灯样品", "Ex d IIC T6，IP66，100W", "附防爆合格证复印件，光通量不低于 12000 lm"),
    ("定制铜排", "TMY 40×4，折弯按图", "折弯角度公差 ±0.5°，表面镀锡"),
)
CHANGES = "箱体颜色偏浅，请按 RAL7035 重做；锁具换成三点锁。"
CARRIERS = (("顺丰速运", "SF14"), ("德邦快递", "DPK2"), ("京东物流", "JDX0"))


@chapter(48, "samples and quotations", apart=True)
def stories(demo: Demo) -> Iterator[Story]:
    """Samples and quotations in every state."""
    for kinds, name, tell in ((QUOTED, "quotation", _quotation), (SAMPLED, "sample", _sample)):
        for ending, count, oldest in kinds:
            for number in range(demo.some(count)):
                key = f"{name}-{ending}-{number}"
                chance = demo.random(key)
                begins = demo.ago(oldest * (0.6 + 0.4 * (number + 1) / demo.some(count)))
                yield Story(key, begins, partial(tell, demo, ending, number, begins, chance))


def _reader(demo: Demo, chance: Random) -> tuple[Customer, Contact | None]:
    """A customer, and whoever of his people a link can be mailed to; the first of some who has one."""
    customer, contact = buyer(demo, chance), None
    for _try in range(12):
        rows = customer.contacts.filter(active=True, email_index__isnull=False)
        contact = rows.order_by("-main", "pk").first()
        if contact is not None:
            break
        customer = buyer(demo, chance)
    return customer, contact


class _Told:
    """One of them on its way; each step is done some working hours after the one before."""

    def __init__(self, demo: Demo, begins: datetime, chance: Random) -> None:
        self.demo, self.moment, self.chance = demo, begins, chance

    def later(self, hours: float) -> Any:
        """So many working hours after the last step."""
        self.moment = self.demo.after(self.moment, hours)
        return self.demo.at(self.moment)

    def by_link(self, verb: Any, record: Any, **inputs: Any) -> None:
        """What the customer does himself, some hours later."""
        with self.later(self.chance.uniform(2.0, 7.0)), through(Via(door=Door.LINK)):
            verb(record, by=User.objects.system("links"), **inputs)


def _quotation(demo: Demo, ending: str, number: int, begins: datetime, chance: Random) -> None:
    told = _Told(demo, begins, chance)
    customer, contact = _reader(demo, chance)
    if contact is None:
        return
    owner = demo.user(customer.owner_id)
    offer = _offer(demo, chance, begins, contact, ending)
    if ending in ("low", "allowed"):
        _cheapen(offer["lines"])
    if ending == "ordered" and number % 2 == 0:
        inquiry = ask(demo, chance, begins, customer, owner, matter=chance.choice(MATTERS)[0])
        quotation = verbs.quote_inquiry(inquiry, by=owner, **offer)
    else:
        quotation = verbs.quote_customer(customer, by=owner, **offer)
    if ending == "draft":
        return
    if ending in ("low", "allowed"):
        with told.later(0.4):
            asked = ASKED_BY[verbs.allow_price.name](quotation, by=owner, reason="年框客户，首批让利，量大续签")
        if ending == "low":
            return
        task = asked.tasks.get()
        with told.later(1.5):
            approvals.approve(task, by=demo.user(task.approver_id), opinion="同意，仅限本次报价")
    with told.later(0.5):
        verbs.send_quotation(_fresh(quotation), by=owner)
    if ending == "versions":
        _three_versions(told, quotation, owner, offer)
        return
    _answer(told, _fresh(quotation), owner, ending, number)


def _offer(demo: Demo, chance: Random, begins: datetime, contact: Contact, ending: str) -> dict[str, Any]:
    day = demo.calendar.day_of(begins)
    return {
        "contact": contact,
        "project": chance.choice(PROJECTS),
        "lines": some_lines(demo, chance, chance.choice([2, 3, 4])),
        "valid_until": demo.day(2) if ending == "wishes" else day + timedelta(days=VALID.get(ending, 50)),
        "payment": chance.choice(["预付 30%，余款提货前付清", ""]),
        "delivery": chance.choice(["合同签订后 10 个工作日", "现货，确认后 3 日内可提", "首批 15 天，其余分批"]),
        "remarks": "以上价格含 13% 增值税，不含运费；规格以双方确认的样品为准。",
    }


def _cheapen(lines: list[dict[str, Any]]) -> None:
    listed = lines[0]["product"].price_on()
    lines[0]["price"] = (listed.lowest * lines[0]["factor"] * Decimal("0.96")).quantize(Decimal("0.01"))


def _answer(told: _Told, quotation: Quotation, owner: User, ending: str, number: int) -> None:
    """What the customer says to it, and what comes of it."""
    name = quotation.contact.name if quotation.contact else ""
    if ending == "wishes":
        told.by_link(verbs.ask_quotation_changes, quotation, changes=WISHES[number % len(WISHES)])
    elif ending == "declined":
        told.by_link(verbs.decline_quotation, quotation, reason=WHY_NOT[number % len(WHY_NOT)])
    elif ending == "withdrawn":
        with told.later(9.0):
            verbs.withdraw_quotation(quotation, by=owner, reason="原材料涨价，价格需重新核算")
    elif ending == "expired":
        after = quotation.valid_until + timedelta(days=1)
        with told.demo.at(told.moment.replace(year=after.year, month=after.month, day=after.day, hour=1)):
            verbs.expire_quotation(quotation, by=User.objects.system("clock"))
    elif ending == "paper":
        with told.later(6.0):
            day = told.demo.calendar.day_of(told.moment)
            verbs.record_acceptance(
                quotation, by=owner, paper=_scan(quotation.number), signed_by=name, signed_on=min(day, told.demo.today)
            )
    elif ending in ("accepted", "ordered"):
        told.by_link(verbs.accept_quotation, quotation, signed_by=name)
    if ending == "ordered":
        with told.later(1.0):
            verbs.order_quotation(
                _fresh(quotation),
                by=owner,
                type=OrderType.objects.order_by("-code").first(),
                wanted_on=told.demo.day(8 + number),
            )


def _three_versions(told: _Told, quotation: Quotation, owner: User, offer: dict[str, Any]) -> None:
    """Two rounds of haggling: more pieces, then a better price and other conditions."""
    told.by_link(verbs.ask_quotation_changes, _fresh(quotation), changes=WISHES[0])
    lines = [{**line, "quantity": line["quantity"] * 2} for line in offer["lines"]]
    with told.later(2.0):
        verbs.revise_quotation(_fresh(quotation), by=owner, **{**offer, "lines": lines})
        verbs.send_quotation(_fresh(quotation), by=owner)
    told.by_link(verbs.ask_quotation_changes, _fresh(quotation), changes="请再优惠 2%，并分两批交货。")
    with told.later(3.0):
        for line, row in zip(lines, _fresh(quotation).current.lines.order_by("position"), strict=True):
            less = (row.price * Decimal("0.98")).quantize(Decimal("0.01"))
            line["price"] = less if row.lowest is None else max(less, row.lowest)
        facts = {**offer, "lines": lines, "delivery": "分两批：首批 10 个工作日，其余 20 个工作日"}
        verbs.revise_quotation(_fresh(quotation), by=owner, **facts)
        verbs.send_quotation(_fresh(quotation), by=owner)


def _fresh(record: Any) -> Any:
    """The record as it is now."""
    return type(record).objects.get(pk=record.pk)


def _sample(demo: Demo, ending: str, number: int, begins: datetime, chance: Random) -> None:
    told = _Told(demo, begins, chance)
    customer, contact = _reader(demo, chance)
    if contact is None:
        return
    owner = demo.user(customer.owner_id)
    maker = demo.people("production")[0]
    what, specification, expects = GOODS[number % len(GOODS)]
    line: dict[str, Any] = {"what": what, "specification": specification, "quantity": Decimal(1), "unit": None}
    if ending in ("ordered", "approved", "received"):  # a product of the range, so that an order can be made of it
        product = demo.once("goods", lambda _demo: range_goods())[number]
        line = {"product": product, "specification": "", "quantity": Decimal(2), "unit": product.unit}
    sample = verbs.request_sample(
        customer,
        by=owner,
        lines=[line],
        contact=contact,
        place="重庆市渝北区金开大道 88 号 3 栋",
        wanted_on=demo.calendar.day_of(demo.after(begins, 60)),
        expects=expects,
        maker=maker,
    )
    if ending != "requested":
        _make(told, sample, owner, maker, ending)


def _make(told: _Told, sample: Sample, owner: User, maker: User, ending: str) -> None:
    """From the workshop to the customer, as far as the story goes."""
    with told.later(1.5):
        verbs.start_sample(_fresh(sample), by=maker, expected_on=None)
    with told.later(1.0):
        verbs.tell_sample(_fresh(sample), by=owner, text="样品已开始制作，箱体正在喷涂。")
    if ending == "making":
        return
    if ending == "given_up":
        with told.later(4.0):
            verbs.cancel_sample(_fresh(sample), by=owner, reason="客户改用标准型号，不再需要样品")
        return
    _round(told, sample, owner, maker, ending)


def _round(told: _Told, sample: Sample, owner: User, maker: User, ending: str) -> None:
    """One round: made, sent, and the customer's word; a second one where the first does not please."""
    chance = told.chance
    with told.later(6.0):
        batch = f"Y{told.moment:%m%d}-{chance.randrange(10, 99)}"
        verbs.finish_sample(
            _fresh(sample), by=maker, batch=batch, specification="按图纸 A 版，RAL7035 喷涂，带检验报告"
        )
    if ending == "made":
        return
    carrier, prefix = chance.choice(CARRIERS)
    with told.later(1.0):
        verbs.send_sample(
            _fresh(sample),
            by=owner,
            carrier=carrier,
            tracking=f"{prefix}{chance.randrange(10**8, 10**9)}",
            sent_on=told.demo.calendar.day_of(told.moment),
        )
    if ending == "sent":
        return
    told.by_link(verbs.receive_sample, _fresh(sample))
    found = _fresh(sample)
    if ending in ("declined", "second"):
        told.by_link(verbs.decline_sample, found, changes=CHANGES)
    if ending == "second":
        with told.later(2.0):
            verbs.start_sample(_fresh(sample), by=maker, expected_on=None)
        _round(told, sample, owner, maker, "approved")
    name = found.contact.name if found.contact else ""
    if ending in ("approved", "ordered"):
        told.by_link(verbs.approve_sample, found, signed_by=name)
    if ending == "paper":
        with told.later(4.0):
            day = min(told.demo.calendar.day_of(told.moment), told.demo.today)
            paper = _scan(found.number)
            verbs.record_sample_approval(found, by=owner, paper=paper, signed_by=name, signed_on=day)
    if ending == "ordered":
        with told.later(1.0):
            verbs.order_sample(
                _fresh(sample),
                by=owner,
                type=OrderType.objects.order_by("-code").first(),
                wanted_on=told.demo.day(12),
            )


def _scan(number: str) -> ContentFile:
    """A paper as small as a paper can be."""
    return ContentFile(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", name=f"{number}.pdf")
