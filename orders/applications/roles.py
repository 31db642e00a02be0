"""Who may send the application form, and what the customer's link may do with it; an administrator's changes win."""

STAFF = ("sales", "sales_support", "sales_manager", "order_desk", "order_desk_manager", "administrator")
ASK = ["applications.ask_to_apply", "applications.ask_inquirer_to_apply", "applications.view_sentform"]

GRANTS = {
    "reception": ["applications.ask_inquirer_to_apply"],
    **dict.fromkeys(STAFF, ASK),
}

SYSTEM_GRANTS = {
    "links": [
        "applications.fill_in_application",
        "orders.apply_order",
        "orders.order_inquiry",
        "orders.submit_order",
    ],
}
