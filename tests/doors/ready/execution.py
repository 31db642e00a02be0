"""Reports of execution at every door."""

from datetime import date
from typing import Any

from orders import actions as orders
from pickup.execution import actions as execution
from pickup.execution.models import Report, Subscription
from tests.doors.ready.house import Ready
from tests.world import World

FRIDAY = date(2026, 11, 20)


def _drafted(world: World) -> Report:
    """The report of last Friday, which is over."""
    return execution.draft_report(by=world.root, kind="daily", day=FRIDAY)


def _wrong(world: World) -> Report:
    """One that was issued before a payment of its day was entered."""
    report = execution.issue_report(_drafted(world), by=world.root)
    orders.enter_payment(world.new_order(), by=world.root, amount=100, received_on=FRIDAY, method="transfer")
    return report


def _subscription(world: World) -> Subscription:
    return execution.subscribe(by=world.root, kind="daily")


def _colleague(world: World) -> dict[str, Any]:
    return {"kind": "monthly", "user": world.person("reads", "finance").pk}


READY: dict[str, Ready] = {
    "execution.draft_report": lambda w: (None, {"kind": "daily", "day": "2026-11-20"}),
    "execution.issue_report": lambda w: (_drafted(w), {"remarks": "已核对"}),
    "execution.correct_report": lambda w: (_wrong(w), {"reason": "银行回单晚到"}),
    "execution.subscribe": lambda w: (None, {"kind": "daily"}),
    "execution.subscribe_colleague": lambda w: (None, _colleague(w)),
    "execution.unsubscribe": lambda w: (_subscription(w), {}),
}
