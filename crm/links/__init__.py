"""Customers' links: the door without an account."""
