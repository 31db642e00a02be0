"""The demonstration's returns: complaints whose plan is a return, one under way, one of which all goods came."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from complaints import actions as complaints
from complaints import first_causes
from complaints.demo import Life, Tale
from complaints.models import Cause, Complaint, Plan
from complaints.returns import actions
from complaints.returns.models import ReturnNotice
from crm.accounts.models import User
from crm.reports.demo import Demo, Story, chapter
from orders.exposure import HAD
from orders.leaving import PAID_FIRST
from pickup.models import Pickup, Record

N = ReturnNotice.Status
FIRST = 1000  # of the numbers by which chance falls, beside those of the other complaints
FOUND: dict[str, Any] = {"category": "quality", "cause": "making-inspection", "responsible": "quality"}
SOLVED: dict[str, Any] = {
    "outcome": Plan.Outcome.RETURN,
    "severity": Complaint.Severity.MAJOR,
    "solution": "不良品退回，货款冲减",
    "improvement": "出厂前加做通电试验",
}
TALES = (
    Tale(key="carrying_out", ago=40, content="到货抽检发现绝缘不合格，要求退货", **FOUND, **SOLVED),
    Tale(key="told", ago=75, content="外壳开裂，客户要求全部退货", **FOUND, **SOLVED),
)


def _record(demo: Demo, number: int, begins: datetime) -> Record | None:
    """What had left by then and was paid first: what was sold on account is told to be reconciled and invoiced."""
    rows = Record.objects.filter(kind=Record.Kind.HANDOVER, pickup__status=Pickup.Status.HANDED_OVER)
    rows = rows.filter(pickup__order__payment_terms__in=PAID_FIRST, pickup__order__status__in=HAD)
    rows = rows.filter(pickup__complaints=None, pickup__order__advances=None, pickup__order__contracts=None)
    rows = rows.select_related("pickup__order").order_by("-at", "-pk")
    found = list(rows.filter(at__lt=begins)[:5]) or list(rows.reverse()[:1])
    return demo.random(f"return-{number}").choice(found) if found else None


class Returned(Life):
    """A complaint that ends with a return; the goods come while its plan is carried out."""

    def carry_out(self) -> None:
        """The measures, and all the goods."""
        super().carry_out()
        carry(self.demo, self.complaint, self.later, to_the_end=True)


@chapter(63, "returns")
def returns(demo: Demo) -> Iterator[Story]:
    """One of which a part of the goods came, and one of which all did."""
    for number, tale in enumerate(TALES, FIRST):
        begins = demo.ago(tale.ago)
        yield Story(f"return-{number}", begins, partial(_tell, demo, number, tale, begins))


def _tell(demo: Demo, number: int, tale: Tale, begins: datetime) -> None:
    first_causes.make(Cause)
    record = _record(demo, number, begins)
    if record is None:
        return
    begins = max(begins, demo.after(record.at, 2))
    with demo.at(begins):
        complaint = complaints.complain_at_counter(
            record.pickup, by=demo.user(record.clerk_id), category=tale.category, content=tale.content
        )
    life = Returned(demo, complaint, tale, begins)
    steps: list[Callable[[], None]] = life.steps()
    for step in steps:
        if life.complaint.status == tale.key:
            break
        step()
    if tale.key == Complaint.Status.CARRYING_OUT:
        carry(demo, life.complaint, life.later, to_the_end=False)


def _manager(demo: Demo, owner: User) -> User:
    """Who signs for the owner: a sales manager who is another."""
    managers = User.objects.working().in_role("sales_manager").exclude(pk=owner.pk).order_by("pk")
    return demo.user((managers.filter(department=owner.department).first() or managers.first() or owner).pk)


def carry(demo: Demo, complaint: Complaint, later: Any, *, to_the_end: bool) -> None:
    """Write and sign what an approved plan drafted; take in a part, or all of it. `later(hours)` sets the clock on."""
    owner = demo.user(complaint.owner_id)
    for notice in ReturnNotice.objects.filter(complaint=complaint, status=N.DRAFT).order_by("pk"):
        lines = [{"line": row.line, "batch": row.batch, "quantity": row.quantity} for row in notice.lines.all()]
        with later(1):
            actions.change_return(notice, by=owner, lines=lines, why="客户验收不合格，经协商同意退货")
        with later(1):
            actions.sign_return(notice, by=_manager(demo, owner))
        _take_in(demo, notice, later, to_the_end)


def _take_in(demo: Demo, notice: ReturnNotice, later: Any, to_the_end: bool) -> None:
    """The first line comes, and where it goes to the end the others as well; of the first one is defective."""
    clerk = notice.warehouse.clerks.order_by("pk").first()
    if clerk is None:
        return
    came = []
    for index, row in enumerate(notice.lines.order_by("pk")):
        if index and not to_the_end:
            break
        whole = row.open_quantity if to_the_end else row.open_quantity // 2
        defective = min(whole, Decimal(1)) if not index else Decimal(0)
        if whole:
            came.append({"line": row, "good": whole - defective, "defective": defective})
    if came:
        contact = notice.complaint.contact
        by = contact.name if contact else "客户司机"
        given: dict[str, Any] = {"brought_by": by, "vehicle": "渝B66821", "lines": came}
        with later(4):
            actions.receive_return(ReturnNotice.objects.get(pk=notice.pk), by=demo.user(clerk.pk), **given)
