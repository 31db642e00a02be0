"""Everyone may arrange his own pages, and do to many records what he may do to each."""

from crm.accounts.roles import EVERYONE

GRANTS = {
    EVERYONE: ["web.save_view", "web.drop_view", "web.do_to_many", "web.take_back_many", "web.view_bulkrun"],
}

REACH = {
    EVERYONE: {"web.BulkRun": "own"},
    "supervisor": {"web.BulkRun": "all"},
    "administrator": {"web.BulkRun": "all"},
}
