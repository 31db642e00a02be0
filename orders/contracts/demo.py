"""The demonstration's contracts: one in every state, reviews half signed, a condition that is not met yet."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile

from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from crm.reports.demo import Demo, Story, chapter
from customers.models import Contact
from orders import demo as tale
from orders.contracts import actions as verbs
from orders.contracts.models import Contract, ContractTemplate, Requirement, Supplement
from orders.contracts.texts import STANDARD
from orders.models import Order

PATH = ("apply", "review", "allocate", "accept")


# Where a contract stands: how many, its class, and how many working hours ago the customer accepted.
ENDINGS = (
    tale.Ending("spoken", 2, "", (0.5, 6.0)),
    tale.Ending("classified", 2, "special", (3.0, 9.0)),
    tale.Ending("asked", 3, "special", (5.0, 12.0)),
    tale.Ending("conditional", 2, "special", (9.0, 16.0)),
    tale.Ending("passed", 2, "regular", (8.0, 20.0)),
    tale.Ending("made", 1, "regular", (10.0, 14.0)),
    tale.Ending("sent", 3, "regular", (14.0, 44.0)),
    tale.Ending("handed_in", 1, "regular", (24.0, 30.0)),
    tale.Ending("in_force", 4, "special", (60.0, 140.0)),
    tale.Ending("filed", 3, "regular", (80.0, 200.0)),
    tale.Ending("given_up", 1, "regular", (60.0, 90.0)),
)
ORDER = ("spoken", "classified", "asked", "conditional", "passed", "made", "sent", "handed_in", "in_force", "filed")
SUPPLEMENTED = 2  # of those that are filed: the first is agreed anew, the second asks to be
REQUIRED = (
    ("配电柜整体供货", "柜体颜色 RAL7035，分两批送到工地", "户外机房，需防潮防凝露", "GB/T 7251.12，3C 认证"),
    ("防爆灯具", "随货附防爆合格证原件", "化工车间一区使用", "GB/T 3836，防爆合格证"),
    ("低压电缆", "每盘不少于 500 米，不接头", "直埋敷设，需铠装", "GB/T 12706，3C 认证"),
)
OPINIONS = {
    "product": "产品满足客户要求，价格在目录范围内，同意。",
    "making": "现有工艺可做，排产可在合同日前完成。",
    "delivery": "自提，装车时间请提前一天通知。",
    "funds": "预付款到账后安排，同意。",
    "": "同意。",
}


@chapter(23, "contract templates")
def templates(demo: Demo) -> Iterator[Story]:
    """The articles that contracts are made from."""
    yield Story("contract-template", demo.now - timedelta(days=760), _template)


@chapter(46, "contracts", apart=True)
def contracts(demo: Demo) -> Iterator[Story]:
    """Contracts in every state, on orders of their own."""
    for ending in ENDINGS:
        for number in range(demo.some(ending.count)):
            key = f"contract-{ending.key}-{number}"
            chance = demo.random(key)
            accepted = demo.ago(tale.age_of(ending, number, demo))
            moments = tale.schedule(demo, chance, PATH, demo.before(accepted, 2))
            yield Story(key, min(moments.values()), partial(_contract, demo, ending, number, moments, accepted))


def _template() -> None:
    ContractTemplate.objects.create(name="产品购销合同（标准）", text=STANDARD)


def _contract(demo: Demo, ending: tale.Ending, number: int, moments: dict[str, datetime], accepted: datetime) -> None:
    chance = demo.random(f"contract-{ending.key}-{number}-tale")
    wanted = demo.day(12 + number) if ending.key != "filed" else demo.day(number)
    way = tale.Journey(demo, chance, moments, tale.buyer(demo, chance), wanted_on=wanted)
    order = tale.walk(way)
    owner = demo.user(order.owner_id)
    support = demo.people("sales_support")[number % 2]
    if ending.step == "special":
        with demo.at(demo.before(accepted, 1)):
            _required(demo, order, owner, number)
    with demo.at(accepted):
        contract = verbs.record_acceptance(
            order, by=owner, accepted_by=chance.choice(["phone", "wechat"]), accepted_words="就按报价单执行。"
        )
    told = Told(demo, contract, owner, support, accepted, ending)
    for state in ORDER[1:]:
        if ending.key == "spoken" or (ending.key == "given_up" and state == "made"):
            break
        if state in told.steps and not (state == "conditional" and ending.key != "conditional"):
            told.steps[state]()
        if state == ending.key:
            break
    if ending.key == "filed" and number < SUPPLEMENTED:
        told.supplement(signed=number == 0)
    if ending.key == "given_up":
        with demo.at(told.moment):
            verbs.cancel_contract(told.fresh(), by=owner, reason="客户改由总部统一签约")


def _required(demo: Demo, order: Order, owner: User, number: int) -> None:
    goods, stated, intended, legal = REQUIRED[number % len(REQUIRED)]
    row = verbs.record_requirements(
        order, by=owner, goods=goods, stated=stated, intended=intended, legal=legal, own="出厂前全检，附检验报告"
    )
    tester = demo.people("quality")[0]
    verbs.send_sample(row, by=tester, batch=f"B{row.pk:05d}", sent_how="顺丰速运", sent_on=demo.day(-20))
    person = Contact.objects.filter(customer=order.customer).order_by("-main", "pk").first()
    verbs.note_sample_answer(
        Requirement.objects.get(pk=row.pk),
        by=owner,
        accepted=Requirement.Status.ACCEPTED,
        answered_on=demo.day(-15),
        answered_how="wechat",
        answered_by=person,
        answer="样品检测合格，同意按此批次供货。",
    )


class Told:
    """One contract on its way; each step is done some working hours after the one before."""

    def __init__(
        self, demo: Demo, contract: Contract, owner: User, support: User, moment: datetime, ending: tale.Ending
    ) -> None:
        self.demo, self.contract, self.owner, self.support, self.moment = demo, contract, owner, support, moment
        self.ending = ending
        self.steps = {
            "classified": self.classify,
            "asked": self.ask,
            "conditional": self.condition,
            "passed": self.sign,
            "made": self.make,
            "sent": self.send,
            "handed_in": self.hand_in,
            "in_force": self.bring_back,
            "filed": self.file,
        }

    def fresh(self) -> Contract:
        """The contract as it is now."""
        return Contract.objects.get(pk=self.contract.pk)

    def later(self, hours: float) -> Any:
        """So many working hours after the last step."""
        self.moment = self.demo.after(self.moment, hours)
        return self.demo.at(self.moment)

    def classify(self) -> None:
        """By sales support, with the reason."""
        kind = self.ending.step
        reason = "需新开模具，交期超出常规" if kind == Contract.Kind.SPECIAL else "库存可满足"
        with self.later(0.6):
            verbs.classify_contract(self.fresh(), by=self.support, kind=kind, class_reason=reason)

    def ask(self) -> None:
        """The form filled in and sent to review; of a special one two departments have signed."""
        with self.later(1.2):
            verbs.fill_in_form(
                self.fresh(),
                by=self.owner,
                delivery_on=self.contract.order.wanted_on,
                quality="按国家标准及双方确认的样品执行，随货附合格证、检验报告",
                technology="按图纸 A 版，柜体静电喷涂",
                capacity="两班生产，合同日前三天完工入库",
                place="供方渝北自提点",
                transport="需方自备车辆",
                packing="木托盘，缠绕膜防潮",
                payment_terms=self.contract.payment_terms,
                payment_days=self.contract.payment_days,
                payment="合同生效后三日内预付 30%，余款提货前付清",
                other="",
            )
            ACTIONS["contracts.ask_pass_contract"](self.fresh(), by=self.owner)
        if self.ending.key == "asked":
            with self.later(0.8):
                self._sign(parts=("product", "making"))

    def condition(self) -> None:
        """Finance asks for something first, and signs; it is still to be met."""
        with self.later(1.0):
            task = self._waiting().filter(part="funds").first()
            if task is not None:
                approvals.raise_condition(
                    task,
                    by=task.approver,
                    text="预付款 30% 到账后方可排产，请附银行回单。",
                    owner=self.owner,
                    due_on=self.demo.day(2),
                )
            self._sign()

    def sign(self) -> None:
        """Everybody who is asked, and then the general manager."""
        if self.ending.key == "conditional":
            return
        with self.later(2.5):
            self._sign()
        with self.later(1.5):
            self._sign()

    def _waiting(self) -> Any:
        request = ApprovalRequest.objects.about(self.contract).latest("pk")
        return request.tasks.filter(status=Task.Status.WAITING).select_related("approver", "request").order_by("pk")

    def _sign(self, parts: tuple[str, ...] = ()) -> None:
        for task in self._waiting():
            task.refresh_from_db()
            if task.status == Task.Status.WAITING and (not parts or task.part in parts):
                approvals.approve(task, by=task.approver, opinion=OPINIONS[task.part])

    def make(self) -> None:
        """From the standard template."""
        template = ContractTemplate.objects.filter(active=True).first()
        with self.later(1.0):
            verbs.make_contract(self.fresh(), by=self.support, template=template, signed_place="重庆")

    def send(self) -> None:
        """To whoever has a mail address."""
        person = Contact.objects.filter(customer=self.contract.customer, active=True, email_index__isnull=False).first()
        with self.later(0.8):
            verbs.send_contract(self.fresh(), by=self.owner, contact=person)

    def hand_in(self) -> None:
        """The customer uploads what he has signed."""
        with self.later(6.0):
            verbs.hand_in_signed_copy(self.fresh(), by=User.objects.system("links"), scan=_scan(self.contract))

    def bring_back(self) -> None:
        """Looked at and marked."""
        with self.later(1.5):
            day = self.demo.calendar.day_of(self.moment)
            contract = self.fresh()
            scan = None if contract.copy_at else _scan(contract)
            verbs.mark_returned(contract, by=self.support, signed_on=min(day, self.demo.today), scan=scan)

    def file(self) -> None:
        """Into the cabinet, with its form."""
        with self.later(2.0):
            verbs.archive_contract(self.fresh(), by=self.support, archive_place="档案柜 A-03")

    def supplement(self, signed: bool) -> None:
        """The customer sends a carrier of his own and asks for other packing: agreed anew, signed or still asked."""
        with self.later(4.0):
            supplement = verbs.draft_supplement(
                self.fresh(),
                by=self.owner,
                why="需方改由承运商提货，要求加固包装",
                agreed="微信确认，附聊天截图",
                effective_on=self.demo.today,
                transport="需方委托承运商，提货前一天报车牌号",
                packing="木箱加固，防潮膜",
            )
            request = ACTIONS["contracts.ask_apply_supplement"](supplement, by=self.owner)
        for task in request.tasks.filter(status=Task.Status.WAITING).select_related("approver") if signed else ():
            with self.later(1.0):
                approvals.approve(task, by=task.approver, opinion="同意。")
        if signed:  # its paper is with the customer now
            with self.later(1.0):
                verbs.send_supplement(Supplement.objects.get(pk=supplement.pk), by=self.owner, sent_how="paper")


def _scan(contract: Contract) -> ContentFile:
    """A paper as small as a paper can be."""
    return ContentFile(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", name=f"{contract.number}.pdf")
