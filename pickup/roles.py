"""What each role may do with pickups when the product is new; an administrator's later changes win."""

from crm.accounts.roles import SystemUser

VIEW = ["pickup.view_pickup", "pickup.view_record", "pickup.view_window"]
ARRANGE = [
    *VIEW,
    "pickup.take_part",
    "pickup.agree_later",
    "pickup.substitute",
    "pickup.plan_pickup",
    "pickup.send_notice",
    "pickup.confirm_pickup",
    "pickup.move_pickup",
    "pickup.cancel_pickup",
    "pickup.call_off",
    "pickup.waive_rest",
    "pickup.add_authority",
    "pickup.name_collector",
    "pickup.revoke_authority",
]
COUNTER = [
    *VIEW,
    "pickup.arrive",
    "pickup.hand_over",
    "pickup.reverse_handover",
    "pickup.move_pickup",
    "pickup.name_collector",
]
SUPERVISE = ["pickup.hand_over_anyway", "pickup.reverse_later"]

GRANTS = {
    "sales": ARRANGE,
    "sales_support": ARRANGE,
    "sales_manager": [*ARRANGE, *SUPERVISE],
    "warehouse": [*VIEW, "pickup.check_stock"],
    "counter": COUNTER,
    "supervisor": [*VIEW, *SUPERVISE],
    "order_desk": VIEW,
    "order_desk_manager": VIEW,
    "logistics": VIEW,
    "finance": VIEW,
    "executive": VIEW,
    "administrator": [
        *ARRANGE,
        *COUNTER,
        *SUPERVISE,
        "pickup.check_stock",
        "pickup.view_windowpattern",
        "pickup.add_windowpattern",
        "pickup.change_windowpattern",
        "pickup.delete_windowpattern",
    ],
}

_ALL = (
    "sales_support",
    "order_desk",
    "order_desk_manager",
    "warehouse",
    "supervisor",
    "logistics",
    "finance",
    "executive",
)
REACH = {
    **{role: {"pickup.Pickup": "all"} for role in (*_ALL, "administrator")},
    "sales": {"pickup.Pickup": "own"},
    "sales_manager": {"pickup.Pickup": "department"},
    "counter": {"pickup.Pickup": "own"},
}

SYSTEM_USERS = {"pickup": SystemUser("提货", "Pickup")}
SYSTEM_GRANTS = {
    "pickup": ["orders.note_collection", "orders.reopen_collection"],
    "links": ["pickup.confirm_pickup", "pickup.move_pickup", "pickup.name_collector"],
    "clock": ["pickup.ask_by_phone", "pickup.miss_pickup"],
}
