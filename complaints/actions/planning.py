"""The handling plan: written, and agreed on with the customer (ZT 5.3)."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, outcomes, telling
from complaints.carrying import only_who_carries_it
from complaints.facts import current_plan, save_plan
from complaints.models import AGREE_PURPOSE, Complaint, Evidence, Finding, Measure, Plan
from complaints.parties import next_column
from complaints.telling import News
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.standing import speakers
from crm.actions import action
from crm.links.making import end_links
from crm.refusals import Refused, only_the_customer
from customers.actions import keep_contact
from customers.models import Channel, Contact

S = Complaint.Status


@action(
    Complaint, label=gettext_lazy("Write the plan"), source={S.FOUND}, form=forms.PlanForm, unless=only_who_carries_it
)
def write_plan(
    complaint: Complaint,
    *,
    by: User,
    outcome: str,
    solution: str,
    department: Department,
    person: User,
    measures: list[dict[str, Any]],
    compensation: str = "",
    amount: Decimal | None = None,
) -> None:
    """Write the handling plan of this round, or write it anew; the customer has not agreed to it then (ZT 5.3)."""
    if outcome == Plan.Outcome.NO_FAULT and (refused := _not_proven(complaint)):
        raise refused
    if unfit := outcomes.why_unfit(complaint, outcome):
        raise unfit
    plan = current_plan(complaint) or Plan(complaint=complaint, round=complaint.round)
    save_plan(
        plan,
        outcome=outcome,
        solution=solution,
        department=department,
        person=person,
        compensation=compensation,
        amount=amount,
        written_by=by,
        written_at=clock.now(),
        sent_at=None,
        agreed_at=None,
        agreed_how="",
        answer="",
    )
    if unsuited := outcomes.why_unsuited(plan):
        raise unsuited
    plan.measures.filter(status=Measure.Status.OPEN).delete()
    for line in measures:
        Measure.objects.create(
            complaint=complaint,
            plan=plan,
            round=complaint.round,
            kind=Measure.Kind.REMEDY,
            what=line["what"],
            owner=line.get("owner") or person,
            due_on=line["due_on"],
        )
    end_links(complaint, AGREE_PURPOSE)
    people = [person, *(line.get("owner") or person for line in measures)]
    telling.let_see(complaint, users=people, departments=[department])


def _not_proven(complaint: Complaint) -> Refused | None:
    """It is not our fault where the finding says so, and proof of our own was accepted before it (KC 5.2.3.1)."""
    finding = complaint.findings.get(round=complaint.round)  # there is one in this state
    if finding.fault in (Finding.Fault.OURS, Finding.Fault.SHARED):
        return Refused(
            "our_fault",
            _("The finding says that the responsibility is: %(fault)s.") % {"fault": finding.get_fault_display()},
            _("Choose another outcome."),
        )
    accepted = complaint.evidences.filter(status=Evidence.Status.ACCEPTED, judged_at__lte=finding.signed_at)
    if accepted.exclude(source=Evidence.Source.CUSTOMER).exists():
        return None
    return Refused(
        "no_proof",
        _("That it is not our fault must be proven by more than what the customer gave."),
        _("The proof is added as evidence before the finding, and accepted."),
    )


def _not_his_to_agree(complaint: Complaint, by: User) -> Refused | None:
    return only_who_carries_it(complaint, by) or without_plan(complaint, by)


def not_written() -> Refused:
    """Nobody has written the plan of this round yet."""
    return Refused("no_plan", _("The plan is not written yet."), _("Write the plan first."))


def without_plan(complaint: Complaint, by: User) -> Refused | None:
    """Why there is nothing to agree on: nobody has written the plan of this round, or he has agreed already."""
    plan = current_plan(complaint)
    if plan is None:
        return not_written()
    if plan.agreed_at:
        return Refused("agreed", _("The customer has agreed to this plan."))
    return None


@action(
    Complaint,
    label=gettext_lazy("Record the customer's agreement"),
    source={S.FOUND},
    form=forms.WordForm,
    unless=_not_his_to_agree,
)
def record_agreement(
    complaint: Complaint, *, by: User, channel: str, words: str, contact: Contact | None = None
) -> None:
    """Keep that the customer agrees to the plan, how he said so, and his words (ZT 5.3)."""
    what = _("Agrees to the plan of complaint %(number)s: %(words)s") % {"number": complaint, "words": words}
    keep_contact(complaint.customer, by=by, channel=channel, what=what, contact=contact or complaint.contact)
    _agreed(complaint, by=by, how=channel, words=words)
    end_links(complaint, AGREE_PURPOSE)


@action(
    Complaint,
    label=gettext_lazy("Send the plan to the customer"),
    source={S.FOUND},
    form=forms.SendForm,
    unless=_not_his_to_agree,
)
def send_plan(complaint: Complaint, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer the plan by a link under which he agrees or says what should be different (ZT 5.3)."""
    telling.mail_plan(complaint, by=by, contact=contact)
    save_plan(_present(complaint), sent_at=clock.now())


def _customers_word(complaint: Complaint, by: User) -> Refused | None:
    return only_the_customer(complaint, by) or without_plan(complaint, by)


@action(
    Complaint,
    label=gettext_lazy("Agree to the plan"),
    source={S.FOUND},
    form=forms.LinkAnswerForm,
    unless=_customers_word,
)
def agree_to_plan(complaint: Complaint, *, by: User, answer: str = "") -> None:
    """Agree to the plan under one's link (ZT 5.3)."""
    _agreed(complaint, by=by, how=Channel.LINK, words=answer)
    telling.tell(complaint, News.AGREED, _planners(complaint), by=by, words=answer)


@action(
    Complaint,
    label=gettext_lazy("Decline the plan"),
    source={S.FOUND},
    form=forms.LinkDeclineForm,
    unless=_customers_word,
)
def decline_plan(complaint: Complaint, *, by: User, answer: str) -> None:
    """Say under one's link what should be different; the plan is written anew (ZT 5.3)."""
    save_plan(_present(complaint), answer=answer)
    telling.tell(complaint, News.DECLINED, _planners(complaint), by=by, words=answer)


def _present(complaint: Complaint) -> Plan:
    """The plan of this round, which the guard has found."""
    plan = current_plan(complaint)
    assert plan is not None
    return plan


def _agreed(complaint: Complaint, *, by: User, how: str, words: str) -> None:
    """Keep the customer's word; sales signs its opinion on the plan next (KC 5.2.2)."""
    save_plan(_present(complaint), agreed_at=clock.now(), agreed_how=how, answer=words)
    if following := next_column(complaint):
        telling.tell(complaint, News.OPINION, speakers([following[1]]), by=by, words=words)


def _planners(complaint: Complaint) -> list[User | None]:
    plan = current_plan(complaint)
    return [complaint.owner, plan.written_by if plan else None]
