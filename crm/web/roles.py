"""Everyone may arrange his own pages."""

GRANTS = {"everyone": ["web.save_view", "web.drop_view"]}
