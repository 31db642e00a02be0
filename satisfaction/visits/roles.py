"""What each role may do with return visits when the product is new; an administrator's later changes win."""

VIEW = ["visits.view_visit"]
VISIT = [
    *VIEW,
    "visits.record_visit",
    "visits.note_not_reached",
    "visits.drop_visit",
    "visits.complain_from_visit",
    "visits.suggest_from_visit",
]

GRANTS = {
    **dict.fromkeys(("sales", "sales_support", "sales_manager", "administrator"), VISIT),
    **dict.fromkeys(("supervisor", "executive"), VIEW),
}
REACH = {
    **{role: {"visits.Visit": "all"} for role in ("supervisor", "executive", "administrator")},
    **{role: {"visits.Visit": "own"} for role in ("sales", "sales_support")},
    "sales_manager": {"visits.Visit": "department"},
}
SYSTEM_GRANTS = {"clock": ["visits.plan_visit", "visits.move_visit", "visits.note_talk"]}
