"""What each role may do with samples and quotations when the product is new; an administrator's later changes win."""

VIEW = ["quotations.view_quotation", "quotations.view_sample"]
QUOTE = [
    "quotations.view_quotation",
    "quotations.draft_quotation",
    "quotations.quote_customer",
    "quotations.quote_inquiry",
    "quotations.quote_sample",
    "quotations.revise_quotation",
    "quotations.ask_allow_price",  # the one asks, and the other is done once others agree
    "quotations.allow_price",
    "quotations.send_quotation",
    "quotations.ask_quotation_changes",
    "quotations.decline_quotation",
    "quotations.record_acceptance",
    "quotations.withdraw_quotation",
    "quotations.order_quotation",
]
REQUEST = [
    "quotations.view_sample",
    "quotations.request_sample",
    "quotations.request_inquiry_sample",
    "quotations.revise_sample",
    "quotations.tell_sample",
    "quotations.send_sample",
    "quotations.receive_sample",
    "quotations.decline_sample",
    "quotations.record_sample_approval",
    "quotations.order_sample",
    "quotations.cancel_sample",
]
MAKE = ["quotations.view_sample", "quotations.start_sample", "quotations.finish_sample"]

GRANTS = {
    "sales": [*QUOTE, *REQUEST],
    "sales_support": [*QUOTE, *REQUEST, *MAKE],
    "sales_manager": [*QUOTE, *REQUEST, *MAKE],
    "production": MAKE,
    "quality": MAKE,
    "logistics": ["quotations.view_sample", "quotations.send_sample"],
    "finance": ["quotations.view_quotation"],
    "order_desk": VIEW,
    "order_desk_manager": VIEW,
    "executive": VIEW,
    "department_manager": VIEW,
    "supervisor": VIEW,
    "administrator": [*QUOTE, *REQUEST, *MAKE],
}

BOTH = ("quotations.Quotation", "quotations.Sample")
_ALL = ("sales_support", "order_desk", "order_desk_manager", "executive", "supervisor", "administrator")
REACH = {
    **{role: dict.fromkeys(BOTH, "all") for role in _ALL},
    "sales": dict.fromkeys(BOTH, "own"),
    "sales_manager": dict.fromkeys(BOTH, "department"),
    "department_manager": dict.fromkeys(BOTH, "department"),
    "finance": {"quotations.Quotation": "all"},
    "production": {"quotations.Sample": "all"},
    "quality": {"quotations.Sample": "all"},
    "logistics": {"quotations.Sample": "all"},
}

SYSTEM_GRANTS = {
    "links": [
        "quotations.accept_quotation",
        "quotations.ask_quotation_changes",
        "quotations.decline_quotation",
        "quotations.approve_sample",
        "quotations.decline_sample",
        "quotations.receive_sample",
    ],
    "clock": ["quotations.expire_quotation"],
}
