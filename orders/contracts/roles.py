"""What each role may do with contracts when the product is new; an administrator's later changes win."""

from crm.accounts.roles import SystemUser

VIEW = ["contracts.view_contract", "contracts.view_shipmentrequest", "contracts.view_supplement"]
SEE = [*VIEW, "contracts.view_requirement"]
REQUIRE = [
    "contracts.view_requirement",
    "contracts.note_requirements",
    "contracts.record_requirements",
    "contracts.change_requirement",
    "contracts.send_sample",
    "contracts.note_sample_answer",
]
CARRY = [
    *VIEW,
    *REQUIRE,
    "contracts.record_acceptance",
    "contracts.fill_in_form",
    "contracts.ask_pass_contract",
    "contracts.pass_contract",
    "contracts.send_contract",
    "contracts.arrange_shipment",
    "contracts.request_again",
    "contracts.withdraw_shipment",
    "contracts.cancel_contract",
    "contracts.draft_supplement",
    "contracts.revise_supplement",
    "contracts.ask_apply_supplement",
    "contracts.apply_supplement",
    "contracts.drop_supplement",
    "contracts.send_supplement",
]
OFFICE = [
    "contracts.classify_contract",
    "contracts.make_contract",
    "contracts.mark_returned",
    "contracts.hand_in_signed_copy",
    "contracts.hand_in_supplement_copy",
    "contracts.return_supplement",
    "contracts.archive_contract",
    "contracts.mark_executed",
]
TEMPLATES = [f"contracts.{verb}_contracttemplate" for verb in ("add", "change", "view")]

GRANTS = {
    "sales": CARRY,
    "sales_support": [*CARRY, *OFFICE],
    "sales_manager": [*CARRY, *OFFICE],
    "quality": REQUIRE,
    "production": SEE,
    "logistics": [*SEE, "contracts.take_up_shipment"],
    "finance": SEE,
    "executive": SEE,
    "department_manager": SEE,
    "order_desk": SEE,
    "order_desk_manager": SEE,
    "supervisor": SEE,
    "administrator": [*CARRY, *OFFICE, *TEMPLATES, "contracts.take_up_shipment"],
}

_ALL = ("sales_support", "logistics", "finance", "executive", "order_desk", "order_desk_manager", "administrator")
REACH = {
    **{role: {"contracts.Contract": "all", "contracts.Requirement": "all"} for role in _ALL},
    "sales": {"contracts.Contract": "own", "contracts.Requirement": "own"},
    "sales_manager": {"contracts.Contract": "department", "contracts.Requirement": "department"},
    "department_manager": {"contracts.Contract": "department", "contracts.Requirement": "department"},
    "quality": {"contracts.Requirement": "all"},
    "production": {"contracts.Contract": "department", "contracts.Requirement": "all"},
    "supervisor": {"contracts.Contract": "all", "contracts.Requirement": "all"},
}

SYSTEM_USERS = {"contracts": SystemUser("合同", "Contracts")}
SYSTEM_GRANTS = {
    "contracts": [
        "orders.amend_order",
        "contracts.follow_terms",
        "contracts.withdraw_shipment",
        "contracts.drop_supplement",
        "contracts.end_contract",
    ],
    "links": ["contracts.hand_in_signed_copy", "contracts.hand_in_supplement_copy"],
    "approvals": ["contracts.begin_review", "contracts.end_review"],
}
