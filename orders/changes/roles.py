"""What each role may do with changes, extensions and requests when the product is new; later edits win."""

from crm.accounts.roles import SystemUser

SYSTEM_USERS = {"changes": SystemUser("变更", "Changes")}
SYSTEM_GRANTS = {
    "changes": [
        "orders.amend_order",
        "orders.cancel_order",
        "orders.drop_milestone",
        "orders.move_milestone",
        "contracts.move_contract_date",
        "contracts.end_contract",
    ],
}
