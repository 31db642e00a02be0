"""Stock: warehouses, batches, what lies there, what is reserved, and movements that always add up."""
