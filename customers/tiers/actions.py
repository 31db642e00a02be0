"""The tier of a customer: judged, worked out, proposed, accepted or overridden with a reason (KH 2.2)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.refusals import Refused, only_the_system
from customers.models import Customer
from customers.tiers import forms
from customers.tiers.models import Judgement, Proposal, TierChange
from customers.tiers.scoring import score
from customers.tiers.service import move_in_queues

S = Proposal.Status


@action(Customer, label=gettext_lazy("Judge potential and need"), form=forms.JudgeForm)
def judge_customer(customer: Customer, *, by: User, **facts: Any) -> Judgement:
    """Say what a customer could buy and how much he needs us, with the reason; tiers are worked out from it."""
    return Judgement.objects.create(customer=customer, by=by, **facts)


@action(Customer, label=gettext_lazy("Work out the tier"))
def score_customer(customer: Customer, *, by: User) -> Proposal | None:
    """Work out the customer's tier from what is known now; what differs from his present one is proposed (KH 2.2)."""
    return score([customer.pk]).get(customer.pk)


@action(Customer, label=gettext_lazy("Set the tier"), form=forms.TierForm)
def set_tier(customer: Customer, *, by: User, tier: str, reason: str, proposal: Proposal | None = None) -> TierChange:
    """Give a customer another tier, with the reason; open work of his takes its new place in the queues (KH 2.2)."""
    if tier == customer.tier:
        raise Refused("same_tier", _("%(name)s has this tier already.") % {"name": customer}, _("Choose another tier."))
    waiting = Proposal.objects.filter(customer=customer, status=S.OPEN)
    for other in waiting.exclude(pk=proposal.pk) if proposal else waiting:
        withdraw_proposal(other, by=User.objects.system("clock"))
    before, customer.tier = customer.tier, tier
    change = TierChange.objects.create(
        customer=customer, by=by, before=before, after=tier, reason=reason, proposal=proposal
    )
    move_in_queues(tier, customer)
    return change


@action(Proposal, label=gettext_lazy("Adopt"), source={S.OPEN}, target=S.ACCEPTED)
def accept_proposal(proposal: Proposal, *, by: User) -> None:
    """Give the customer the tier that was worked out for him (KH 2.2)."""
    _decide(proposal, proposal.tier, by=by, reason="")  # the proposal says why


@action(Proposal, label=gettext_lazy("Decide otherwise"), source={S.OPEN}, target=S.OVERRIDDEN, form=forms.OverrideForm)
def override_proposal(proposal: Proposal, *, by: User, tier: str, reason: str) -> None:
    """Decide on another tier than the proposed one, or leave the present one, with the reason (KH 2.2)."""
    proposal.reason = reason
    _decide(proposal, tier, by=by, reason=reason)


@action(Proposal, label=gettext_lazy("Withdraw"), source={S.OPEN}, target=S.WITHDRAWN, unless=only_the_system)
def withdraw_proposal(proposal: Proposal, *, by: User) -> None:
    """Propose a tier no longer, because the customer has it by now or somebody set another one."""
    proposal.decided_at = clock.now()


def _decide(proposal: Proposal, tier: str, *, by: User, reason: str) -> None:
    proposal.decided, proposal.decided_by, proposal.decided_at = tier, by, clock.now()
    customer = Customer.objects.get(pk=proposal.customer_id)
    if customer.tier != tier:
        set_tier(customer, by=by, tier=tier, reason=reason, proposal=proposal)
