"""What each role may do with compensations when the product is new; an administrator's later changes win."""

VIEW = ["compensation.view_agreement"]
CARRY = [*VIEW, "compensation.send_agreement", "compensation.order_replacement"]
SIGN = ["compensation.sign_agreement"]
SEAL = ["compensation.seal_agreement", "compensation.hand_in_agreement", "compensation.return_agreement"]
INVOLVED = (
    "warehouse",
    "logistics",
    "quality",
    "production",
    "finance",
    "order_desk",
    "order_desk_manager",
    "department_manager",
    "supervisor",
)

GRANTS = {
    "sales": CARRY,
    "sales_support": [*VIEW, *SEAL, "compensation.send_agreement"],
    "sales_manager": [*CARRY, *SIGN, *SEAL],
    **dict.fromkeys(INVOLVED, VIEW),
    "executive": [*VIEW, *SIGN],
    "administrator": [*CARRY, *SIGN, *SEAL],
}
# Agreements are seen by whoever sees their complaint: no reach of their own.
SYSTEM_GRANTS = {
    "complaints": [
        "compensation.drop_agreement",
        "orders.grant_allowance",
        "orders.reverse_allowance",
        "orders.apply_order",
        "orders.submit_order",
        "orders.cancel_order",
        "pickup.call_off",
    ],
    "links": ["compensation.hand_in_agreement"],
}
