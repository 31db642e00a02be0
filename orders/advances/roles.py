"""What each role may do with advances when the product is new; an administrator's later changes win."""

from crm.accounts.roles import SystemUser

VIEW = ["advances.view_advance"]
APPLY = [
    *VIEW,
    "advances.apply_advance",
    "advances.revise_advance",
    "advances.ask_grant_advance",
    "advances.grant_advance",
    "advances.withdraw_advance",
]

GRANTS = {
    "sales": APPLY,
    "sales_manager": [*APPLY, "advances.revoke_advance"],
    "sales_support": VIEW,
    "finance": [*VIEW, "advances.revoke_advance"],
    "executive": [*VIEW, "advances.revoke_advance", "advances.lift_block"],
    "department_manager": VIEW,
    "logistics": VIEW,
    "order_desk_manager": VIEW,
    "supervisor": VIEW,
    "administrator": [*APPLY, "advances.revoke_advance"],
}

SYSTEM_USERS = {"advances": SystemUser("先行发货", "Advances")}
SYSTEM_GRANTS = {
    "advances": [
        "advances.note_use",
        "advances.settle_advance",
        "advances.reopen_advance",
        "advances.withdraw_advance",
        "credit.lower_rating",
    ],
    "clock": ["advances.break_promise", "advances.expire_advance"],
}
