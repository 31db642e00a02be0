"""How departments work together on orders: meetings, help, joint handling (JD 5.1, 3.2).

One file per subject, imported in the order in which the buttons stand.
"""

# isort: off
from orders.coordination.actions.meetings import (
    add_item,
    call_meeting,
    cancel_meeting,
    file_minutes,
    invite_colleague,
    move_meeting,
    refresh_agenda,
    settle_item,
    strike_item,
)
from orders.coordination.actions.tasks import assign_task, drop_task, finish_task
from orders.coordination.actions.help import answer_help, ask_help, finish_help, withdraw_help
from orders.coordination.actions.joint import begin_joint, change_lead, end_joint, join_department

# isort: on

__all__ = [
    "add_item",
    "answer_help",
    "ask_help",
    "assign_task",
    "begin_joint",
    "call_meeting",
    "cancel_meeting",
    "change_lead",
    "drop_task",
    "end_joint",
    "file_minutes",
    "finish_help",
    "finish_task",
    "invite_colleague",
    "join_department",
    "move_meeting",
    "refresh_agenda",
    "settle_item",
    "strike_item",
    "withdraw_help",
]
