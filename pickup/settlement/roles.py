"""What each role may do with settlements when the product is new; an administrator's later changes win."""

from crm.accounts.roles import SystemUser

VIEW = ["settlement.view_statement", "settlement.view_invoicememo"]
CARRY = [
    *VIEW,
    "settlement.make_statement",
    "settlement.revise_statement",
    "settlement.send_statement",
    "settlement.record_answer",
    "settlement.adjust_statement",
    "settlement.ask_adjust_statement",
    "settlement.explain_differences",
    "settlement.settle_order",
    "settlement.fill_in_memo",
    "settlement.post_invoice",
    "settlement.offset_statement",
]
CHECK = [
    *VIEW,
    "settlement.pass_memo",
    "settlement.refuse_memo",
    "settlement.issue_invoice",
    "settlement.correct_issue",
    "settlement.add_invoice_file",
]

GRANTS = {
    "sales": CARRY,
    "sales_support": CARRY,
    "sales_manager": CARRY,
    "finance": CHECK,
    "executive": VIEW,
    "department_manager": VIEW,
    "supervisor": VIEW,
    "administrator": [*CARRY, *CHECK],
}
# Statements and memos are seen by whoever sees their order: no reach of their own.
SYSTEM_USERS = {"settlement": SystemUser("结算", "Settlement")}
SYSTEM_GRANTS = {
    "settlement": [
        "settlement.settle_order",
        "settlement.unsettle_order",
        "settlement.reopen_statement",
        "settlement.note_invoiced",
        "settlement.note_offset",
        "settlement.state_allowance",
        "settlement.void_memo",
        "payments.book_invoice",
        "payments.cancel_invoice",
        "payments.note_posted",
    ],
    "links": ["settlement.answer_statement"],
}
