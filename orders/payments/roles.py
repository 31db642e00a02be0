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
MONEY = [
    "payments.enter_receipt",
    "payments.assign_receipt",
    "payments.note_serial",
    "payments.match_receipt",
    "payments.match_certain",
    "payments.take_back_match",
    "payments.refund_receipt",
    "payments.void_receipt",
]
ASK = ["payments.ask_write_off", "payments.write_off"]  # the one asks, and the other is done once others agree
REMIND = [
    "payments.send_reminder",
    "payments.note_call",
    "payments.write_letter",
    "payments.note_promise",
    "payments.skip_step",
]
SETTINGS = [
    f"payments.{verb}_{model}" for model in ("bankaccount", "dunningstep") for verb in ("add", "change", "view")
]

GRANTS = {
    "sales": [*SEE, *ASK, *REMIND],
    "sales_manager": [*SEE, *ASK, *REMIND],
    "finance": [*SEE, *INVOICES, *MONEY, *ASK, *REMIND, *SETTINGS],
    "executive": SEE,
    "administrator": [*SEE, *INVOICES, *MONEY, *ASK, *REMIND, *SETTINGS],
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
        "contracts.resume_contract",
        "orders.enter_payment",
        "payments.book_invoice",
        "payments.count_payment",
        "payments.pay_off",
        "payments.open_dunning",
        "payments.propose_step",
        "payments.keep_promise",
        "payments.follow_owner",
        "payments.end_dunning",
    ],
    "clock": ["payments.break_promise"],
}
