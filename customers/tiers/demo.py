"""The demonstration's tiers: worked out last week, some accepted, some overridden, the rest waits for the manager."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial

from crm.deadlines.models import RuleVersion, Unit
from crm.reports.demo import Demo, Story, chapter
from customers.demo import buyers
from customers.models import Customer
from customers.tiers import actions as verbs
from customers.tiers.models import Judgement, Proposal, Service
from customers.tiers.scoring import score

SHOWN = 40  # customers whose tier was worked out
JUDGED = 18
DISCOUNTS = {"vip": Decimal(2), "key": Decimal(1)}  # percent
FASTER = (("inquiry.reply", "vip", 4), ("inquiry.reply", "key", 6), ("order.confirm", "vip", 8))  # working hours
WHY = (
    "新厂房明年投产，采购量将翻倍",
    "已签三年框架协议",
    "多家供应商在用，替代性强",
    "年度预算已经用完",
    "行业淡季，下半年观望",
)
OVERRULED = ("集团重点客户，按总部要求维持", "账款有争议，暂不上调", "新客户，观察一个季度")
DECIDED, AGAINST = 9, 3  # accepted, and overridden


@chapter(85, "tiers")
def tiers(demo: Demo) -> Iterator[Story]:
    """One story: what was judged, worked out and decided builds on one another."""
    yield Story("tiers", demo.now - timedelta(days=9), partial(_tell, demo))


def _tell(demo: Demo) -> None:
    chance = demo.random("tiers")
    for tier, discount in DISCOUNTS.items():
        Service.objects.filter(tier=tier).update(discount=discount)
    for rule, tier, hours in FASTER:
        RuleVersion.objects.create(rule=rule, tier=tier, valid_from=demo.today, amount=hours, unit=Unit.WORKING_HOURS)
    chosen = buyers(demo)[: demo.some(SHOWN)]
    for customer in chosen[: demo.some(JUDGED)]:
        if customer.owner is not None:
            potential, need = chance.randint(1, 5), chance.randint(1, 5)
            verbs.judge_customer(
                customer, by=demo.user(customer.owner_id), potential=potential, need=need, reason=chance.choice(WHY)
            )
    with demo.at(demo.now - timedelta(days=7)):
        score([customer.pk for customer in chosen])
    manager = demo.people("sales_manager")[0]
    waiting = list(Proposal.objects.filter(status=Proposal.Status.OPEN).order_by("pk"))
    accepted, against = min(demo.some(DECIDED), len(waiting) // 2), min(demo.some(AGAINST), len(waiting) // 4)
    with demo.at(demo.ago(12)):
        for proposal in waiting[:accepted]:
            verbs.accept_proposal(proposal, by=manager)
        for number, proposal in enumerate(waiting[accepted : accepted + against]):
            verbs.override_proposal(
                proposal, by=manager, tier=proposal.before, reason=OVERRULED[number % len(OVERRULED)]
            )
    _one_of_his_own(demo, chosen, {proposal.customer_id for proposal in waiting})


def _one_of_his_own(demo: Demo, chosen: list[Customer], proposed: set[int]) -> None:
    """The manager makes one a VIP whom nobody proposed: the order that is worth it is still to come."""
    customer = next((each for each in chosen if each.tier == "regular" and each.pk not in proposed), None)
    if customer is not None and Judgement.objects.exists():
        fresh = Customer.objects.get(pk=customer.pk)
        reason = "与其集团签订战略合作协议"
        verbs.set_tier(fresh, by=demo.people("sales_manager")[0], tier="vip", reason=reason)
