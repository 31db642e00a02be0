"""What is sold: products, their units, and the price list."""
