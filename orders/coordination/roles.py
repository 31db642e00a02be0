"""What each role may do in meetings, with help and in joint handling when the product is new."""

from crm.accounts.roles import SystemUser

VIEW = [f"coordination.view_{model}" for model in ("ordermeeting", "meetingtask", "helprequest", "jointhandling")]
TAKE_PART = [*VIEW, "coordination.answer_help", "coordination.finish_help", "coordination.finish_task"]
OWN = [*TAKE_PART, "coordination.ask_help", "coordination.withdraw_help", "coordination.add_item"]
CALL = [
    "coordination.call_meeting",
    "coordination.refresh_agenda",
    "coordination.add_item",
    "coordination.settle_item",
    "coordination.strike_item",
    "coordination.invite_colleague",
    "coordination.move_meeting",
    "coordination.cancel_meeting",
    "coordination.assign_task",
    "coordination.drop_task",
    "coordination.file_minutes",
]
JOIN = [
    "coordination.begin_joint",
    "coordination.join_department",
    "coordination.change_lead",
    "coordination.end_joint",
]
DESK = [*OWN, *CALL, *JOIN]

SYSTEM_USERS = {"coordination": SystemUser("协同", "Coordination")}
SYSTEM_GRANTS = {
    "coordination": ["coordination.withdraw_help", "coordination.end_joint", "coordination.refresh_agenda"]
}

GRANTS = {
    "sales": OWN,
    "sales_support": TAKE_PART,
    "sales_manager": OWN,
    "order_desk": DESK,
    "order_desk_manager": DESK,
    "warehouse": TAKE_PART,
    "finance": TAKE_PART,
    "quality": TAKE_PART,
    "production": TAKE_PART,
    "logistics": TAKE_PART,
    "department_manager": [*TAKE_PART, "coordination.add_item"],
    "executive": TAKE_PART,
    "supervisor": VIEW,
    "administrator": DESK,
}

_ALL = ("order_desk", "order_desk_manager", "executive", "supervisor", "administrator")
REACH = {role: {"coordination.OrderMeeting": "all"} for role in _ALL}
