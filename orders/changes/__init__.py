"""Changes of orders, extensions on our side, and what customers ask for in the meantime (KF 3.2, JD 7.2)."""
