"""For every verb on changes, extensions and customers' requests something that it can be done to."""

from typing import Any

from crm import clock
from orders.changes import actions as changes
from orders.changes.models import Acknowledgement, Change, Extension
from orders.models import Order
from tests.doors.ready.house import NEXT_WEEK, Ready
from tests.world import World, scan

CHANGE = {"wish": "customer", "why": "客户增量", "lines": [{"position": 1, "quantity": "12"}]}
WORDS = {"planning": "缺铜排", "remedy": "加班"}


def _planner(world: World) -> Any:
    return world.person("planner", "production")


def drafted(world: World, **facts: Any) -> Change:
    given = {"wish": "customer", "why": "客户增量", "lines": [{"position": 1, "quantity": 12}], **facts}
    return changes.draft_change(world.confirmed(), by=world.root, **given)


def asked(world: World) -> Change:
    return changes.send_change(drafted(world), by=world.root)


def confirmed(world: World) -> Change:
    return changes.record_confirmation(drafted(world), by=world.root, paper=scan())


def _acknowledgement(world: World) -> Acknowledgement:
    change = drafted(world)
    return Acknowledgement.objects.create(order=change.order, change=change, department=world.sales)


def reported(world: World) -> Extension:
    return changes.report_delay(
        world.confirmed(), by=world.root, cause="production", what="缺铜排", planner=_planner(world)
    )


def stays(world: World) -> Extension:
    return changes.answer_delay(
        reported(world), by=world.root, kept=False, possible_on=clock.today().replace(month=12, day=15), **WORDS
    )


def extension_asked(world: World) -> Extension:
    return changes.request_extension(
        stays(world), by=world.root, new_on=clock.today().replace(month=12, day=15), remedy="加班"
    )


def _countered(world: World) -> Extension:
    from crm.accounts.models import User

    return changes.propose_date(
        extension_asked(world),
        by=User.objects.system("links"),
        proposed_on=clock.today().replace(month=12, day=10),
    )


def _request(world: World) -> Any:
    return changes.note_request(world.confirmed(), by=world.root, text="改颜色")


def _accepted(world: World) -> Any:
    return changes.answer_request(_request(world), by=world.root, accepted=True, answer="可以")


def _order(world: World) -> Order:
    return world.confirmed()


def _delay(world: World) -> tuple[Order, dict[str, Any]]:
    return world.confirmed(), {"cause": "production", "what": "缺铜排", "planner": _planner(world).pk}


READY: dict[str, Ready] = {
    "changes.draft_change": lambda w: (_order(w), CHANGE),
    "changes.change_as_requested": lambda w: (_accepted(w), CHANGE),
    "changes.revise_change": lambda w: (drafted(w), {**CHANGE, "why": "客户再增量"}),
    "changes.withdraw_change": lambda w: (drafted(w), {"reason": "不改了"}),
    "changes.send_change": lambda w: (drafted(w), {}),
    "changes.agree_to_change": lambda w: (asked(w), {}),
    "changes.decline_change": lambda w: (asked(w), {"answer": "太贵"}),
    "changes.record_confirmation": lambda w: (drafted(w), {"paper": scan()}),
    "changes.ask_apply_change": lambda w: (confirmed(w), {}),
    "changes.apply_change": lambda w: (confirmed(w), {}),
    "changes.acknowledge_change": lambda w: (_acknowledgement(w), {"remarks": "已排产"}),
    "changes.report_delay": _delay,
    "changes.answer_delay": lambda w: (reported(w), {"kept": "no", "possible_on": NEXT_WEEK, **WORDS}),
    "changes.withdraw_extension": lambda w: (reported(w), {"reason": "可以按期"}),
    "changes.request_extension": lambda w: (stays(w), {"new_on": "2026-12-15", "remedy": "加班"}),
    "changes.agree_to_extension": lambda w: (extension_asked(w), {}),
    "changes.decline_extension": lambda w: (extension_asked(w), {"answer": "不行"}),
    "changes.propose_date": lambda w: (extension_asked(w), {"proposed_on": "2026-12-10"}),
    "changes.accept_proposal": lambda w: (_countered(w), {}),
    "changes.record_agreement": lambda w: (stays(w), {"new_on": "2026-12-15", "paper": scan()}),
    "changes.note_request": lambda w: (_order(w), {"text": "改颜色", "channel": "phone"}),
    "changes.hand_in_request": lambda w: (_order(w), {"text": "改颜色"}),
    "changes.invite_requests": lambda w: (_order(w), {}),
    "changes.pass_request": lambda w: (_request(w), {"owner": w.person("maker", "production").pk}),
    "changes.end_request": lambda w: (_request(w), {"reason": "订单已取消"}),
    "changes.answer_request": lambda w: (_request(w), {"accepted": "yes", "answer": "可以"}),
}
