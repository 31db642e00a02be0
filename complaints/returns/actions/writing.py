"""The return notice is drafted from what the customer has, and written by the salesperson (KC 5.2.3.2)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.carrying import only_who_carries_it
from complaints.facts import current_plan
from complaints.models import Complaint, Plan
from complaints.returns import forms, telling
from complaints.returns.goods import Key, Paper, likely, paper_of, papers_of, without_goods
from complaints.returns.models import NoticeLine, ReturnNotice
from complaints.returns.telling import News
from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.records.numbers import next_number
from crm.refusals import Refused
from crm.statements import hold
from orders.models import Line, Order
from pickup.models import Record
from pickup.stock.models import Movement, Warehouse

S, N = Complaint.Status, ReturnNotice.Status
NONE = Decimal(0)


def begins_at(paper: Paper) -> Warehouse:
    """Where the goods left, and so come back where nobody says something else."""
    if isinstance(paper.source, Record):
        return paper.source.pickup.warehouse
    moved = Movement.objects.filter(reference=paper.number, kind=Movement.Kind.HANDOVER).select_related("warehouse")
    return moved.earliest("pk").warehouse


def draft(
    complaint: Complaint,
    paper: Paper,
    wanted: Mapping[Key, Decimal],
    *,
    warehouse: Warehouse | None = None,
    **facts: Any,
) -> ReturnNotice:
    """Make a notice over so much of a paper's goods. Raises Refused where more is asked than can come back."""
    notice = ReturnNotice.objects.create(
        number=next_number("TH"),
        complaint=complaint,
        round=complaint.round,
        order_id=paper.order_id,
        warehouse=warehouse or begins_at(paper),
        **paper.of,
        **facts,
    )
    write_goods(notice, wanted)
    return notice


def write_goods(notice: ReturnNotice, wanted: Mapping[Key, Decimal]) -> None:
    """Let the notice be over these goods; the order is held, so that two notices never ask the same goods back.

    What has come already stays. Raises Refused naming the line.
    """
    hold(Order, notice.order_id)
    left = paper_of(notice.paper, but=notice).left
    lines = {each.pk: each for each in Line.objects.filter(order=notice.order_id).select_related("product__unit")}
    there = {(each.line_id, each.batch): each for each in notice.lines.all()}
    for key, quantity in wanted.items():
        most = left.get(key, NONE)
        if quantity > most:
            raise Refused(
                "more_than_left",
                _("%(line)s: %(most)s can come back of batch “%(batch)s”, and %(quantity)s are asked.")
                % {
                    "line": lines[key[0]],
                    "batch": key[1],
                    "most": f"{most.normalize():f} {lines[key[0]].product.unit}",
                    "quantity": f"{quantity.normalize():f}",
                },
                _("Look at what was handed over, and at other return notices."),
            )
    for key, row in there.items():
        if row.came > wanted.get(key, NONE):
            raise Refused(
                "came_already",
                _("%(line)s: %(came)s have come back already.") % {"line": row, "came": f"{row.came.normalize():f}"},
                _("A notice cannot say less than what has come."),
            )
        if key not in wanted:
            row.delete()
    for (line, batch), quantity in wanted.items():
        NoticeLine.objects.update_or_create(notice=notice, line_id=line, batch=batch, defaults={"quantity": quantity})


def as_goods(lines: Iterable[Mapping[str, Any]]) -> dict[Key, Decimal]:
    """The goods of a form's lines. Raises Refused for a line that stands there twice."""
    found: dict[Key, Decimal] = {}
    for each in lines:
        key = each["line"].pk, each.get("batch") or ""
        if key in found:
            raise Refused("line_twice", _("%(line)s stands here twice.") % {"line": each["line"]}, _("Leave one."))
        found[key] = each["quantity"]
    return found


def chosen_paper(complaint: Complaint, number: str) -> Paper:
    """The paper of this number, or the only one of which something can come back. Raises Refused."""
    papers = papers_of(complaint)
    if refused := without_goods(complaint):
        raise refused
    found = [each for each in papers if not number or each.number == number]
    if not found:
        raise Refused("other_paper", _("Nothing can come back of %(number)s.") % {"number": number})
    if len(found) > 1:
        numbers = ", ".join(each.number for each in found)
        raise Refused(
            "which_paper",
            _("There are several handovers: %(numbers)s.") % {"numbers": numbers},
            _("Choose the one of which goods come back."),
        )
    return found[0]


def _no_return(complaint: Complaint, by: User) -> Refused | None:
    plan = current_plan(complaint)
    if plan is None or plan.outcome != Plan.Outcome.RETURN:
        return Refused(
            "no_return",
            _("The plan does not say that goods come back."),
            _("An urgent return is ordered by telephone; or change the plan."),
        )
    return only_who_carries_it(complaint, by) or without_goods(complaint)


@action(
    Complaint,
    label=gettext_lazy("Write a return notice"),
    source={S.CARRYING_OUT},
    form=forms.WriteForm,
    unless=_no_return,
)
def write_return(
    complaint: Complaint,
    *,
    by: User,
    lines: list[dict[str, Any]],
    why: str,
    paper: str = "",
    warehouse: Warehouse | None = None,
) -> ReturnNotice:
    """Write one more return notice of an approved plan, over goods of one handover (KC 5.2.3.2)."""
    found = chosen_paper(complaint, paper)
    notice = draft(
        complaint, found, as_goods(lines), warehouse=warehouse, why=why, written_by=by, written_at=clock.now()
    )
    telling.tell(notice, News.WRITTEN, telling.signers(complaint), by=by)
    return notice


def _signed(notice: ReturnNotice, by: User) -> Refused | None:
    if notice.signed_at is not None:
        return Refused("signed", _("The notice is signed already."))
    return only_who_carries_it(notice.complaint, by)  # its lead, where it was raised to who signs


@action(
    ReturnNotice,
    label=gettext_lazy("Write the notice"),
    source=set(ReturnNotice.LIVE),
    form=forms.ChangeForm,
    unless=_signed,
)
def change_return(
    notice: ReturnNotice, *, by: User, lines: list[dict[str, Any]], why: str, warehouse: Warehouse | None = None
) -> None:
    """Write what was drafted or ordered by telephone, or write it anew; it is signed then (KC 5.2.3.2)."""
    wanted = as_goods(lines)
    if notice.status == N.DONE and wanted != {(row.line_id, row.batch): row.quantity for row in notice.lines.all()}:
        raise Refused("ended", _("The goods came back already; the paper says what came."))
    write_goods(notice, wanted)
    notice.why, notice.mend = why, ""
    if warehouse is not None and warehouse != notice.warehouse:
        _move(notice, warehouse, by)
    notice.written_by, notice.written_at = by, clock.now()
    telling.tell(notice, News.WRITTEN, telling.signers(notice.complaint), by=by)


def _move(notice: ReturnNotice, warehouse: Warehouse, by: User) -> None:
    """Let the goods come back elsewhere; where they are waited for already, everybody concerned is told."""
    before = telling.takers(notice)
    notice.warehouse = warehouse
    if notice.status == N.EXPECTED:
        telling.tell(notice, News.MOVED, [*before, *telling.takers(notice)], by=by)
        telling.ask_to_bring(notice)


def draft_likely(complaint: Complaint, **facts: Any) -> list[ReturnNotice]:
    """Notices over what the complaint is about, one of each handover that it concerns, for somebody to check."""
    return [draft(complaint, paper, wanted, **facts) for paper, wanted in likely(complaint)]
