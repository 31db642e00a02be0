"""Who may see deadlines beyond his own, who keeps calendars and rules, and what the clock does by them."""

from crm.deadlines.rules import RULES

KEPT = ("workcalendar", "workinterval", "calendarday", "calendaryear")
LEADING = ("sales_manager", "order_desk_manager", "department_manager", "executive", "supervisor")

GRANTS = {
    "administrator": [
        "deadlines.move_deadlines",
        "deadlines.view_deadline",
        "deadlines.view_periodicrun",
        *(f"deadlines.{verb}_{model}" for model in KEPT for verb in ("add", "change", "view", "delete")),
        *(f"deadlines.{verb}_ruleversion" for verb in ("add", "view", "delete")),
    ],
    # Whoever leads people sees how they keep their time limits, and the reports.
    **{role: ["deadlines.view_deadline"] for role in LEADING},
}
REACH = {role: {"deadlines.Deadline": "all"} for role in ("administrator", "supervisor", "executive")}
SYSTEM_GRANTS = {"clock": sorted({verb for rule in RULES.values() for verb in (rule.soon, rule.late) if verb})}
