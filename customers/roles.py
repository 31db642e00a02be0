"""What each role may do with customers when the product is new; an administrator's later changes win."""

VIEW = [
    "customers.view_customer",
    "customers.view_contact",
    "customers.view_contactentry",
    "customers.view_task",
]
NOTES = ["customers.view_note", "customers.note_information"]
REPORTS = ["customers.view_changereport", "customers.report_change"]
LOG = ["customers.log_contact", "customers.plan_task", "customers.finish_task", "customers.drop_task"]
KEEP = [
    "customers.create_customer",
    "customers.enter_customer",
    "customers.match_note",
    "customers.dismiss_note",
    "customers.change_customer",
    "customers.verify_customer",
    "customers.set_relation",
    "customers.decide_change",
    "customers.add_contact",
    "customers.change_contact",
    "customers.retire_contact",
    "customers.add_address",
    "customers.change_address",
    "customers.add_document",
    "customers.renew_document",
    "customers.ask_for_details",
]
MANAGE = ["customers.assign_customer", "customers.suspend_supply", "customers.resume_supply"]

GRANTS = {
    "reception": [*VIEW, *NOTES, *REPORTS, "customers.log_contact"],
    "sales": [*VIEW, *NOTES, *REPORTS, *LOG, *KEEP],
    "sales_support": [*VIEW, *NOTES, *REPORTS, *LOG, *KEEP],
    "sales_manager": [*VIEW, *NOTES, *REPORTS, *LOG, *KEEP, *MANAGE],
    "order_desk": [*VIEW, *NOTES, *REPORTS, *LOG],
    "order_desk_manager": [*VIEW, *NOTES, *REPORTS, *LOG],
    "counter": [*NOTES, *REPORTS, "customers.view_customer"],
    "warehouse": [*NOTES, *REPORTS, "customers.view_customer"],
    "finance": [
        *VIEW,
        *NOTES,
        *REPORTS,
        "customers.set_payment_terms",
        "customers.suspend_supply",
        "customers.resume_supply",
    ],
    "executive": [*VIEW, *NOTES, *REPORTS, *MANAGE],
    "department_manager": [*VIEW, *NOTES, *REPORTS],
    "administrator": [*VIEW, *NOTES, *REPORTS, *KEEP, *MANAGE],
}

_ALL = ("sales_support", "order_desk", "order_desk_manager", "finance", "executive", "administrator", "reception")
REACH = {
    **{role: {"customers.Customer": "all", "customers.Note": "all"} for role in _ALL},
    "sales": {"customers.Customer": "own", "customers.Note": "department"},
    "sales_manager": {"customers.Customer": "department", "customers.Note": "department"},
    "counter": {"customers.Customer": "all", "customers.Note": "own"},
    "warehouse": {"customers.Customer": "all", "customers.Note": "own"},
    "department_manager": {"customers.Customer": "department", "customers.Note": "department"},
}

SYSTEM_GRANTS = {
    "links": ["customers.verify_customer", "customers.tell_change", "customers.note_information"],
    "import": ["customers.create_customer", "customers.change_customer"],
}
