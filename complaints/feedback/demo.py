"""The demonstration's feedback: what customers suggest, praise and ask, in every state, some of it sent back."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from complaints.feedback import actions as verbs
from complaints.feedback.models import Feedback
from crm.accounts.models import Department, User
from crm.reports.demo import Demo, Story, chapter
from customers.models import ContactEntry, Customer

S, K, A, W = Feedback.Status, Feedback.Kind, Feedback.About, Feedback.Way
V = Feedback.Verdict
DAY = 7.5  # working hours


@dataclass(frozen=True)
class Tale:
    """What somebody says, how many working days ago, to which department it goes, and how far it has come since."""

    state: str
    days: float
    kind: str
    about: str
    content: str
    department: str = ""
    verdict: str = V.EXPLAINED
    solution: str = ""
    promise: str = ""
    reason: str = ""
    wrong: str = ""
    channel: str = W.VISIT


TALES = (
    Tale(S.RECEIVED, 0.3, K.SUGGESTION, A.ORDER, "希望订单确认单附上产品图号，便于核对", channel=W.WECHAT),
    Tale(S.RECEIVED, 6.5, K.WISH, A.DELIVERY, "能否周六上午也安排提货窗口"),
    Tale(S.PASSED, 2, K.SUGGESTION, A.PACKAGING, "外箱请加印装箱清单，现场清点更快", "warehouse"),
    Tale(S.PASSED, 6, K.GRUMBLE, A.SERVICE, "询价电话总要转两三次", "order_desk", channel=W.HOTLINE),
    Tale(S.PASSED, 4, K.SUGGESTION, A.STRUCTURE, "柜门铰链建议改为可调式", "production", wrong="quality"),
    Tale(
        S.ANSWERED,
        5,
        K.SUGGESTION,
        A.QUALITY,
        "验货时建议随货附出厂检验记录",
        "quality",
        V.ADOPTED,
        "自下批起随货附检验记录复印件",
        "随货附检验记录",
        channel=W.INSPECTION,
    ),
    Tale(
        S.TOLD,
        8,
        K.WISH,
        A.DELIVERY,
        "提货窗口前希望有遮雨棚",
        "logistics",
        V.PARTLY,
        "先在一号窗口加装遮雨棚",
        "一号窗口加装遮雨棚",
        "场地所限，二号窗口暂不加装",
    ),
    Tale(
        S.CLOSED,
        30,
        K.SUGGESTION,
        A.APPEARANCE,
        "铭牌字体偏小，建议加大",
        "production",
        V.ADOPTED,
        "新版铭牌字体加大两号",
        "更换铭牌版式",
    ),
    Tale(
        S.CLOSED,
        26,
        K.SUGGESTION,
        A.PRICE,
        "建议小批量也享受季度折扣",
        "finance",
        V.DECLINED,
        "季度折扣仍按现行数量标准执行",
        reason="小批量成本较高，现行价格已含优惠",
    ),
    Tale(S.CLOSED, 12, K.PRAISE, A.DELIVERY, "提货窗口办理很快，十分钟就装好车", solution="感谢肯定，已转告提货窗口"),
    Tale(S.COMPLAINT, 3, K.GRUMBLE, A.PACKAGING, "外箱又有两件破损，这次要求更换", "warehouse", channel=W.MAIL),
    Tale(S.DROPPED, 10, K.QUESTION, A.OTHER, "与前一条意见重复"),
)


@chapter(63, "feedback")
def feedback(demo: Demo) -> Iterator[Story]:
    """Some, each of another customer."""
    for number, tale in enumerate(TALES):
        yield Story(f"feedback-{number}", demo.ago(tale.days * DAY), partial(_tell, demo, number, tale))
    yield Story("feedback-talk", demo.ago(1.5 * DAY), partial(_from_a_talk, demo))


def _customer(number: int) -> Customer:
    rows = Customer.objects.filter(status__in=["active", "new"], owner__isnull=False).order_by("pk")
    customer = rows[number * 3 : number * 3 + 1].first() or rows[number : number + 1].first() or rows.first()
    assert customer is not None
    return customer


def _from_a_talk(demo: Demo) -> None:
    """What a customer said at a visit is taken up from the contact log."""
    rows = ContactEntry.objects.filter(
        direction="in", at__gt=demo.ago(30 * DAY), customer__owner__isnull=False, feedback=None
    )
    if (entry := rows.order_by("-pk").first()) is not None:
        owner = demo.user(entry.customer.owner_id)
        verbs.take_as_feedback(entry, by=owner, kind=K.QUESTION, about=A.OTHER, content=entry.what)


def _tell(demo: Demo, number: int, tale: Tale) -> None:
    begins, customer = demo.ago(tale.days * DAY), _customer(number)
    owner = demo.user(customer.owner_id)
    row = verbs.receive_feedback(
        customer, by=owner, channel=tale.channel, kind=tale.kind, about=tale.about, content=tale.content
    )
    if tale.state == S.DROPPED:
        verbs.drop_feedback(row, by=_boss(demo), reason="重复登记")
    if tale.state in (S.RECEIVED, S.DROPPED):
        return
    if tale.department:
        first = Department.objects.get(code=tale.wrong or tale.department)
        with demo.at(demo.after(begins, 1)):
            verbs.pass_on_feedback(row, by=owner, department=first)
    if tale.wrong:
        with demo.at(demo.after(begins, 6)):
            right = Department.objects.get(code=tale.department)
            verbs.send_back_feedback(
                row, by=demo.user(first.head_id), reason="属结构设计，请生产部答复", department=right
            )
    if tale.state == S.PASSED:
        return
    if tale.state == S.COMPLAINT:
        with demo.at(demo.after(begins, 3)):
            verbs.turn_into_complaint(row, by=owner, category="packaging")
        return
    _answer(demo, tale, row, owner)


def _answer(demo: Demo, tale: Tale, row: Feedback, owner: User) -> None:
    """The solution, what the customer is told, and what was promised."""
    begins = row.received_at
    if not tale.department:
        with demo.at(demo.after(begins, 2)):
            verbs.reply_at_once(row, by=owner, solution=tale.solution)
    else:
        head = demo.user(Department.objects.get(code=tale.department).head_id)
        with demo.at(demo.after(begins, 3 * DAY)):
            due_on = demo.after(begins, 10 * DAY).date() if tale.promise else None
            given: dict[str, Any] = {
                "solution": tale.solution,
                "reason": tale.reason,
                "promise": tale.promise,
                "due_on": due_on,
            }
            verbs.answer_feedback(row, by=head, verdict=tale.verdict, **given)
    if tale.state == S.ANSWERED:
        return
    with demo.at(demo.after(begins, 4 * DAY)):
        verbs.tell_answer(row, by=owner, channel="phone", reaction="感谢答复")
    if tale.state == S.CLOSED and tale.promise:
        with demo.at(demo.after(begins, 9 * DAY)):
            verbs.finish_promise(row, by=head, outcome="已按计划完成，客户已知悉")


def _boss(demo: Demo) -> User:
    return demo.people("sales_manager")[0]
