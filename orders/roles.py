"""What each role may do with orders when the product is new; an administrator's later changes win."""

VIEW = ["orders.view_order"]
APPLY = [*VIEW, "orders.apply_order", "orders.order_inquiry", "orders.revise_order", "orders.submit_order"]
FOLLOW = [
    "orders.accept_order",
    "orders.decline_order",
    "orders.ask_to_confirm",
    "orders.confirm_order",
    "orders.plan_order",
    "orders.add_milestone",
    "orders.finish_milestone",
    "orders.move_milestone",
    "orders.drop_milestone",
    "orders.report_progress",
    "orders.hand_in_sheet",
    "orders.cancel_order",
]
DESK = [
    "orders.pass_review",
    "orders.send_back",
    "orders.allocate_order",
    "orders.receive_handover",
    "orders.close_order",
]
MONEY = ["orders.view_payment", "orders.enter_payment", "orders.reverse_payment"]

GRANTS = {
    "sales": [*APPLY, *FOLLOW, "orders.view_payment"],
    "sales_support": [*APPLY, "orders.confirm_order", "orders.ask_to_confirm"],
    "sales_manager": [*APPLY, *FOLLOW, "orders.view_payment", "orders.allow_price"],
    "order_desk": [*APPLY, *DESK, "orders.report_progress"],
    "order_desk_manager": [*APPLY, *DESK, *FOLLOW, "orders.view_payment"],
    "finance": [*VIEW, *MONEY],
    "warehouse": VIEW,
    "counter": VIEW,
    "quality": VIEW,
    "production": [*VIEW, "orders.finish_milestone"],
    "logistics": [*VIEW, "orders.finish_milestone"],
    "executive": [*VIEW, "orders.view_payment"],
    "department_manager": VIEW,
    "administrator": [*APPLY, *FOLLOW, *DESK, *MONEY],
}

_ALL = ("sales_support", "order_desk", "order_desk_manager", "finance", "executive", "administrator")
REACH = {
    **{role: {"orders.Order": "all"} for role in _ALL},
    "sales": {"orders.Order": "own"},
    "sales_manager": {"orders.Order": "department"},
    "warehouse": {"orders.Order": "all"},
    "counter": {"orders.Order": "all"},
    "department_manager": {"orders.Order": "department"},
    "quality": {"orders.Order": "department"},
    "production": {"orders.Order": "department"},
    "logistics": {"orders.Order": "department"},
}

SYSTEM_GRANTS = {
    "links": ["orders.confirm_order", "orders.ask_for_changes"],
    "clock": ["orders.pass_on_order"],
    "import": ["orders.apply_order", "orders.submit_order"],
}
