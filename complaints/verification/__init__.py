"""How a complaint is verified: tests, samples and laboratories; for shortages scales and weighings (KC 5.2.1)."""
