"""From an inquiry to a confirmed order: inquiries, the price list, orders, contracts, payments."""
