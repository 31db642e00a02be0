"""The demonstration's complaints: those of now in every state, and those of two years, closed, some after rounds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.files.base import ContentFile

from complaints import actions as verbs
from complaints import first_causes
from complaints.demo_past import past
from complaints.filing import first_keeper, reviewer
from complaints.models import Category, Cause, Complaint, Finding, Measure, Opinion, Plan
from complaints.parties import SALES, columns, required
from crm.accounts.models import Department, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from crm.reports.demo import Demo, Story, chapter
from customers.models import Customer
from orders.catalog.models import Product
from pickup.models import Pickup, Record

S, C = Complaint.Status, Category
DAY = 7.5  # working hours
PART = {"what": "核实情况并提交书面说明"}
PARTS = {  # of the departments in a team
    "sales": {"what": "向客户了解经过", "kind": "interview", "where": "客户收货人"},
    "warehouse": {"what": "清点实物，核对装车记录", "kind": "count"},
    "logistics": {"what": "核对运输单据", "kind": "papers"},
    "quality": {"what": "检测样品", "kind": "test"},
    "production": {"what": "到车间查看工序记录", "kind": "site_visit", "where": "生产车间"},
}
CHECKED_AFTER = 15 * DAY  # of being closed
PAID = Decimal("300.00")  # for a compensation, or all that the order costs where that is less
NOON = time(12)
FRESH = timedelta(days=21)  # so long after goods have left somebody complains of them
COMES_BACK = 0.4  # of those who complain of goods, to the counter
WITHOUT_GOODS = (C.SERVICE, C.PRICE, C.PAYMENT, C.PROMISE)
# What the apps above do at these steps: before the opinions are signed, after the plan is approved, to carry it out.
PROVEN_BY: list[Callable[["Life"], None]] = []
FOLLOWED_BY: list[Callable[["Life"], None]] = []
CARRIED_OUT_BY: list[Callable[["Life"], None]] = []
PROOF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass(frozen=True)
class Tale:
    """What somebody complains of, how long ago in working hours, and how far it has come since."""

    key: str
    ago: float
    category: str
    content: str
    cause: str
    responsible: str
    solution: str
    improvement: str
    outcome: str = Plan.Outcome.APOLOGY
    severity: str = Complaint.Severity.MINOR
    rounds: int = 1
    fault: str = Finding.Fault.OURS
    effective: bool | None = None
    proven: bool = True  # by a piece of evidence
    pace: float = 1  # how much longer than usual everything took


def _tale(key: str, ago: float, category: str, content: str, cause: str, responsible: str, **facts: Any) -> Tale:
    given = {"solution": "更换不良品并上门致歉", "improvement": "修订作业指导书并培训相关人员", **facts}
    return Tale(key, ago, category, content, cause, responsible, **given)


SCRATCHED = "柜门表面划伤，漆面脱落，影响验收"
TALES = (
    _tale(S.RECEIVED, 1, C.APPEARANCE, SCRATCHED, "", ""),
    _tale(S.RECEIVED, 6, C.SERVICE, "提货排队超过一小时，窗口无人解释", "", ""),
    _tale(S.REGISTERED, 9, C.SHORTAGE, "到货清点少两台，装车单与实物不符", "", ""),
    _tale(S.WITHDRAWN, 26, C.APPEARANCE, "柜门碰伤一处", "", ""),
    _tale(S.INVESTIGATING, 16, C.QUALITY, "断路器合闸后跳闸，三台中一台不能使用", "", "", severity="major"),
    _tale(S.FOUND, 30, C.PACKAGING, "外箱破损，内部泡沫缺失", "storage-packing", "warehouse"),
    _tale(S.DECIDING, 21, C.QUALITY, "漏电保护动作时间超差", "making-inspection", "quality", severity="critical"),
    _tale(
        S.CARRYING_OUT,
        30,
        C.STRUCTURE,
        "安装孔位与图纸不符，现场无法安装",
        "making-process",
        "production",
        solution="更换一台，旧件由我方取回",
        outcome=Plan.Outcome.REPLACEMENT,
    ),
    _tale(
        S.CARRIED_OUT,
        31,
        C.SHORTAGE,
        "清点少附件一箱",
        "storage-count",
        "warehouse",
        solution="当日补发附件，运费由我方承担",
        outcome=Plan.Outcome.COMPENSATION,
    ),
    _tale(S.REPORTED, 31, C.APPEARANCE, "铭牌字迹模糊", "making-inspection", "quality"),
    _tale(S.TOLD, 38, C.DELIVERY, "约定时间未备好货，车辆等候半天", "service-promise", "logistics", severity="major"),
    _tale(S.SATISFIED, 60, C.PROMISE, "承诺的送货上门临时改为自提", "service-promise", "order_desk"),
    _tale(
        S.CLOSED,
        210,
        C.QUALITY,
        "柜体门锁失效，两台无法上锁",
        "material-supplier",
        "quality",
        severity="major",
        rounds=2,
        improvement="供应商来料加严抽检，每批五件",
    ),
    _tale(
        S.CLOSED,
        260,
        C.APPEARANCE,
        SCRATCHED,
        "storage-damage",
        "warehouse",
        improvement="装车工位加装护角，装卸前后拍照",
    ),
)
ORDER = (
    S.RECEIVED,
    S.REGISTERED,
    S.INVESTIGATING,
    S.FOUND,
    S.DECIDING,
    S.CARRYING_OUT,
    S.CARRIED_OUT,
    S.REPORTED,
    S.TOLD,
    S.SATISFIED,
    S.CLOSED,
)


@chapter(62, "complaints")
def complaints(demo: Demo) -> Iterator[Story]:
    """Some, each about goods that had left before."""
    for number, tale in enumerate(TALES):
        begins = demo.ago(tale.ago)
        yield Story(f"complaint-{number}", begins, partial(_tell, demo, number, tale, begins))


def _tell(demo: Demo, number: int, tale: Tale, begins: datetime) -> None:
    first_causes.make(Cause)
    record = _record(demo, number, begins)
    if record is None:
        return
    begins = max(begins, demo.after(record.at, 2))
    with demo.at(begins):
        complaint = verbs.complain_at_counter(
            record.pickup, by=demo.user(record.clerk_id), category=tale.category, content=tale.content
        )
    Life(demo, complaint, tale, begins).live()


@chapter(61, "complaints of two years", apart=True)
def complaints_of_two_years(demo: Demo) -> Iterator[Story]:
    """Closed ones: about goods where some had left in the weeks before, otherwise by telephone or at a visit."""
    for number, (days, pace, facts) in enumerate(past(demo)):
        tale = Tale(S.CLOSED, 0, pace=pace, **facts)
        begins = demo.after(demo.now - timedelta(days=days), 1)
        yield Story(f"complaint-past-{number}", begins, partial(_tell_past, demo, number, tale, begins))


def _tell_past(demo: Demo, number: int, tale: Tale, begins: datetime) -> None:
    """At the counter or by telephone where goods had left lately, else by telephone or at a visit without them."""
    first_causes.make(Cause)
    chance = demo.random(f"complaint-past-{number}")
    left = Record.objects.filter(kind=Record.Kind.HANDOVER, at__range=(begins - FRESH, begins)).order_by("pk")
    rows = list(left.filter(pickup__status=Pickup.Status.HANDED_OVER).select_related("pickup__customer"))
    goods = tale.category not in WITHOUT_GOODS
    about = chance.choice(rows) if rows and goods else None
    sold = Product.objects.order_by("pk")
    if about is not None:
        sold = sold.filter(pk__in=about.lines.values("line__product"))
    product = chance.choice(list(sold)) if goods else None
    if about is not None and chance.random() < COMES_BACK:
        begins = demo.after(about.at, 1)
        with demo.at(begins):
            complaint = verbs.complain_at_counter(
                about.pickup,
                by=demo.user(about.clerk_id),
                category=tale.category,
                content=tale.content,
                product=product,
            )
    else:
        pickup = about.pickup if about else None
        known = Customer.objects.filter(created_at__lt=begins, owner__is_active=True).order_by("pk")
        keys = [] if pickup else list(known.values_list("pk", flat=True))
        if pickup is None and not keys:
            return
        customer = pickup.customer if pickup else known.get(pk=chance.choice(keys))
        with demo.at(begins):
            complaint = verbs.receive_complaint(
                customer,
                by=demo.people("reception")[0],
                channel=chance.choice(("hotline", "hotline", "mail", "visit")),
                category=tale.category,
                content=tale.content,
                pickup=pickup,
                product=product,
            )
    Life(demo, complaint, tale, begins).live()


def _record(demo: Demo, number: int, begins: datetime) -> Record | None:
    """What had left by then, of pickups that nobody complains of where there are any; else the first that left."""
    rows = Record.objects.filter(kind=Record.Kind.HANDOVER, pickup__status=Pickup.Status.HANDED_OVER)
    rows = rows.select_related("pickup__order").order_by("-at", "-pk")
    before = rows.filter(at__lt=begins)
    found = list(before.filter(pickup__complaints__isnull=True)[:5]) or list(before[:5]) or list(rows.reverse()[:1])
    return demo.random(f"complaint-{number}").choice(found) if found else None


class Life:
    """One complaint on its way; each step is done some working hours after the one before."""

    def __init__(self, demo: Demo, complaint: Complaint, tale: Tale, moment: datetime) -> None:
        self.demo, self.tale, self.moment = demo, tale, moment
        self.pk, self.owner = complaint.pk, demo.user(complaint.owner_id)
        self.lead = self.owner

    @property
    def complaint(self) -> Complaint:
        """The complaint as it is now."""
        return Complaint.objects.get(pk=self.pk)

    def live(self) -> None:
        """As far as its tale says, round again where the customer was not satisfied."""
        row = self.complaint
        for state, step in zip(ORDER[1:], self.steps(), strict=True):
            if row.status == self.tale.key:
                break
            if row.status == S.REGISTERED and self.tale.key == S.WITHDRAWN:
                self.withdraw()
                break
            step()
            row = self.complaint
            assert row.status == state, (self.tale.key, row.status)
            for _time in range(row.round, self.tale.rounds) if state == S.TOLD else ():
                self.once_more()
        if self.tale.effective is not None:
            self.check()

    def steps(self) -> list[Callable[[], None]]:
        """What leads from each state to the next."""
        return [
            self.register,
            self.name_team,
            self.find,
            self.plan,
            self.decide,
            self.carry_out,
            self.report,
            self.tell,
            self.visit,
            self.close,
        ]

    def later(self, hours: float) -> Any:
        """So many working hours after the last step."""
        self.moment = self.demo.after(self.moment, hours * self.tale.pace)
        return self.demo.at(self.moment)

    def head(self, department: Department) -> User:
        """The head of a department."""
        return self.demo.user(department.head_id)

    def register(self) -> None:
        """Within the time, by the owner."""
        row = self.complaint
        names = ("category", "content", "contact", "order", "pickup", "product", "batch", "quantity")
        known: dict[str, Any] = {name: getattr(row, name) for name in names}
        with self.later(1.5):
            verbs.register_complaint(row, by=self.owner, severity=self.tale.severity, wish="replacement", **known)

    def withdraw(self) -> None:
        """The customer takes it back, and the department manager agrees."""
        given: dict[str, Any] = {
            "why": "taken_back",
            "words": "客户来电：柜门系自行装卸时碰伤，不再追究",
            "double_of": None,
        }
        with self.later(2):
            ACTIONS["complaints.ask_withdraw_complaint"](self.complaint, by=self.owner, **given)
        with self.later(2):
            self.agree()

    def agree(self) -> None:
        """Whoever is asked says yes, one after the other."""
        request = ApprovalRequest.objects.about(self.complaint).latest("pk")
        while (task := Task.objects.filter(request=request, status=Task.Status.WAITING).first()) is not None:
            approvals.approve(task, by=self.demo.user(task.approver_id))

    def name_team(self) -> None:
        """Every department that must be in it, with its task; the first evidence comes, too."""
        row, day = self.complaint, self.demo.after(self.moment, 2 * DAY).date()
        tasks = [{"department": each, "due_on": day, **PARTS.get(each.code, PART)} for each in required(row.category)]
        with self.later(1.5):
            verbs.form_team(row, by=self.owner, lead=self.owner, tasks=tasks)
            if not self.tale.proven:
                return
            piece = verbs.add_evidence(
                self.complaint,
                by=self.complaint.teamtasks.exclude(owner=self.owner).earliest("pk").owner,
                what="现场照片及交接记录复印件",
                source="site",
                taken_by=self.owner.name,
                taken_at=self.moment,
                file=ContentFile(PROOF, "现场照片.pdf"),
            )
            verbs.judge_evidence(piece, by=self.owner, verdict="accepted", reason="与交接记录一致")

    def find(self) -> None:
        """The tasks done, the columns signed, and the finding."""
        with self.later(6):
            for task in self.complaint.teamtasks.filter(status="open"):
                verbs.finish_task(task, by=self.demo.user(task.owner_id), outcome="已核实，情况属实")
        with self.later(1):
            for prove in PROVEN_BY:
                prove(self)
        with self.later(2):
            for column, department in columns(self.tale.category):
                if column != Opinion.Column.SALES:
                    verbs.sign_opinion(self.complaint, by=self.head(department), text="情况属实，同意按程序处理")
        with self.later(1):
            verbs.sign_finding(
                self.complaint,
                by=self.lead,
                facts=f"经调查：{self.tale.content}，客户反映属实。",
                cause=Cause.objects.get(code=self.tale.cause),
                fault=self.tale.fault,
                responsible=Department.objects.get(code=self.tale.responsible),
            )

    def plan(self) -> None:
        """Written, agreed on by telephone, and handed in."""
        department = Department.objects.get(code=self.tale.responsible)
        person = self.head(department)
        day = self.demo.after(self.moment, 3 * DAY).date()
        paid: dict[str, Any] = {}
        if self.tale.outcome == Plan.Outcome.COMPENSATION:
            order = self.complaint.order
            paid = {"compensation": "承担补发运费", "amount": min(PAID, order.due) if order else PAID}
        with self.later(4):
            verbs.write_plan(
                self.complaint,
                by=self.owner,
                outcome=self.tale.outcome,
                solution=self.tale.solution,
                department=department,
                person=person,
                measures=[{"what": self.tale.solution, "owner": person, "due_on": day}],
                **paid,
            )
            verbs.record_agreement(self.complaint, by=self.owner, channel="phone", words="同意这样处理，请尽快。")
            sales = Department.objects.get(code=SALES)
            verbs.sign_opinion(self.complaint, by=self.head(sales), text="同意按此方案处理")
            ACTIONS["complaints.ask_approve_plan"](self.complaint, by=self.owner)

    def decide(self) -> None:
        """The head of the department that carries it out, the head of sales, then the executive."""
        with self.later(3):
            self.agree()
        with self.later(0.5):
            for follow in FOLLOWED_BY:
                follow(self)

    def carry_out(self) -> None:
        """Each measure with its proof."""
        with self.later(3):
            for carry_out in CARRIED_OUT_BY:
                carry_out(self)
        with self.later(4):
            for measure in self.complaint.measures.filter(status="open", kind=Measure.Kind.REMEDY):
                by = self.demo.user(measure.owner_id)
                proof = ContentFile(PROOF, "完成证明.pdf")
                verbs.finish_measure(measure, by=by, outcome="已完成，客户已签收", proof=proof)

    def report(self) -> None:
        """By the responsible department."""
        with self.later(2):
            by = self.head(Department.objects.get(code=self.tale.responsible))
            verbs.report_result(self.complaint, by=by, result=f"{self.tale.solution}，已完成。")

    def tell(self) -> None:
        """By telephone, by the owner."""
        with self.later(1):
            verbs.tell_customer(self.complaint, by=self.owner, channel="phone")

    def once_more(self) -> None:
        """He is not satisfied, and everything is done once more."""
        with self.later(6):
            given: dict[str, Any] = {"satisfied": False, "channel": "phone", "words": "更换后仍有一台锁不上。"}
            verbs.record_return_visit(self.complaint, by=self.owner, **given)
        self.owner = self.demo.user(self.complaint.owner_id)  # the second time it is somebody above him
        for step in (self.find, self.plan, self.decide, self.carry_out, self.report, self.tell):
            step()

    def visit(self) -> None:
        """He is satisfied, and an improvement is planned."""
        with self.later(8):
            given: dict[str, Any] = {"satisfied": True, "channel": "phone", "words": "已解决，满意。"}
            verbs.record_return_visit(self.complaint, by=self.owner, **given)
            head = self.head(Department.objects.get(code=self.tale.responsible))
            day = self.demo.after(self.moment, 4 * DAY).date()
            verbs.plan_improvement(self.complaint, by=self.owner, what=self.tale.improvement, owner=head, due_on=day)

    def close(self) -> None:
        """Closed, the effect to be looked at later."""
        with self.later(2):
            day = self._some_weeks_on() if self.tale.effective is not None else self.demo.day(15)
            verbs.close_complaint(self.complaint, by=self.owner, check_on=day)

    def check(self) -> None:
        """The improvement is made, the file archived, and some weeks later somebody looks whether it worked."""
        self._improve()
        self._archive()
        if not self.tale.effective:
            department = Department.objects.get(code=self.tale.responsible)
            with self._on_the_day():
                verbs.check_effect(
                    self.complaint,
                    by=self.owner,
                    effective=False,
                    effect="此后又发生同类问题，改进措施需加强",
                    what=f"{self.tale.improvement}，并由部门负责人每周抽查",
                    owner=self.head(department),
                    due_on=self.demo.calendar.day_of(self.demo.after(self.moment, 4 * DAY)),
                    check_on=self._some_weeks_on(),
                )
            self._improve()
            self._archive()
        with self._on_the_day():
            verbs.check_effect(self.complaint, by=self.owner, effective=True, effect="此后两周未再发生同类问题")

    def _some_weeks_on(self) -> date:
        return self.demo.calendar.day_of(self.demo.after(self.moment, CHECKED_AFTER))

    def _improve(self) -> None:
        with self.later(3 * DAY):
            for measure in self.complaint.measures.filter(kind=Measure.Kind.IMPROVEMENT, status="open"):
                by, proof = self.demo.user(measure.owner_id), ContentFile(PROOF, "改进记录.pdf")
                verbs.finish_measure(measure, by=by, outcome="已落实", proof=proof)

    def _archive(self) -> None:
        manager, keeper = reviewer(self.complaint), first_keeper()
        assert manager is not None and keeper is not None  # the company has both
        with self.later(DAY):
            verbs.review_file(self.complaint, by=self.demo.user(manager.pk), words="资料齐全，同意归档")
        with self.later(4):
            verbs.archive_complaint(self.complaint, by=self.demo.user(keeper.pk))

    def _on_the_day(self) -> Any:
        """On the day on which the effect is to be looked at."""
        day = self.complaint.check_on
        assert day is not None  # it is closed
        self.moment = max(self.moment, self.demo.calendar.moment(day, NOON))
        return self.later(0)
