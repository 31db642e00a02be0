"""What each role may do with invoices, receipts and dunning when the product is new; later changes win."""

from crm.accounts.roles import SystemUser

SEE = [
    "payments.view_invoice",
    "payments.view_receipt",
    "payments.view_match",
    "payments.view_writeoff",
    "payments.view_dunning",
]
INVOICES = ["payments.enter_invoice", "payments.cancel_invoice"]
SETTINGS = [
    f"payments.{verb}_{model}" for model in ("bankaccount", "dunningstep") for verb in ("add", "change", "view")
]

GRANTS = {
    "sales": SEE,
    "sales_manager": SEE,
    "finance": [*SEE, *INVOICES, *SETTINGS],
    "executive": SEE,
    "administrator": [*SEE, *INVOICES, *SETTINGS],
}

_ALL = ("finance", "executive", "administrator")
REACH = {
    **{role: {"payments.Receipt": "all", "payments.Dunning": "all"} for role in _ALL},
    "sales": {"payments.Receipt": "own", "payments.Dunning": "own"},
    "sales_manager": {"payments.Receipt": "own", "payments.Dunning": "department"},
}

SYSTEM_USERS = {"payments": SystemUser("收款", "Payments")}
SYSTEM_GRANTS = {
    "payments": [
        "contracts.mark_executed",
        "orders.enter_payment",
        "orders.reverse_payment",
        "payments.book_invoice",
        "payments.count_payment",
        "payments.pay_off",
    ],
}
