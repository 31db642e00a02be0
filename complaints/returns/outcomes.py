"""Return of the goods as the outcome of a plan: its notices are drafted, and it is done when the goods are back."""

from django.utils.translation import gettext as _

from complaints.models import Complaint, Plan
from complaints.outcomes import Handling, carries_out
from complaints.returns import telling
from complaints.returns.actions.receiving import SYSTEM, cancel_return
from complaints.returns.actions.writing import draft_likely
from complaints.returns.goods import without_goods
from complaints.returns.models import ReturnNotice
from complaints.returns.telling import News
from crm.accounts.models import User
from crm.refusals import Refused

N = ReturnNotice.Status


def _of(plan: Plan) -> list[ReturnNotice]:
    rows = ReturnNotice.objects.filter(complaint=plan.complaint_id, round=plan.round, status__in=ReturnNotice.LIVE)
    return list(rows.order_by("pk"))


def unfit(complaint: Complaint) -> Refused | None:
    """Nothing was handed over that could come back; what is asked back already in this round is fit as well."""
    rows = ReturnNotice.objects.filter(complaint=complaint, round=complaint.round, status__in=ReturnNotice.LIVE)
    return None if rows.exists() else without_goods(complaint)


def begin(plan: Plan, by: User) -> None:
    """Draft the notices, unless goods come back in this round already, and tell the owner to write them."""
    if _of(plan):
        return
    complaint = plan.complaint
    for notice in draft_likely(complaint):
        telling.tell(notice, News.DRAFTED, [complaint.owner], by=User.objects.system(SYSTEM))


def missing(plan: Plan) -> Refused | None:
    """Whether a notice is still to be written, signed or waited for."""
    rows = _of(plan)
    if not rows:
        return Refused("no_notice", _("The return notice is not written yet."), _("Write it."))
    unfinished = next((each for each in rows if each.status != N.DONE or each.signed_at is None), None)
    if unfinished is None:
        return None
    return Refused(
        "return_open",
        _("Return %(number)s is not finished: %(state)s.")
        % {"number": unfinished, "state": unfinished.get_status_display()},
    )


def stop(plan: Plan, by: User) -> None:
    """Cancel what is open; what a manager ordered by telephone stays his. Raises Refused where goods are back."""
    rows = _of(plan)
    if came := next((each for each in rows if each.receipts.exists()), None):
        raise Refused(
            "goods_back",
            _("Goods of return %(number)s came back already.") % {"number": came},
            _("Carry the plan out; what else the customer is to get is a measure, or the next round."),
        )
    for notice in rows:
        if notice.phoned_at is None:
            cancel_return(notice, by=User.objects.system(SYSTEM), reason=_("The plan is changed."))


carries_out(Plan.Outcome.RETURN, Handling(unfit, begin, missing, stop))
