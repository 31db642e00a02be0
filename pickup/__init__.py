"""Pickup: stock is reserved, the customer is told, and the goods are handed over at the counter."""
