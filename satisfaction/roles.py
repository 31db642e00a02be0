"""What each role may do with surveys when the product is new; an administrator's later changes win."""

VIEW = ["satisfaction.view_campaign", "satisfaction.view_invitation", "satisfaction.view_questionnaire"]
SEND = [
    *VIEW,
    "satisfaction.send_invitation",
    "satisfaction.remind_invitation",
    "satisfaction.key_in_answers",
    "satisfaction.correct_return_day",
    "satisfaction.record_refusal",
    "satisfaction.leave_out",
    "satisfaction.complain_from_survey",
    "satisfaction.suggest_from_survey",
    "satisfaction.settle_low_answer",
    "satisfaction.group_remarks",
]
MEND = [
    "satisfaction.view_campaign",
    "satisfaction.enter_measure",
    "satisfaction.finish_measure",
    "satisfaction.group_remarks",
]
CONDUCT = [
    *SEND,
    *MEND,
    "satisfaction.view_edition",
    "satisfaction.create_questionnaire",
    "satisfaction.draft_edition",
    "satisfaction.write_items",
    "satisfaction.release_edition",
    "satisfaction.discard_edition",
    "satisfaction.retire_edition",
    "satisfaction.plan_campaign",
    "satisfaction.change_campaign",
    "satisfaction.choose_customers",
    "satisfaction.start_campaign",
    "satisfaction.end_campaign",
    "satisfaction.correct_coefficients",
    "satisfaction.hand_out_report",
    "satisfaction.hand_to_review",
    "satisfaction.tell_customers",
    "satisfaction.keep_from_customers",
    "satisfaction.close_report",
    "satisfaction.drop_campaign",
]

DEPARTMENTS = (
    "warehouse",
    "logistics",
    "quality",
    "production",
    "finance",
    "order_desk",
    "order_desk_manager",
    "department_manager",
)

GRANTS = {
    "sales": SEND,
    "sales_support": SEND,
    "sales_manager": [*SEND, *MEND],
    **dict.fromkeys(DEPARTMENTS, MEND),
    "supervisor": CONDUCT,
    "executive": [*VIEW, "satisfaction.view_edition"],
    "administrator": [
        *CONDUCT,
        *(f"satisfaction.{verb}_remarkgroup" for verb in ("view", "add", "change", "delete")),
    ],
}

EVERYTHING = {
    "satisfaction.Questionnaire": "all",
    "satisfaction.Campaign": "all",
    "satisfaction.Invitation": "all",
}
REACH = {
    **{role: {"satisfaction.Campaign": "all"} for role in DEPARTMENTS},
    **dict.fromkeys(("supervisor", "executive", "administrator"), EVERYTHING),
    **{role: {**EVERYTHING, "satisfaction.Invitation": "own"} for role in ("sales", "sales_support")},
    "sales_manager": {**EVERYTHING, "satisfaction.Invitation": "department"},
}

SYSTEM_GRANTS = {
    "clock": [
        "satisfaction.propose_campaign",
        "satisfaction.ask_after_event",
        "satisfaction.send_invitation",
        "satisfaction.remind_invitation",
        "satisfaction.end_campaign",
    ],
    "links": ["satisfaction.answer_survey", "satisfaction.decline_survey"],
}
