"""From an inquiry to the money: price list, quotations, orders, contracts, changes, meetings, payments, advances."""
