"""Everyone may arrange his own pages."""

from crm.accounts.roles import ROLES

GRANTS = {role: ["web.save_view", "web.drop_view"] for role in ROLES}
