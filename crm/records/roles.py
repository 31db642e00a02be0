"""Who may see identifiers in clear (each look is logged), who may read log and history, and who writes notes."""

from crm.accounts.roles import EVERYONE

_TALK_WITH_CUSTOMERS = (
    "reception",
    "sales",
    "sales_support",
    "sales_manager",
    "order_desk",
    "order_desk_manager",
    "counter",
    "finance",
)
_READ = ["records.view_actionlog", "records.view_fieldhistory"]

GRANTS = {
    EVERYONE: ["records.write_note", "records.withdraw_note"],  # about records that one may see
    **{role: ["records.reveal"] for role in _TALK_WITH_CUSTOMERS},
    "supervisor": _READ,
    "administrator": ["records.reveal", *_READ, "records.view_attachment"],
}
