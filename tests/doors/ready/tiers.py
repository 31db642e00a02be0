"""What the verbs of tiers can be done to, and input that they accept."""

from typing import Any

from customers.tiers import actions as tiers
from customers.tiers.models import Proposal
from tests.doors.ready.house import Ready
from tests.world import World

JUDGED = {"potential": 4, "need": 3, "reason": "新厂房"}


def _proposal(world: World) -> Any:
    """A regular customer who never ordered: the tier "potential" is proposed."""
    found = tiers.score_customer(world.customer, by=world.root)
    assert isinstance(found, Proposal)
    return found


READY: dict[str, Ready] = {
    "tiers.judge_customer": lambda w: (w.customer, JUDGED),
    "tiers.score_customer": lambda w: (w.customer, {}),
    "tiers.set_tier": lambda w: (w.customer, {"tier": "vip", "reason": "战略客户"}),
    "tiers.accept_proposal": lambda w: (_proposal(w), {}),
    "tiers.override_proposal": lambda w: (_proposal(w), {"tier": "key", "reason": "大客户"}),
    "tiers.withdraw_proposal": lambda w: (_proposal(w), {}),
}
