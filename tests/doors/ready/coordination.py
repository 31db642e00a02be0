"""What the verbs of meetings, help and joint handling can be done to, and input that they accept."""

from datetime import timedelta
from typing import Any

from crm import clock
from orders.coordination import actions as coordination
from orders.coordination.models import AgendaItem
from orders.models import Order
from tests.doors.ready.house import NEXT_WEEK, TODAY, Ready
from tests.world import World

SOON = "2026-11-23T15:00:00+08:00"
HELD = "2026-11-23T09:00:00+08:00"


def _meeting(world: World) -> Any:
    """A meeting with one order on its agenda, to which one more is invited."""
    world.reviewed()
    meeting = coordination.call_meeting(
        by=world.root, meets_at=clock.now() + timedelta(hours=3), place="二楼", departments=[world.sales]
    )
    return coordination.invite_colleague(meeting, by=world.root, user=world.bob)


def _item(world: World) -> AgendaItem:
    return AgendaItem.objects.get(meeting=_meeting(world))


def _task(world: World) -> Any:
    return coordination.assign_task(_meeting(world), by=world.root, what="催货", owner=world.root, due_on=clock.today())


def _help(world: World) -> Any:
    return coordination.ask_help(
        world.accepted(), by=world.root, department=world.sales, what="请协助催货", needed_on=clock.today()
    )


def _promised(world: World) -> Any:
    return coordination.answer_help(_help(world), by=world.root, outcome="promised", promised_on=clock.today())


def _joint(world: World) -> Any:
    order: Order = world.accepted()
    return coordination.begin_joint(order, by=world.root, purpose="分批到货", lead=world.root, departments=[])


def _called(world: World) -> dict[str, Any]:
    return {"meets_at": SOON, "place": "二楼会议室", "departments": [world.sales.pk]}


READY: dict[str, Ready] = {
    "coordination.call_meeting": lambda w: (None, _called(w)),
    "coordination.refresh_agenda": lambda w: (_meeting(w), {}),
    "coordination.add_item": lambda w: (_meeting(w), {"topic": "下周排产"}),
    "coordination.settle_item": lambda w: (
        _item(w),
        {"settled": "周三到货", "what": "催货", "owner": w.bob.pk, "due_on": NEXT_WEEK},
    ),
    "coordination.strike_item": lambda w: (_item(w), {"reason": "已解决"}),
    "coordination.invite_colleague": lambda w: (_meeting(w), {"user": w.alice.pk}),
    "coordination.move_meeting": lambda w: (
        _meeting(w),
        {"meets_at": SOON, "place": "三楼", "reason": "会议室被占用"},
    ),
    "coordination.cancel_meeting": lambda w: (_meeting(w), {"reason": "与盘点冲突"}),
    "coordination.file_minutes": lambda w: (
        _meeting(w),
        {"meets_at": HELD, "present": [w.root.pk], "minutes": "无"},
    ),
    "coordination.assign_task": lambda w: (
        _meeting(w),
        {"what": "催货", "owner": w.bob.pk, "due_on": NEXT_WEEK},
    ),
    "coordination.finish_task": lambda w: (_task(w), {"outcome": "已到货"}),
    "coordination.drop_task": lambda w: (_task(w), {"reason": "不再需要"}),
    "coordination.ask_help": lambda w: (
        w.accepted(),
        {"department": w.sales.pk, "what": "请协助催货", "needed_on": TODAY},
    ),
    "coordination.answer_help": lambda w: (_help(w), {"outcome": "promised", "promised_on": NEXT_WEEK}),
    "coordination.finish_help": lambda w: (_promised(w), {"outcome": "已到货"}),
    "coordination.withdraw_help": lambda w: (_help(w), {"reason": "客户改期"}),
    "coordination.begin_joint": lambda w: (
        w.accepted(),
        {"purpose": "分批到货", "lead": w.bob.pk, "departments": [w.sales.pk]},
    ),
    "coordination.join_department": lambda w: (_joint(w), {"department": w.sales.pk}),
    "coordination.change_lead": lambda w: (_joint(w), {"lead": w.bob.pk}),
    "coordination.end_joint": lambda w: (_joint(w), {"result": "全部交清"}),
}
