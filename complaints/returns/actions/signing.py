"""The sales manager signs the notice, which goes to the slip desk; an urgent return is ordered by telephone first.

The clause lets the manager or the execution supervisor telephone before there is any paper. So that is possible as soon
as the complaint is registered, with or without a plan; the goods may come at once. The paper that follows is written by
the salesperson and signed by the manager within the time limit, whatever the investigation says by then.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.actions.measures import note_if_all_is_done
from complaints.facts import current_plan
from complaints.models import Complaint, Plan
from complaints.returns import forms, telling
from complaints.returns.actions.writing import as_goods, chosen_paper, draft, draft_likely
from complaints.returns.goods import without_goods
from complaints.returns.models import ReturnNotice
from complaints.returns.telling import News
from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.deadlines.turn import turn
from crm.refusals import Refused
from pickup.stock.models import Warehouse

S, N = Complaint.Status, ReturnNotice.Status


def _not_to_be_signed(notice: ReturnNotice, by: User) -> Refused | None:
    if notice.signed_at is not None:
        return Refused("signed", _("The notice is signed already."))
    if notice.written_by_id is None:
        return Refused(
            "not_written",
            _("The salesperson has not written the notice yet."),
            _("%(owner)s checks the goods and writes it.") % {"owner": notice.complaint.owner},
        )
    if notice.written_by_id == by.pk:
        return Refused(
            "own_notice",
            _("Who wrote the notice does not sign it."),
            _("Another sales manager or an executive signs it."),
        )
    return None if notice.phoned_at is not None else _not_planned(notice)


def _not_planned(notice: ReturnNotice) -> Refused | None:
    """What was not ordered by telephone is signed on an approved plan by which goods come back."""
    plan = current_plan(notice.complaint)
    if notice.complaint.status == S.CARRYING_OUT and plan is not None and plan.outcome == Plan.Outcome.RETURN:
        return None
    return Refused(
        "no_return",
        _("The plan does not say that goods come back."),
        _("An urgent return is ordered by telephone; or change the plan."),
    )


@action(
    ReturnNotice,
    label=gettext_lazy("Sign the notice"),
    source=set(ReturnNotice.LIVE),
    target={N.EXPECTED, N.DONE},
    unless=_not_to_be_signed,
)
def sign_return(notice: ReturnNotice, *, by: User) -> str:
    """Agree that the goods come back; the notice goes to the slip desk with the handling report (KC 5.2.3.2)."""
    notice.signed_by, notice.signed_at, notice.mend = by, clock.now(), ""
    if notice.status != N.DRAFT:  # it was ordered by telephone, and everybody knows of it
        notice.save()
        note_if_all_is_done(Complaint.objects.get(pk=notice.complaint_id))
        return str(notice.status)
    telling.open_to_takers(notice.complaint)
    telling.tell(notice, News.SIGNED, [notice.complaint.owner, *telling.takers(notice)], by=by)
    telling.ask_to_bring(notice)
    return N.EXPECTED


@action(
    ReturnNotice,
    label=gettext_lazy("Send the notice back"),
    source=set(ReturnNotice.LIVE),
    form=forms.MendForm,
    unless=_not_to_be_signed,
)
def send_return_back(notice: ReturnNotice, *, by: User, mend: str) -> None:
    """Do not sign it as it is, and say what to correct; it is written anew (KC 5.2.3.2)."""
    telling.tell(notice, News.BACK, [notice.written_by, notice.complaint.owner], by=by, words=mend)
    notice.mend, notice.written_by, notice.written_at = mend, None, None


def _phoned(notice: ReturnNotice, *, by: User, phoned_to: str, urgent: str) -> None:
    notice.phoned_by, notice.phoned_at = by, clock.now()
    notice.phoned_to, notice.urgent = phoned_to, urgent
    notice.status = N.EXPECTED
    notice.save()
    complaint = notice.complaint
    telling.open_to_takers(complaint)
    telling.tell(notice, News.PHONED, telling.takers(notice), by=by, words=urgent)
    telling.tell(notice, News.PAPER, [complaint.owner], by=by, words=urgent)
    telling.ask_to_bring(notice)


def _nothing_to_phone(complaint: Complaint, by: User) -> Refused | None:
    return without_goods(complaint)


@action(
    Complaint,
    label=gettext_lazy("Order the return by phone"),
    source={S.REGISTERED, S.INVESTIGATING, S.FOUND, S.DECIDING, S.CARRYING_OUT},
    form=forms.PhoneForm,
    unless=_nothing_to_phone,
)
def order_return_by_phone(
    complaint: Complaint,
    *,
    by: User,
    phoned_to: str,
    urgent: str,
    lines: list[dict[str, Any]] | None = None,
    paper: str = "",
    warehouse: Warehouse | None = None,
) -> ReturnNotice:
    """Telephone the slip desk that goods come back at once; the paper follows within its time (KC 5.2.3.2).

    Without lines it is what the complaint is about.
    """
    facts: dict[str, Any] = {"warehouse": warehouse}
    if lines:
        notices = [draft(complaint, chosen_paper(complaint, paper), as_goods(lines), **facts)]
    else:
        notices = draft_likely(complaint, **facts)
    for notice in notices:
        _phoned(notice, by=by, phoned_to=phoned_to, urgent=urgent)
        turn(notice)
    return notices[0]


@action(
    ReturnNotice,
    label=gettext_lazy("Order it by phone"),
    source={N.DRAFT},
    target=N.EXPECTED,
    form=forms.CallForm,
)
def phone_return(notice: ReturnNotice, *, by: User, phoned_to: str, urgent: str) -> None:
    """Telephone the slip desk that the goods of a notice come at once, before it is signed (KC 5.2.3.2)."""
    _phoned(notice, by=by, phoned_to=phoned_to, urgent=urgent)
