"""What each role may do with returns when the product is new; an administrator's later changes win."""

from crm.accounts.roles import SystemUser

VIEW = ["returns.view_returnnotice"]
WRITE = [
    *VIEW,
    "returns.write_return",
    "returns.change_return",
    "returns.give_up_return",
    "returns.cancel_return",
]
SIGN = ["returns.sign_return", "returns.send_return_back"]
PHONE = ["returns.order_return_by_phone", "returns.phone_return"]
TAKE_IN = [*VIEW, "returns.receive_return"]

GRANTS = {
    "sales": WRITE,
    "sales_support": VIEW,
    "sales_manager": [*WRITE, *SIGN, *PHONE],
    "counter": TAKE_IN,
    "warehouse": TAKE_IN,
    "order_desk": TAKE_IN,
    "order_desk_manager": TAKE_IN,
    "logistics": VIEW,
    "quality": VIEW,
    "finance": VIEW,
    "department_manager": VIEW,
    "executive": [*VIEW, *SIGN],  # what the sales manager has written himself
    "supervisor": [*VIEW, *PHONE],
    "administrator": [*WRITE, *SIGN, *PHONE, *TAKE_IN],
}
# Notices are seen by whoever sees their complaint, and by the clerks of the warehouse: no reach of their own.
SYSTEM_USERS = {"returns": SystemUser("退货", "Returns")}
SYSTEM_GRANTS = {"returns": ["orders.note_return", "returns.cancel_return"]}
