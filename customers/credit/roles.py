"""What each role may do with credit when the product is new; an administrator's later changes win."""

from crm.accounts.roles import SystemUser

VIEW = ["credit.view_standing", "credit.view_assessment", "credit.view_alert"]
ASSESS = [
    *VIEW,
    "credit.assess_customer",
    "credit.revise_assessment",
    "credit.ask_put_in_force",
    "credit.put_in_force",
    "credit.withdraw_assessment",
]
DEAL = ["credit.dun_for_alert", "credit.settle_alert"]
DECIDE = ["credit.lower_rating", "credit.suspend_for_alert"]
POLICIES = [
    "credit.set_up_ratings",
    *(f"credit.{verb}_ratingpolicy" for verb in ("add", "change", "delete", "view")),
    *(f"credit.{verb}_weight" for verb in ("add", "change", "delete", "view")),
]

GRANTS = {
    "sales": [*ASSESS, *DEAL],
    "sales_support": VIEW,
    "sales_manager": [*ASSESS, *DEAL, *DECIDE],
    "order_desk": ["credit.view_standing"],
    "order_desk_manager": ["credit.view_standing"],
    "finance": [*ASSESS, *DEAL, *DECIDE],
    "executive": [*VIEW, *DECIDE],
    "department_manager": VIEW,
    "administrator": [*VIEW, *POLICIES],
}

SYSTEM_USERS = {"credit": SystemUser("信用", "Credit")}
SYSTEM_GRANTS = {
    "credit": [
        "credit.raise_alert",
        "credit.note_gone",
        "credit.replace_assessment",
        "customers.set_payment_terms",
        "customers.plan_task",
    ],
}
