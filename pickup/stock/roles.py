"""What each role may do with stock when the product is new; an administrator's later changes win."""

VIEW = ["stock.view_stock", "stock.view_movement", "stock.view_warehouse"]
KEEP = [*VIEW, "stock.receive_goods", "stock.count_stock"]

GRANTS = {
    "warehouse": KEEP,
    "logistics": VIEW,
    "sales": ["stock.view_stock", "stock.view_warehouse"],
    "sales_support": ["stock.view_stock", "stock.view_warehouse"],
    "sales_manager": VIEW,
    "counter": VIEW,
    "administrator": [
        *KEEP,
        "stock.add_warehouse",
        "stock.change_warehouse",
    ],
}

_ALL = ("sales", "sales_support", "sales_manager", "order_desk", "order_desk_manager", "logistics", "warehouse")
REACH = {
    **{role: {"stock.Warehouse": "all"} for role in (*_ALL, "executive", "finance", "administrator")},
    "counter": {"stock.Warehouse": "own"},
}

SYSTEM_GRANTS = {"import": ["stock.receive_goods"]}
