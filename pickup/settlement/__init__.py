"""Settlement: what was handed over is reconciled with the customer and invoiced (KC 5.1.11.5-8)."""
