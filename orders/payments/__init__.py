"""Invoices and the money for them: receipts, matching, ageing, dunning (KC 5.1.11.9, JD 7.1)."""
