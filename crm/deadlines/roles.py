"""Who may see deadlines beyond his own, who keeps calendars and rules, and what the clock does on a breach."""

from crm.deadlines.rules import RULES

KEPT = ("workcalendar", "workinterval", "calendarday", "calendaryear")

GRANTS = {
    "administrator": [
        "deadlines.move_deadlines",
        "deadlines.view_deadline",
        "deadlines.view_periodicrun",
        *(f"deadlines.{verb}_{model}" for model in KEPT for verb in ("add", "change", "view", "delete")),
        *(f"deadlines.{verb}_ruleversion" for verb in ("add", "view", "delete")),
    ],
    "supervisor": ["deadlines.view_deadline"],
}
REACH = {"administrator": {"deadlines.Deadline": "all"}, "supervisor": {"deadlines.Deadline": "all"}}
SYSTEM_GRANTS = {"clock": sorted({rule.late for rule in RULES.values() if rule.late})}
