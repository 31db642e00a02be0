"""What each role may do with verifications and scales when the product is new; later changes win."""

from crm.accounts.roles import SystemUser

SCALES = ["verification.view_scale"]
VIEW = ["verification.view_verification", *SCALES]
OPEN = [*VIEW, "verification.open_verification", "verification.drop_verification"]
TEST = [
    "verification.record_test",
    "verification.take_sample",
    "verification.name_laboratory",
    "verification.record_certificate",
]
WEIGH = ["verification.note_weighing", "verification.strike_weighing"]
SIGN = ["verification.sign_verification"]
KEEP = [
    "verification.register_scale",
    "verification.change_scale",
    "verification.enter_certificate",
    "verification.retire_scale",
    "verification.reinstate_scale",
    "verification.state_scale",
    "verification.state_recount",
    "verification.take_back_statement",
]
DELIVERY = ["verification.report_weighings", "verification.state_recount", "verification.take_back_statement"]

GRANTS = {
    "reception": VIEW,
    "counter": VIEW,
    "sales": [*OPEN, *WEIGH, "verification.record_word"],
    "sales_support": VIEW,
    "sales_manager": [*OPEN, *WEIGH, "verification.record_word"],
    "warehouse": [*OPEN, *WEIGH, *KEEP, *SIGN],
    "logistics": [*OPEN, *WEIGH, *DELIVERY, *SIGN],
    "quality": [*OPEN, *TEST, *SIGN],
    "production": [*VIEW, "verification.explain_weight"],
    "finance": VIEW,
    "order_desk": VIEW,
    "order_desk_manager": VIEW,
    "department_manager": [*OPEN, *TEST, *WEIGH, *KEEP, *DELIVERY, *SIGN, "verification.explain_weight"],
    "executive": VIEW,
    "supervisor": VIEW,
    "administrator": [
        *OPEN,
        *TEST,
        *WEIGH,
        *KEEP,
        *DELIVERY,
        *SIGN,
        "verification.record_word",
        "verification.explain_weight",
    ],
}

REACH = {role: {"verification.Scale": "all"} for role in GRANTS}

SYSTEM_USERS = {"verification": SystemUser("核查", "Verification")}
SYSTEM_GRANTS = {"verification": ["complaints.judge_evidence", "verification.drop_verification"]}
