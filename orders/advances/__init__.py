"""Advance shipping: goods that leave before they are paid, within a ceiling and for a promise (KC 5.1.11.1)."""
