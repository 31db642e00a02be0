"""A wrong or double complaint is withdrawn, or one that the customer takes back; somebody above agrees to that."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, telling
from complaints.ends import end_all
from complaints.models import Category, Complaint
from complaints.telling import News
from crm import clock
from crm.accounts.models import User
from crm.accounts.standing import only_its_owner
from crm.actions import action
from crm.approvals.declare import Approval
from crm.approvals.facts import Fact
from crm.approvals.models import ApprovalRequest
from crm.approvals.steps import Step, Who
from crm.refusals import Refused

S, Why = Complaint.Status, Complaint.Withdrawal


def _facts(complaint: Complaint, inputs: dict[str, Any]) -> Iterator[Fact]:
    """What is withdrawn, and why."""
    yield Fact("customer", gettext_lazy("Customer"), complaint.customer)
    yield Fact("category", gettext_lazy("Category"), Category(complaint.category).label)
    yield Fact("content", gettext_lazy("What he complains of"), complaint.content)
    yield Fact("why", gettext_lazy("Why it is withdrawn"), Why(inputs["why"]).label)
    yield Fact("double_of", gettext_lazy("The same as"), inputs["double_of"])
    yield Fact("words", gettext_lazy("Explanation"), inputs["words"])


def _was_agreed_on(complaint: Complaint, by: User) -> Refused | None:
    """Only its owner and who leads him withdraw it, and never what was promised to the customer once."""
    plans = ApprovalRequest.objects.about(complaint).filter(verb="complaints.approve_plan")
    if plans.filter(status=ApprovalRequest.Status.DONE).exists():
        return Refused(
            "plan_approved",
            _("A plan of this complaint was approved; it is not withdrawn any more."),
            _("Bring it to its end with the customer."),
        )
    return only_its_owner(complaint, by)


def _not_the_same(complaint: Complaint, inputs: dict[str, Any]) -> Refused | None:
    """What it is the same as must be another one of the same customer, and be handled."""
    other = inputs["double_of"]
    if other is None and inputs["why"] in (Why.TWICE, Why.DOUBLE):
        return Refused("no_double", _("Say which complaint it is the same as."))
    if other is None:
        return None
    if other.pk == complaint.pk or other.customer_id != complaint.customer_id:
        return Refused("other_customer", _("It can only be the same as another complaint of this customer."))
    if Complaint.objects.filter(pk=other.pk, status=S.WITHDRAWN).exists():
        return Refused("withdrawn", _("Complaint %(number)s was withdrawn itself.") % {"number": other})
    return None


@action(
    Complaint,
    label=gettext_lazy("Withdraw the complaint"),
    source={S.RECEIVED, S.REGISTERED, S.INVESTIGATING, S.FOUND},
    target=S.WITHDRAWN,
    form=forms.WithdrawForm,
    unless=_was_agreed_on,
    approval=Approval(
        facts=_facts,
        unless=_not_the_same,
        default=(Step(gettext_lazy("Department manager"), who=Who.HEAD),),
        label=gettext_lazy("Ask to withdraw the complaint"),
    ),
)
def withdraw_complaint(
    complaint: Complaint, *, by: User, why: str, words: str, double_of: Complaint | None = None
) -> None:
    """End what is no complaint after all, with the reason; the customer is told, unless it was our own double (ZT 5.1).

    Of two that are said to be the same as each other, one stays: the other one is locked and looked at once more.
    """
    if double_of is not None:
        Complaint.objects.select_for_update(no_key=True).get(pk=double_of.pk)
        if refused := _not_the_same(complaint, {"why": why, "double_of": double_of}):
            raise refused
    complaint.withdrawn_at, complaint.withdrawn_why = clock.now(), why
    complaint.double_of, complaint.withdrawal = double_of, words
    working = [task.owner for task in complaint.teamtasks.filter(status="open").select_related("owner")]
    end_all(complaint, by)
    telling.tell(complaint, News.WITHDRAWN, [complaint.owner, complaint.lead, *working], by=by, words=words)
    if why != Why.TWICE:
        telling.mail_withdrawal(complaint, by=by)
