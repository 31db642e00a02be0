"""What each role may do with changes, extensions and requests when the product is new; later edits win."""

from crm.accounts.roles import SystemUser

VIEW = ["changes.view_change", "changes.view_extension", "changes.view_customerrequest"]
NOTE = [*VIEW, "changes.note_request"]
ANSWER = ["changes.pass_request", "changes.answer_request"]
HEAR = [*NOTE, *ANSWER, "changes.acknowledge_change"]
CARRY = [
    *NOTE,
    *ANSWER,
    "changes.change_as_requested",
    "changes.draft_change",
    "changes.revise_change",
    "changes.send_change",
    "changes.record_confirmation",
    "changes.ask_apply_change",
    "changes.apply_change",
    "changes.withdraw_change",
    "changes.report_delay",
    "changes.request_extension",
    "changes.record_agreement",
    "changes.accept_proposal",
    "changes.withdraw_extension",
    "changes.invite_requests",
    "changes.acknowledge_change",
]
PLAN = ["changes.answer_delay"]

GRANTS = {
    "sales": CARRY,
    "sales_support": CARRY,
    "sales_manager": CARRY,
    "production": [*HEAR, *PLAN],
    "logistics": HEAR,
    "warehouse": HEAR,
    "quality": HEAR,
    "finance": HEAR,
    "order_desk": HEAR,
    "order_desk_manager": HEAR,
    "department_manager": HEAR,
    "counter": NOTE,
    "executive": VIEW,
    "supervisor": VIEW,
    "administrator": [*CARRY, *PLAN],
}

SYSTEM_USERS = {"changes": SystemUser("变更", "Changes")}
SYSTEM_GRANTS = {
    "changes": [
        "orders.amend_order",
        "orders.cancel_order",
        "orders.drop_milestone",
        "orders.move_milestone",
        "contracts.move_contract_date",
        "contracts.end_contract",
        "changes.withdraw_change",
        "changes.withdraw_extension",
        "changes.end_request",
    ],
    "links": [
        "changes.agree_to_change",
        "changes.decline_change",
        "changes.agree_to_extension",
        "changes.decline_extension",
        "changes.propose_date",
        "changes.hand_in_request",
    ],
}
