"""What each role may do with products when the product range is new; an administrator's later changes win."""

VIEW = ["catalog.view_product"]
KEEP = [
    *VIEW,
    "catalog.create_product",
    "catalog.change_product",
    "catalog.add_packing",
    "catalog.set_price",
    "catalog.discontinue_product",
    "catalog.reinstate_product",
    "catalog.view_unit",
    "catalog.add_unit",
    "catalog.change_unit",
]

GRANTS = {
    "everyone": VIEW,
    "sales_manager": KEEP,
    "administrator": KEEP,
}

SYSTEM_GRANTS = {"import": ["catalog.create_product", "catalog.change_product"]}
