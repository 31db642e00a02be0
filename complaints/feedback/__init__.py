"""Feedback and suggestions that are no complaint: gathered by sales, answered by a department, told to the customer."""
