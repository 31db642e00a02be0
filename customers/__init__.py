"""Customers: their records, contacts, papers, and everything that was said with them."""
