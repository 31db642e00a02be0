"""Which tier a customer belongs to, why, and how he is served for it (KH 2.2, 4.1)."""
