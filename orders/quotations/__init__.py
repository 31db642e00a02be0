"""Samples and quotations, before there is an order (KF 3.1.9, 3.2.1)."""
