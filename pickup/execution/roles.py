"""What each role may do with reports of execution when the product is new; an administrator's later changes win.

Which rows of a report somebody sees follows from the contracts and orders that he sees.
"""

from crm.accounts.roles import SystemUser

SEE = ["execution.view_report", "execution.view_subscription", "execution.subscribe", "execution.unsubscribe"]
ISSUE = ["execution.draft_report", "execution.issue_report", "execution.correct_report"]

GRANTS = {
    **dict.fromkeys(
        (
            "sales",
            "sales_manager",
            "finance",
            "executive",
            "production",
            "logistics",
            "department_manager",
            "supervisor",
        ),
        SEE,
    ),
    "sales_support": [*SEE, *ISSUE],
    "administrator": [*SEE, *ISSUE, "execution.subscribe_colleague"],
}

REACH = {
    **{role: {"execution.Subscription": "own"} for role in GRANTS},
    "administrator": {"execution.Subscription": "all"},
}

SYSTEM_USERS = {"execution": SystemUser("合同执行报表", "Execution reports")}
SYSTEM_GRANTS = {"execution": ["execution.draft_report"]}
