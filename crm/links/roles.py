"""What the links' verbs and records mean for the roles."""

GRANTS = {
    **{
        role: ["links.revoke_link"]
        for role in ("sales", "sales_support", "sales_manager", "order_desk", "order_desk_manager", "counter")
    },
    "administrator": ["links.revoke_link", "links.view_link"],
}
REACH = {"administrator": {"links.Link": "all"}}
