"""Who looks at what comes in, when the product is new; an administrator's later changes win."""

LOOK = ["inbox.view_incoming", "inbox.make_complaint", "inbox.put_to_complaint", "inbox.set_aside", "inbox.look_again"]
TALK = "inbox.complain_of_talk"

GRANTS = {
    **{role: [*LOOK, TALK] for role in ("reception", "sales_support", "sales", "sales_manager")},
    "administrator": [*LOOK, TALK, "inbox.view_publicform", "inbox.add_publicform", "inbox.change_publicform"],
}
REACH = {
    **{role: {"inbox.Incoming": "all"} for role in ("reception", "sales_support", "administrator")},
    **{role: {"inbox.Incoming": "department"} for role in ("sales", "sales_manager")},
}
SYSTEM_GRANTS = {
    "web": ["inbox.receive_incoming"],
    "complaints": ["customers.create_customer", "customers.add_contact"],  # of a complainant whom nobody knows yet
}
