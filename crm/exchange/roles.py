"""Who may import and export when the product is new. What one may import is a question of the rows' own verbs."""

from crm.accounts.roles import EVERYONE

IMPORTING = [
    "exchange.view_import",
    "exchange.upload_import",
    "exchange.map_import",
    "exchange.check_import",
    "exchange.run_import",
    "exchange.undo_import",
]
EXPORTING = ["exchange.view_export", "exchange.export_list", "exchange.export_figures"]

MAPPINGS = ["exchange.view_rememberedmapping", "exchange.delete_rememberedmapping"]

GRANTS = {
    EVERYONE: IMPORTING,
    **dict.fromkeys(
        (
            "sales",
            "sales_support",
            "sales_manager",
            "order_desk",
            "order_desk_manager",
            "finance",
            "warehouse",
            "quality",
            "logistics",
            "department_manager",
            "executive",
            "supervisor",
        ),
        EXPORTING,
    ),
    "administrator": [*EXPORTING, *MAPPINGS],
}

REACH = {
    EVERYONE: {"exchange.Import": "own", "exchange.Export": "own"},
    "supervisor": {"exchange.Import": "all", "exchange.Export": "all"},
    "administrator": {"exchange.Import": "all", "exchange.Export": "all"},
}

SYSTEM_GRANTS = {"import": ["exchange.finish_import", "exchange.finish_export"]}
