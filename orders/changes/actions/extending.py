"""A delay that stays is agreed on with the customer: cause, remedy, new date; then the date moves (KF 3.2.3)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import Department, User
from crm.actions import action
from crm.links.making import end_links
from crm.records.attachments import attach
from crm.refusals import Refused, WrongState, only_the_customer
from customers.models import Contact
from orders.actions import amend_order
from orders.actions.amending import DATED_ORDERS
from orders.changes import forms, telling
from orders.changes.models import EXTENSION_PURPOSE, Extension, How
from orders.changes.plan import move_contract, move_plan
from orders.models import OrderVersion

S = Extension.Status
LINK_LASTS = timedelta(days=14)
SIGNED = "signed_extension"  # the kind of an attachment that is the customer's word on paper


def _too_late(extension: Extension, by: User) -> Refused | None:
    """Why no date can be agreed on any more: the order is over, or has another date by now."""
    order = extension.order
    if order.status not in DATED_ORDERS:
        return WrongState(order)
    if order.wanted_on != extension.wanted_before:
        return Refused(
            "date_moved",
            _("The order has another date by now."),
            _("Withdraw this extension request, and report the delay anew if it is still there."),
        )
    return None


def _his_word(extension: Extension, by: User) -> Refused | None:
    return only_the_customer(extension, by) or _too_late(extension, by)


@action(
    Extension,
    label=gettext_lazy("Ask the customer for an extension"),
    source={S.STAYS, S.ASKED, S.COUNTERED, S.DECLINED},
    target=S.ASKED,
    form=forms.ExtensionForm,
    unless=_too_late,
)
def request_extension(
    extension: Extension,
    *,
    by: User,
    new_on: date,
    remedy: str,
    contact: Contact | None = None,
    shift_plan: bool = False,
    departments: Iterable[Department] = (),
) -> None:
    """Mail the customer cause, remedy and new date; by his link he agrees, declines or proposes another (KF 3.2.3)."""
    extension.new_on, extension.remedy, extension.shift_plan = _other_day(extension, new_on), remedy, shift_plan
    extension.answer, extension.proposed_on = "", None
    extension.contact = telling.ask_customer(
        extension,
        EXTENSION_PURPOSE,
        "changes.extension",
        contact,
        {"wanted_on": extension.wanted_before, "new_on": new_on},
        by=by,
        valid_for=LINK_LASTS,
    )
    extension.asked_at = clock.now()
    telling.let_departments_see(extension, departments)


@action(
    Extension,
    label=gettext_lazy("Agree to the new date"),
    source={S.ASKED},
    target=S.AGREED,
    form=forms.AgreeForm,
    unless=_his_word,
)
def agree_to_extension(extension: Extension, *, by: User, answer: str = "") -> None:
    """Agree to the new date by one's link; the order has it from then on (KF 3.2.3)."""
    _agreed(extension, How.LINK, answer, by=by)
    _tell_answer(extension, "agreed", by=by)


@action(
    Extension,
    label=gettext_lazy("Decline the new date"),
    source={S.ASKED},
    target=S.DECLINED,
    form=forms.DeclineForm,
    unless=only_the_customer,
)
def decline_extension(extension: Extension, *, by: User, answer: str) -> None:
    """Decline the new date by one's link, with the reason; the date stays (KF 3.2.3)."""
    extension.answer = answer
    _tell_answer(extension, "declined", by=by)


@action(
    Extension,
    label=gettext_lazy("Propose another date"),
    source={S.ASKED},
    target=S.COUNTERED,
    form=forms.ProposalForm,
    unless=only_the_customer,
)
def propose_date(extension: Extension, *, by: User, proposed_on: date, answer: str = "") -> None:
    """Propose a date that suits one better, by one's link; we take it, or ask anew (KF 3.2.3)."""
    extension.proposed_on, extension.answer = proposed_on, answer
    _tell_answer(extension, "proposed", by=by)


def _his_day_is_over(extension: Extension, by: User) -> Refused | None:
    if refused := _too_late(extension, by):
        return refused
    if extension.proposed_on is None or extension.proposed_on < clock.today():
        return Refused("past", _("This day is past."), _("Ask the customer for another date."))
    return None


@action(
    Extension,
    label=gettext_lazy("Take the customer's date"),
    source={S.COUNTERED},
    target=S.AGREED,
    unless=_his_day_is_over,
)
def accept_proposal(extension: Extension, *, by: User) -> None:
    """Take the date that the customer has proposed in writing; the order has it from now on (KF 3.2.3)."""
    extension.new_on = extension.proposed_on
    _agreed(extension, How.LINK, extension.answer, by=by)


@action(
    Extension,
    label=gettext_lazy("Record the signed extension"),
    source={S.STAYS, S.ASKED, S.COUNTERED, S.DECLINED},
    target=S.AGREED,
    form=forms.AgreementForm,
    unless=_too_late,
)
def record_agreement(
    extension: Extension,
    *,
    by: User,
    new_on: date,
    paper: Any,
    contact: Contact | None = None,
    answer: str = "",
    shift_plan: bool = False,
    departments: Iterable[Department] = (),
) -> None:
    """Keep the extension that the customer has signed on paper; nobody records it without the scan (KF 3.2.3)."""
    attach(extension, paper, by=by, kind=SIGNED)
    extension.contact = contact or extension.contact or extension.order.contact
    extension.new_on, extension.shift_plan = _other_day(extension, new_on), shift_plan
    end_links(extension, EXTENSION_PURPOSE)
    telling.let_departments_see(extension, departments)
    _agreed(extension, How.PAPER, answer, by=by)


def _other_day(extension: Extension, day: date) -> date:
    if day == extension.order.wanted_on:
        raise Refused("same_date", _("This is the date that the order has already."))
    return day


def _agreed(extension: Extension, how: str, answer: str, *, by: User) -> None:
    """What every agreement leads to: the order's date, its contract's, its plan's, and who must know of it."""
    order, actor, day = extension.order, User.objects.system("changes"), extension.new_on
    if day is None:
        raise Refused("no_date", _("No new date was named."))
    extension.agreed_at, extension.agreed_how, extension.answer = clock.now(), how, answer
    number = extension.number
    amend_order(order, by=actor, cause=OrderVersion.Cause.EXTENSION, reference=number, wanted_on=day)
    move_contract(order, day, by=actor, reference=number)
    if extension.shift_plan:
        move_plan(order, extension.wanted_before, day, by=actor, reference=number)
    telling.tell_departments(extension, {"why": extension.what}, by=by)


def _tell_answer(extension: Extension, answer: str, *, by: User) -> None:
    telling.tell_owner(
        extension,
        "changes.extension_answered",
        {"answer": answer, "words": extension.answer, "proposed_on": extension.proposed_on},
        by=by,
        also=[extension.reported_by],
    )
