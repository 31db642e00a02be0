"""The messages of this app."""

from datetime import UTC, date, datetime

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

ORDER = {"number": "SO2026-000123", "customer": "渝北晨光商贸", "by": "陈杰"}
MEETING = {
    "number": "OM2026-000012",
    "meets_at": datetime(2026, 9, 21, 1, 30, tzinfo=UTC),
    "place": "二楼会议室",
    "reason": "",
    "by": "周敏",
}
JOINT = {**ORDER, "purpose": "两批到货，三个部门同时备料", "lead": "周敏", "result": "9 月 20 日前全部交清"}

Template("coordination.invited", _("Somebody is invited to an order meeting"), MEETING)
Template("coordination.moved", _("An order meeting is moved"), {**MEETING, "reason": "会议室被占用"})
Template("coordination.cancelled", _("An order meeting is cancelled"), {**MEETING, "reason": "与盘点冲突"})
Template(
    "coordination.minutes",
    _("The minutes of an order meeting are filed"),
    {**MEETING, "settled": 7, "left": 1, "tasks": 3},
)
Template(
    "coordination.task",
    _("An order meeting gives somebody a task"),
    {"number": MEETING["number"], "what": "催供应商周三到货", "due_on": date(2026, 9, 23), "by": "周敏"},
)
Template(
    "coordination.help",
    _("A department is asked for help with an order"),
    {**ORDER, "what": "请协助安排加急喷涂", "needed_on": date(2026, 9, 23)},
)
Template(
    "coordination.help_answered",
    _("A department has answered a request for help"),
    {
        **ORDER,
        "what": "请协助安排加急喷涂",
        "outcome": "promised",
        "answer": "周四晚班安排",
        "promised_on": date(2026, 9, 24),
        "department": "生产部",
    },
)
Template("coordination.joint", _("Somebody takes part in the joint handling of an order"), JOINT)
Template("coordination.joint_ended", _("A joint handling has ended"), JOINT)
Template(
    "coordination.news",
    _("The members of a joint handling hear of allocation, progress and problems"),
    {**ORDER, "news": "progress", "words": "柜体已装配，正在接线"},
)
